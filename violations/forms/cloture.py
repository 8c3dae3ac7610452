"""Clore, en gardant la leçon ; rouvrir, en disant pourquoi."""

from django import forms

from dpd.comptes.forms_collectivites import Formulaire
from violations.forms.saisie_commun import ChampTexte


class ClotureForm(Formulaire, forms.Form):
    lecon = ChampTexte(
        label="Qu’en retenez-vous\u202f?",
        lignes=4,
        max_length=2000,
        help_text="Ce qui éviterait que cela recommence. La leçon reste au registre des violations.",
    )


class ReouvertureForm(Formulaire, forms.Form):
    motif = ChampTexte(
        label="Pourquoi la rouvrir\u202f?",
        required=True,
        lignes=3,
        max_length=500,
        help_text="Ce motif reste dans la chronologie.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].error_messages["required"] = "Dites pourquoi vous la rouvrez."
