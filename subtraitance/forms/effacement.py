"""Effacer le demandeur : l’accord des Archives, ou pourquoi il n’en faut pas."""

from django import forms

from dpd.comptes.forms_gestes import ChampTexte, FormulaireDeGeste

VISA, SANS = "visa", "sans"
ACCORDS = {VISA: "Visa des Archives", SANS: "Sans visa"}
LONGUEUR = 300


class EffacementForm(FormulaireDeGeste):
    """Le registre garde cette réponse ; elle ne nomme pas le demandeur."""

    visa = forms.ChoiceField(
        label="Les Archives départementales sont-elles d’accord\u202f?",
        choices=[(VISA, "Oui, elles ont donné leur visa"), (SANS, "Il n’en faut pas")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse."},
    )
    accord = ChampTexte(
        label="Lequel, ou pourquoi il n’en faut pas",
        required=True,
        max_length=LONGUEUR - 30,
        help_text="Par exemple\u00a0: bordereau n° 12, visé le 3 mars 2026. Sans nommer le demandeur.",
    )
    oublis = {
        "visa": "Choisissez une réponse.",
        "accord": "Dites lequel, ou pourquoi il n’en faut pas.",
    }

    def accord_dit(self) -> str:
        """« Visa des Archives : bordereau n° 12… », tel que le registre le garde."""
        return f"{ACCORDS[self.cleaned_data['visa']]}\u00a0: {self.cleaned_data['accord']}"
