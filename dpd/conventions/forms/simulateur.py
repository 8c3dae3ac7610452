"""Ouvrir ou fermer le simulateur public."""

from django import forms

from dpd.comptes.forms_collectivites import Formulaire
from dpd.conventions.forms.tarifs_champs import TexteLong


class SimulateurForm(Formulaire, forms.Form):
    simulateur_ouvert = forms.BooleanField(
        label="Le simulateur est ouvert au public, sans compte", required=False
    )
    presentation = TexteLong(
        label="Présentation du service",
        required=False,
        max_length=3000,
        lignes=6,
        help_text="Affichée au-dessus du simulateur\u00a0: à qui s’adresser, comment adhérer.",
    )
