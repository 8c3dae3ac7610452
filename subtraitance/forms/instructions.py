"""Donner une instruction, alerter, répondre à l’alerte."""

from datetime import date

from django import forms
from django.db.models import Q

from dpd.comptes.forms_gestes import ChampTexte, FormulaireDeGeste
from dpd.comptes.models import Collectivite
from subtraitance.models import Contrat

TEXTE_MAX = 10_000
RETIRER, MAINTENIR = "retirer", "maintenir"


class ChampContrat(forms.ModelChoiceField):
    """Un prestataire, nommé par son contrat."""

    def label_from_instance(self, contrat: Contrat) -> str:
        return f"{contrat.sous_traitant.nom}\u00a0: {contrat}"


class InstructionForm(FormulaireDeGeste):
    oublis = {"texte": "Écrivez l’instruction\u00a0: non écrite, elle n’oblige pas."}
    contrat = ChampContrat(
        label="À qui\u202f?",
        queryset=Contrat.objects.none(),
        required=False,
        empty_label="Votre structure",
        help_text="Votre structure la reçoit ici. Un autre prestataire n’a pas de compte\u00a0: "
        "envoyez-la-lui, cette page en garde la trace.",
    )
    texte = ChampTexte(
        label="L’instruction",
        required=True,
        lignes=6,
        max_length=TEXTE_MAX,
        help_text="Ce qu’il doit faire des données, ou ne plus en faire, et depuis quand. "
        "Sans nom d’habitant.",
    )

    def __init__(self, *args, collectivite: Collectivite, jour: date, **kwargs):
        super().__init__(*args, **kwargs)
        champ = self.fields["contrat"]
        champ.empty_label = f"Votre structure\u00a0: {collectivite.structure.nom}"
        siens = Contrat.objects.filter(collectivite=collectivite, clos_le=None)
        siens = siens.exclude(sous_traitant__est_la_structure=True).filter(Q(fin=None) | Q(fin__gte=jour))
        champ.queryset = siens.select_related("sous_traitant").order_by("sous_traitant__nom", "pk")


class AlerteForm(FormulaireDeGeste):
    oublis = {"alerte": "Dites pourquoi elle paraît illicite."}
    alerte = ChampTexte(
        label="Pourquoi paraît-elle illicite\u202f?",
        required=True,
        lignes=5,
        max_length=TEXTE_MAX,
        help_text="Ce qu’elle demande, et la règle qu’elle semble enfreindre.",
    )


class SuiteForm(FormulaireDeGeste):
    oublis = {
        "choix": "Choisissez\u00a0: la retirer, ou la maintenir.",
        "suite": "Écrivez votre réponse\u00a0: elle reste à côté de l’alerte.",
    }
    choix = forms.ChoiceField(
        label="Que décidez-vous\u202f?",
        choices=[
            (RETIRER, "Je la retire\u00a0: elle ne s’exécute pas"),
            (MAINTENIR, "Je la maintiens, par écrit\u00a0: elle peut s’exécuter"),
        ],
        widget=forms.RadioSelect,
    )
    suite = ChampTexte(label="Votre réponse", required=True, lignes=5, max_length=TEXTE_MAX)

    def saisie(self) -> dict:
        """Les arguments de ``subtraitance.actions.instructions.repondre_a_l_alerte``."""
        donnees = self.cleaned_data
        return {"maintenue": donnees["choix"] == MAINTENIR, "suite": donnees["suite"]}


class ConfirmationForm(FormulaireDeGeste):
    """Un geste sans rien à écrire."""
