"""Saisir un indice publié, le corriger, enregistrer la règle de raccord délibérée."""

from decimal import Decimal

from django import forms
from django.core.validators import MinValueValidator

from dpd.comptes.forms_collectivites import ChampDate, Formulaire
from dpd.conventions.enums import SerieIndice
from dpd.conventions.forms.tarifs_champs import ChampDecimal, TexteCourt
from dpd.regles.typographie import MOIS

PREMIERE_ANNEE, DERNIERE_ANNEE = 1961, 2100  # la série d’origine part de 1961
LA_SOURCE = "La page ou le document où vous l’avez lu. Une valeur sans source ne s’enregistre pas."


class ChampIndice(ChampDecimal):
    """Une valeur d’indice, à une décimale, strictement positive."""

    def __init__(self, **kwargs):
        controles = [MinValueValidator(Decimal("0.1"), "Un indice est strictement positif.")]
        super().__init__(max_digits=7, decimal_places=1, validators=controles, **kwargs)


class IndiceForm(Formulaire, forms.Form):
    serie = forms.ChoiceField(label="Série", choices=SerieIndice.choices, widget=forms.RadioSelect)
    mois = forms.TypedChoiceField(
        label="Mois",
        coerce=int,
        choices=[(rang, nom.capitalize()) for rang, nom in enumerate(MOIS, 1)],
        initial=11,
    )
    annee = forms.IntegerField(
        label="Année",
        min_value=PREMIERE_ANNEE,
        max_value=DERNIERE_ANNEE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"}),
    )
    valeur = ChampIndice(label="Valeur", help_text="À une décimale\u00a0: 307,0.")
    publie_le = ChampDate(
        label="Publié le", help_text="Un indice paraît un mois et demi environ après le mois qu’il décrit."
    )
    source = TexteCourt(label="Source", max_length=300, help_text=LA_SOURCE)


class CorrectionForm(Formulaire, forms.Form):
    valeur = ChampIndice(label="Valeur")
    publie_le = ChampDate(label="Publié le", required=False)
    source = TexteCourt(label="Source", max_length=300, help_text=LA_SOURCE)
    motif = TexteCourt(
        label="Pourquoi cette correction",
        max_length=70,
        help_text="Par exemple\u00a0: corrigé rétroactivement par la Fédération Syntec.",
    )


class RaccordForm(Formulaire, forms.Form):
    coefficient = ChampDecimal(
        label="Coefficient",
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(Decimal("0.000001"), "Un coefficient est strictement positif.")],
        help_text="Série révisée ÷ série d’origine. L’indice révisé est divisé par lui.",
    )
    deliberation = TexteCourt(label="Délibération", max_length=120, help_text="Son numéro ou son objet.")
    deliberee_le = ChampDate(
        label="Délibérée le", help_text="La règle vaut pour l’exercice de cette date et les suivants."
    )
    source = TexteCourt(label="Source du coefficient", max_length=300)
