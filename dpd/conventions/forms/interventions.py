"""Tracer une intervention en dix secondes ; l’annuler."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from dpd.comptes.forms_collectivites import ChampDate, Formulaire
from dpd.comptes.forms_gestes import ChampJeton
from dpd.comptes.models import Collectivite
from dpd.conventions.enums import LieuIntervention, NatureIntervention
from dpd.conventions.models import Devis, Intervention
from dpd.conventions.regles.devis import EtatDevis
from dpd.conventions.regles.temps import Duree, duree_choisie, durees_proposees, minutes_de
from dpd.regles.texte import donnee_interdite, normaliser

PROPOSITIONS_MAX = 12
AUCUNE = "Aucune collectivité de la structure ne répond à ce nom. Tapez-en le début, ou son SIREN."
PLUSIEURS = "Plusieurs collectivités répondent à ce nom\u00a0: choisissez la bonne."
_SIREN = re.compile(r"\d{3}[ \u00a0\u202f]?\d{3}[ \u00a0\u202f]?\d{3}", re.ASCII)


def proposer(structure, texte: str) -> list[Collectivite]:
    """Les collectivités qui répondent à ce qu’on tape, douze au plus."""
    siennes = Collectivite.objects.filter(structure=structure)
    if not normaliser(texte):
        return []
    if siren := _SIREN.search(texte):
        return list(siennes.filter(siren="".join(c for c in siren[0] if c.isdigit())))
    trouvees = list(siennes.recherche(texte).order_by("nom", "type", "pk")[:PROPOSITIONS_MAX])
    exactes = [c for c in trouvees if texte.casefold() in (c.denomination.casefold(), c.nom.casefold())]
    return exactes if len(exactes) == 1 else trouvees


def devis_acceptes(structure, collectivite: Collectivite | None = None):
    """Les devis acceptés, les seuls qu’une intervention exécute : ceux d’une collectivité, ou de toutes."""
    acceptes = Devis.objects.filter(collectivite__structure=structure, etat=EtatDevis.ACCEPTE.value)
    return acceptes.filter(collectivite=collectivite) if collectivite else acceptes


def ecrire(collectivite: Collectivite) -> str:
    """Ce que la liste propose : le nom se lit, le SIREN ne laisse aucun doute."""
    return f"{collectivite.denomination}, {collectivite.siren}"


def sans_numero(texte: str) -> str:
    """Le texte, s’il ne porte ni numéro de sécurité sociale ni carte ; ``ValidationError`` sinon."""
    if refus := donnee_interdite(texte):
        raise ValidationError(refus)
    return texte


class InterventionForm(Formulaire, forms.Form):
    """``collectivite`` se tape ; ``siren`` tranche quand plusieurs répondent au même nom.

    ``devis_proposes`` : ceux de la collectivité connue à l’affichage, parmi lesquels choisir.
    """

    collectivite = forms.CharField(label="Collectivité", max_length=250)
    siren = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput)
    jeton = ChampJeton()
    nature = forms.ChoiceField(label="Nature", choices=NatureIntervention.choices, widget=forms.RadioSelect)
    duree = forms.ChoiceField(label="Durée", widget=forms.RadioSelect)
    autre_duree = forms.CharField(
        label="Autre durée", required=False, max_length=20, help_text="Par exemple 1\u00a0h\u00a020."
    )
    le = ChampDate(label="Date")
    lieu = forms.ChoiceField(
        label="Lieu",
        choices=LieuIntervention.choices,
        widget=forms.RadioSelect,
        initial=LieuIntervention.DISTANCE.value,
    )
    demande = forms.CharField(
        label="Demande d’origine",
        required=False,
        max_length=300,
        help_text="Quelques mots, jamais de nom de personne ni de contenu du registre.",
    )
    devis = forms.ModelChoiceField(
        label="Devis accepté",
        queryset=Devis.objects.none(),
        required=False,
        empty_label="Aucun devis",
        error_messages={"invalid_choice": "Choisissez un devis accepté de cette collectivité."},
    )

    def __init__(self, *args, structure, jour: date, journee: int, adresse: str = "", **kwargs):
        self.structure, self.jour, self.journee = structure, jour, journee
        self.propositions: list[Collectivite] = []
        super().__init__(*args, **kwargs)
        self.fields["devis"].queryset = devis_acceptes(structure)
        self.fields["duree"].choices = durees_proposees(journee)
        self.fields["le"].initial = jour
        self.fields["le"].widget.attrs["max"] = jour.isoformat()
        self.fields["collectivite"].widget.attrs |= {
            "autofocus": True,
            "autocomplete": "off",
            "list": "propositions",
            "hx-get": adresse,
            "hx-vals": '{"proposer": "1"}',
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#propositions",
        }

    @staticmethod
    def valeurs(intervention: Intervention, journee: int) -> dict[str, str]:
        """Ce qui se répète d’une saisie à l’autre : la nature, la durée, le lieu."""
        duree, autre = duree_choisie(intervention.minutes, journee)
        return {
            "nature": intervention.nature,
            "duree": duree.value,
            "autre_duree": autre,
            "lieu": intervention.lieu,
        }

    def clean_demande(self):
        return sans_numero(self.cleaned_data["demande"])

    def clean(self):
        donnees = super().clean()
        if "collectivite" in donnees:
            donnees["collectivite"] = self._collectivite(donnees)
        if duree := donnees.get("duree"):
            try:
                donnees["minutes"] = minutes_de(Duree(duree), self.journee, donnees.get("autre_duree", ""))
            except ValueError as refus:
                self.add_error("autre_duree", str(refus))
        return donnees

    def _collectivite(self, donnees) -> Collectivite | None:
        self.propositions = proposer(self.structure, donnees["collectivite"])
        choisies = [c for c in self.propositions if c.siren == donnees.get("siren")]
        trouvees = choisies or self.propositions
        if len(trouvees) == 1:
            return trouvees[0]
        self.add_error("collectivite", PLUSIEURS if trouvees else AUCUNE)
        return None

    @property
    def devis_proposes(self) -> list[Devis]:
        """Vide tant que la collectivité n’est pas connue, ou si elle n’a accepté aucun devis."""
        if not self.is_bound:
            self.propositions = proposer(self.structure, self.initial.get("collectivite", ""))
        seule = self.propositions[0] if len(self.propositions) == 1 else None
        return list(devis_acceptes(self.structure, seule)) if seule else []

    @property
    def devis_choisi(self) -> str:
        return str(self["devis"].value() or "")

    @property
    def a_choisir(self) -> list[Collectivite]:
        """Celles entre lesquelles trancher, après un refus."""
        return self.propositions if len(self.propositions) > 1 and "collectivite" in self.errors else []

    @property
    def saisie(self) -> dict:
        """Ce que prend l’action."""
        noms = ("collectivite", "nature", "le", "minutes", "lieu", "demande", "devis", "jeton")
        return {nom: self.cleaned_data[nom] for nom in noms}


class AnnulationForm(Formulaire, forms.Form):
    motif = forms.CharField(label="Pourquoi l’annuler\u202f?", max_length=300)

    def clean_motif(self):
        return sans_numero(self.cleaned_data["motif"])
