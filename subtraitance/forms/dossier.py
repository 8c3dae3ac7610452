"""Qualifier une demande, la transmettre, en arrêter ou en prolonger le délai."""

from django import forms

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.forms_gestes import ChampDate, ChampTexte, FormulaireDeGeste
from dpd.comptes.models import Utilisateur
from subtraitance.enums import Droit, RegimeDemande
from subtraitance.models import DemandeDroits
from subtraitance.regles.regimes import REGIMES

HORS_LISTE = "Choisissez dans la liste."
SANS_PERSONNE = (
    "Personne n’a encore de compte dans cette collectivité\u00a0: invitez son référent ou son responsable, "
    "puis transmettez."
)


class TransmettreForm(FormulaireDeGeste):
    """À qui confier la demande ; ``en_retard`` : les 48 heures sont passées, il faut dire pourquoi."""

    oublis = {
        "destinataires": "Choisissez à qui transmettre.",
        "motif_retard": "Les 48 heures sont passées\u00a0: dites pourquoi.",
    }

    destinataires = forms.ModelMultipleChoiceField(
        queryset=Utilisateur.objects.none(),
        label="Destinataires",
        widget=forms.CheckboxSelectMultiple,
        help_text="Le responsable reçoit une copie\u00a0: c’est lui qui répond.",
        error_messages={"invalid_choice": HORS_LISTE, "invalid_pk_value": HORS_LISTE},
    )
    message = ChampTexte(
        label="Message",
        lignes=6,
        max_length=2000,
        help_text="Il se lit dans le dossier. Le courriel ne contient ni le nom du demandeur ni sa "
        "demande\u00a0: juste un lien.",
    )
    motif_retard = ChampTexte(
        label="Pourquoi en retard\u202f?",
        lignes=2,
        max_length=1000,
        help_text="Ce motif reste au registre des demandes.",
    )

    def __init__(self, *args, demande: DemandeDroits, en_retard: bool, **kwargs):
        collectivite = demande.collectivite
        self.decideurs = {p.pk for p in personnes_de(collectivite, Role.DECIDEUR)}
        super().__init__(*args, **kwargs)
        choix = self.fields["destinataires"]
        choix.queryset = personnes_de(collectivite, Role.REFERENT, Role.DECIDEUR).order_by("last_name", "pk")
        choix.choices = [(p.pk, f"{p}, {self._role(p)}") for p in choix.queryset]
        self.initial.setdefault("destinataires", self._proposes(choix.choices))
        if en_retard:
            self.fields["motif_retard"].required = True
        else:
            del self.fields["motif_retard"]

    def _role(self, personne) -> str:
        return "responsable de traitement" if personne.pk in self.decideurs else "référent RGPD"

    def _proposes(self, choix) -> list[int]:
        """Les référents ; à défaut, tout le monde."""
        referents = [pk for pk, _ in choix if pk not in self.decideurs]
        return referents or [pk for pk, _ in choix]


class QualifierForm(FormulaireDeGeste):
    """De quoi il s’agit, puis quels droits si c’est le RGPD."""

    oublis = {"regime": "Dites de quoi il s’agit."}

    regime = forms.ChoiceField(
        label="De quoi s’agit-il\u202f?",
        choices=RegimeDemande.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": HORS_LISTE},
    )
    droits = forms.MultipleChoiceField(
        label="Quels droits\u202f?",
        choices=Droit.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Pour une demande sur ses propres données. Plusieurs sont possibles.",
        error_messages={"invalid_choice": HORS_LISTE},
    )
    precision = ChampTexte(
        label="Précision", max_length=300, help_text="Ce qui aide à comprendre, sans nommer personne."
    )

    def saisie(self) -> dict:
        """Ce que l’action attend ; un autre régime n’a pas de droit RGPD."""
        dits = self.cleaned_data
        regime = RegimeDemande(dits["regime"])
        droits = [Droit(droit) for droit in dits["droits"]] if regime == RegimeDemande.RGPD else []
        return {"regime": regime, "droits": droits, "precision": dits["precision"]}

    @staticmethod
    def conseils() -> tuple[tuple[str, str, str], ...]:
        """(régime, conseil, texte) : ce que chaque réponse change."""
        return tuple((code.label, regime.conseil, regime.texte) for code, regime in REGIMES.items())


class SuspendreForm(FormulaireDeGeste):
    """Un doute raisonnable, et une question posée : l’un sans l’autre ne suspend rien."""

    oublis = {"doute": "Dites ce qui vous fait douter.", "demande": "Dites ce que vous avez demandé."}

    doute = ChampTexte(
        label="Qu’est-ce qui vous fait douter\u202f?",
        required=True,
        lignes=3,
        max_length=1000,
        help_text="Un doute raisonnable sur l’identité, ou une demande trop large pour savoir où chercher.",
    )
    demande = ChampTexte(
        label="Qu’avez-vous demandé\u202f?",
        required=True,
        lignes=2,
        max_length=500,
        help_text="Le moins possible\u00a0: une adresse de courriel déjà connue suffit souvent.",
    )
    debut = ChampDate(label="Demandé le")

    def motif(self) -> str:
        """Les deux réponses en une, telles que le dossier les garde."""
        return f"{self.cleaned_data['doute']}\nDemandé\u00a0: {self.cleaned_data['demande']}"


class ReprendreForm(FormulaireDeGeste):
    fin = ChampDate(label="Le demandeur a répondu le")


class ProlongerForm(FormulaireDeGeste):
    """Deux mois de plus, selon la complexité et le nombre de demandes (art. 12-3)."""

    oublis = {"motif": "Dites pourquoi vous prolongez."}

    motif = ChampTexte(
        label="Motifs donnés au demandeur",
        required=True,
        lignes=3,
        max_length=2000,
        help_text="Dites la complexité de la demande et le nombre de demandes (RGPD, art. 12-3).",
    )
    informe_le = ChampDate(label="Demandeur averti le")
