"""La décision du responsable sur un sous-traitant ultérieur."""

from django import forms

from dpd.comptes.forms_gestes import ChampTexte, FormulaireDeGeste
from dpd.pieces.forms import ChampPiece
from subtraitance.actions.autorisations import DECISIONS
from subtraitance.enums import DecisionAutorisation, RegimeAutorisation
from subtraitance.models import Autorisation

GESTES = {
    DecisionAutorisation.AUTORISEE: "J’autorise ce sous-traitant",
    DecisionAutorisation.REFUSEE: "Je refuse ce sous-traitant",
    DecisionAutorisation.OPPOSEE: "Je m’oppose à ce sous-traitant",
}


class DecisionForm(FormulaireDeGeste):
    tout_facultatif = True  # le motif ne l’est pas d’un refus : son aide le dit
    oublis = {"decision": "Choisissez une réponse."}

    decision = forms.ChoiceField(
        label="Votre décision",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse."},
    )
    motif = ChampTexte(
        label="Pourquoi",
        lignes=3,
        max_length=2000,
        help_text="Obligatoire si vous refusez\u00a0: le prestataire en a besoin.",
    )
    fichier = ChampPiece(label="Votre courrier, si vous l’avez", required=False)

    def __init__(self, *args, autorisation: Autorisation, **kwargs):
        super().__init__(*args, **kwargs)
        possibles = DECISIONS[RegimeAutorisation(autorisation.regime)]
        self.fields["decision"].choices = [(d.value, GESTES[d]) for d in possibles]
