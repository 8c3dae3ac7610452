"""Notifier une hausse : dire quelle décision l’a fixée."""

from django import forms

from dpd.comptes.forms_collectivites import Formulaire
from dpd.conventions.forms.tarifs_champs import TexteCourt


class HausseForm(Formulaire, forms.Form):
    deliberation = TexteCourt(
        label="Décision qui fixe ces prix",
        max_length=120,
        help_text="Délibération du conseil d’administration, avec son numéro et sa date.",
    )
    relu = forms.BooleanField(label="J’ai relu la liste\u00a0: ces collectivités seront prévenues maintenant")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["relu"].error_messages["required"] = "Relisez la liste, puis cochez cette case."
