"""La chronologie, les prestataires, les traitements et les pièces d’une violation."""

from django import forms

from dpd.comptes.champs_instants import AvecInstants, ChampInstant
from dpd.comptes.forms_collectivites import Formulaire
from dpd.pieces.forms import ChampPiece
from registre.models import Traitement, VersionTraitement
from violations.forms.liens_annuaire import AvecPrestataire, ChampPrestataire
from violations.forms.saisie_commun import ChampTexte
from violations.models import Violation

SANS_PRESTATAIRE = "Indiquez le prestataire\u00a0: son nom suffit."
SANS_TEXTE = "Dites ce qui s’est passé."


class NoteForm(AvecInstants, Formulaire, forms.Form):
    """Un événement : quand, et quoi."""

    texte = ChampTexte(
        label="Que s’est-il passé\u202f?",
        required=True,
        lignes=3,
        max_length=2000,
        help_text="Les faits, sans nom d’habitant ni donnée personnelle.",
    )
    instant = ChampInstant(label="Quand")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["texte"].error_messages["required"] = SANS_TEXTE


class ImpliquerForm(AvecPrestataire, AvecInstants, Formulaire, forms.Form):
    """Un prestataire en cause, et ses deux instants s’ils sont connus."""

    montre = {"sous_traitant": "prestataire", "nom": "prestataire", "__all__": "prestataire"}

    prestataire = ChampPrestataire(
        label="Quel prestataire\u202f?",
        required=True,
        help_text="Tapez son nom ou celui du logiciel. S’il n’est pas proposé, le nom suffit.",
    )
    connaissance = ChampInstant(
        label="Quand l’a-t-il su\u202f?",
        required=False,
        help_text="Son délai pour vous prévenir part de là. Laissez vide si vous ne le savez pas encore.",
    )
    prevenu_le = ChampInstant(label="Quand vous a-t-il prévenus\u202f?", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["prestataire"].error_messages["required"] = SANS_PRESTATAIRE

    def saisie(self) -> dict:
        donnees = self.cleaned_data
        return {
            **donnees["prestataire"],
            "connaissance": donnees["connaissance"],
            "prevenu_le": donnees["prevenu_le"],
        }


class RetraitForm(Formulaire, forms.Form):
    """Rien à saisir : le geste se confirme."""


class ChampFiches(forms.ModelMultipleChoiceField):
    """Les fiches du registre, par leur nom d’aujourd’hui."""

    def label_from_instance(self, traitement: Traitement) -> str:
        return f"{self.noms.get(traitement.pk, '')} (fiche n°\u00a0{traitement.reference})".strip()


class TraitementsForm(Formulaire, forms.Form):
    """Les fiches du registre que touche la violation ; ``lus`` : celles cochées à l’ouverture."""

    tout_facultatif = True

    traitements = ChampFiches(
        label="Les fiches de votre registre",
        queryset=Traitement.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez dans le registre de la collectivité."},
    )
    lus = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, violation: Violation, **kwargs):
        touches = list(violation.traitements.filter(retire_le=None).values_list("traitement_id", flat=True))
        initial = {"traitements": touches, "lus": ",".join(str(pk) for pk in touches)}
        super().__init__(*args, initial=initial, **kwargs)
        siens = Traitement.objects.filter(collectivite=violation.collectivite)
        champ = self.fields["traitements"]
        champ.queryset = (siens.filter(retire_le=None) | siens.filter(pk__in=touches)).order_by("reference")
        champ.noms = dict(
            VersionTraitement.objects.courantes()
            .filter(collectivite=violation.collectivite)
            .values_list("traitement_id", "nom")
        )

    def clean_lus(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["lus"].split(",") if pk.isascii() and pk.isdigit()]


class PieceForm(Formulaire, forms.Form):
    """Une pièce : ce que c’est, et si elle va à la CNIL."""

    fichier = ChampPiece(label="Fichier")
    libelle = ChampTexte(
        label="Ce que c’est", max_length=200, help_text="Journaux d’accès, courriel du prestataire, plainte…"
    )
    pour_la_cnil = forms.BooleanField(label="À joindre au téléservice de la CNIL", required=False)
