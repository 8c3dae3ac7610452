"""Préparer un barème : ses dates, sa source, sa révision, ses prix."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory

from dpd.comptes.forms_collectivites import ChampDate, Formulaire
from dpd.conventions.enums import LectureIndice, NatureBareme, Revision, SensForfait
from dpd.conventions.forms.tarifs_champs import (
    ChampDuree,
    ChampJours,
    ChampPrix,
    TexteCourt,
    TexteLong,
)
from dpd.conventions.models import Bareme, IndiceRevision
from dpd.conventions.regles.collage import LIGNES_MAX, lire_grille
from dpd.regles.typographie import MOIS

# « Aucune » répond à « révision », pas à « comment ces prix évoluent ».
EVOLUTIONS = [(r.value, "Ils ne changent pas" if r is Revision.AUCUNE else r.label) for r in Revision]
SUR_INDICE = (Revision.BASE_FIXE.value, Revision.CHAINEE.value)
IDENTITE = ("nom", "en_vigueur_du", "source", "article")
REVISION = ("revision", "indice_base", "mois_indice", "lecture_indice")
# Ce que demande chaque nature, en plus de son identité.
CHAMPS = {
    NatureBareme.TRANCHES: ("communes_seulement", "cout_journee", *REVISION),
    NatureBareme.FORFAIT_JOURNEES: (
        *("sens_forfait", "cout_journee", "minutes_par_jour", "jours_inclus"),
        *REVISION,
    ),
    NatureBareme.FORFAIT_DEVIS: ("cout_journee", *REVISION),
    NatureBareme.GRATUIT: (),
}
HABITANTS_MAX = 10_000_000


class BaremeForm(Formulaire, forms.ModelForm):
    """Les champs sont ceux de la nature choisie ; les autres n’existent pas."""

    nom = TexteCourt(label="Nom", max_length=150, help_text="Par exemple\u00a0: «\u00a0Grille 2027\u00a0».")
    en_vigueur_du = ChampDate(
        label="En vigueur du", help_text="Le barème précédent s’arrêtera la veille, à la publication."
    )
    source = TexteCourt(
        label="Délibération ou convention",
        max_length=300,
        help_text="Le texte qui fixe ces prix\u00a0: il sera cité à côté de chaque montant.",
    )
    article = TexteCourt(label="Article", max_length=60, required=False)
    communes_seulement = forms.BooleanField(
        label="La grille ne vaut que pour les communes\u202f; les autres organismes sont sur devis",
        required=False,
    )
    cout_journee = ChampPrix(label="Prix de la journée", required=False)
    sens_forfait = forms.ChoiceField(
        label="Comment se lisent le forfait et les journées",
        choices=SensForfait.choices,
        widget=forms.RadioSelect,
    )
    jours_inclus = ChampJours(
        label="Journées comprises dans le forfait",
        required=False,
        help_text="Seulement si le forfait en comprend.",
    )
    minutes_par_jour = ChampDuree(
        label="Durée d’une journée",
        required=False,
        help_text="Pour compter les journées passées. Par exemple\u00a0: 7\u00a0h.",
    )
    revision = forms.ChoiceField(
        label="Comment ces prix évoluent", choices=EVOLUTIONS, widget=forms.RadioSelect
    )
    indice_base = forms.ModelChoiceField(
        label="Indice d’origine",
        queryset=IndiceRevision.objects.none(),
        required=False,
        empty_label="Choisir un indice saisi",
        help_text="Celui du mois des prix de base. Il se saisit à la page des indices.",
    )
    mois_indice = forms.TypedChoiceField(
        label="Mois de l’indice",
        coerce=int,
        choices=[(rang, nom.capitalize()) for rang, nom in enumerate(MOIS, 1)],
    )
    lecture_indice = forms.ChoiceField(
        label="Quel indice, ce mois-là",
        choices=LectureIndice.choices,
        widget=forms.RadioSelect,
        help_text="«\u00a0En vigueur en novembre\u00a0» se lit de deux façons\u00a0: dites la vôtre.",
    )

    class Meta:
        model = Bareme
        fields = [*IDENTITE, *CHAMPS[NatureBareme.TRANCHES], *CHAMPS[NatureBareme.FORFAIT_JOURNEES]]

    def __init__(self, *args, instance: Bareme, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        voulus = {*IDENTITE, *CHAMPS[NatureBareme(instance.nature)]}
        for nom in set(self.fields) - voulus:
            del self.fields[nom]
        if "indice_base" in self.fields:
            indices = IndiceRevision.objects.filter(structure=instance.structure)
            self.fields["indice_base"].queryset = indices
            self.fields["indice_base"].label_from_instance = _nommer_indice

    def clean(self):
        donnees = super().clean()
        if "revision" not in self.fields:
            return donnees
        if donnees.get("revision") not in SUR_INDICE:
            donnees["indice_base"] = None
        elif "indice_base" not in self._errors and donnees.get("indice_base") is None:
            self.add_error("indice_base", "Choisissez l’indice d’origine\u00a0: celui des prix de base.")
        return donnees

    @property
    def de_revision(self) -> list[forms.BoundField]:
        return [self[nom] for nom in REVISION if nom in self.fields]

    @property
    def d_identite(self) -> list[forms.BoundField]:
        return [self[nom] for nom in IDENTITE]

    @property
    def de_prix(self) -> list[forms.BoundField]:
        return [champ for champ in self if champ.name not in (*IDENTITE, *REVISION)]


def _nommer_indice(indice: IndiceRevision) -> str:
    valeur = format(indice.valeur, "f").replace(".", ",")
    return f"{indice}, {valeur} ({indice.get_serie_display().split(',')[0].lower()})"


class LigneForm(Formulaire, forms.Form):
    """Une ligne de tableau ; entièrement vide, elle est ignorée."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.error_messages["required"] = "Complétez cette ligne, ou videz-la."
            champ.widget.attrs["aria-label"] = f"{champ.label}, ligne {self._rang(nom)}"

    def _rang(self, nom: str) -> int:
        return int(self.prefix.rsplit("-", 1)[-1]) + 1 if (self.prefix or "")[-1:].isdigit() else 0


class TrancheForm(LigneForm):
    minimum = forms.IntegerField(label="De", min_value=0, max_value=HABITANTS_MAX)
    maximum = forms.IntegerField(label="À", min_value=0, max_value=HABITANTS_MAX)
    mise_en_place = ChampPrix(label="Mise en place")
    accompagnement = ChampPrix(label="Accompagnement")


class ForfaitForm(LigneForm):
    libelle = TexteCourt(label="Forfait", max_length=150)
    montant = ChampPrix(label="Montant par an", required=False)


class Lignes(forms.BaseFormSet):
    """Des lignes à remplir ; vider une ligne la retire."""

    def initial_form_count(self):
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def remplies(self) -> list[dict]:
        return [ligne.cleaned_data for ligne in self.forms if ligne.cleaned_data]


def _lignes(formulaire: type[LigneForm], vides: int):
    return formset_factory(
        formulaire, formset=Lignes, extra=vides, max_num=LIGNES_MAX, absolute_max=LIGNES_MAX + 20
    )


GrilleFormSet = _lignes(TrancheForm, 3)
ForfaitsFormSet = _lignes(ForfaitForm, 2)


class CollageForm(Formulaire, forms.Form):
    """Un tableau collé ; il remplit la grille, qui reste à relire et à enregistrer."""

    collage = TexteLong(
        label="Coller un tableau",
        lignes=5,
        max_length=20_000,
        help_text=(
            "Une ligne par tranche\u00a0: «\u00a0901 à 2\u202f000\u00a0», mise en place, accompagnement."
        ),
    )

    def clean_collage(self):
        try:
            return lire_grille(self.cleaned_data["collage"])
        except ValueError as erreur:
            raise ValidationError(str(erreur)) from erreur


class CopieForm(Formulaire, forms.Form):
    """Un barème nouveau qui part des prix d’un autre."""

    nom = TexteCourt(label="Nom du nouveau barème", max_length=150)
    en_vigueur_du = ChampDate(label="En vigueur du")
    source = TexteCourt(label="Délibération ou convention", max_length=300)
