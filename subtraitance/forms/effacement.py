"""Effacer le demandeur : le visa des Archives, ou pourquoi l’on s’en passe."""

from django import forms

from dpd.comptes.forms_gestes import ChampTexte, FormulaireDeGeste

VISA, SANS = "visa", "sans"
ACCORDS = {VISA: "Visa des Archives", SANS: "Sans visa"}
LONGUEUR = 300


class EffacementForm(FormulaireDeGeste):
    """Le registre garde cette réponse ; elle ne nomme pas le demandeur.

    Sans visa, on avertit et l’on n’empêche pas : le DPD conseille, le responsable décide.
    """

    visa = forms.ChoiceField(
        label="Les Archives départementales ont-elles donné leur visa\u202f?",
        choices=[(VISA, "Oui"), (SANS, "Non, nous effaçons sans visa")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse."},
        help_text="Détruire une archive publique le demande, d’avance (code du patrimoine, art. L.212-2). "
        "Sans visa, seuls l’identité et des copies devraient partir\u00a0: ici partent aussi la demande, les "
        "lettres et toutes les pièces.",
    )
    accord = ChampTexte(
        label="Lequel, ou pourquoi sans visa",
        required=True,
        max_length=LONGUEUR - 30,
        help_text="Par exemple\u00a0: bordereau n° 12, visé le 3 mars 2026. Sans nommer le demandeur.",
    )
    oublis = {
        "visa": "Choisissez une réponse.",
        "accord": "Dites lequel, ou pourquoi sans visa.",
    }

    def accord_dit(self) -> str:
        """« Visa des Archives : bordereau n° 12… », tel que le registre le garde."""
        return f"{ACCORDS[self.cleaned_data['visa']]}\u00a0: {self.cleaned_data['accord']}"
