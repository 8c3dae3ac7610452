"""Ce que partagent les formulaires d’un geste : dates, textes libres, refus à leur place."""

from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from dpd.comptes.champs import refuser_les_numeros
from dpd.comptes.forms_collectivites import ChampDate, Formulaire

__all__ = [
    "ChampDate",
    "ChampJeton",
    "ChampTexte",
    "ConfirmationForm",
    "FormulaireDeGeste",
    "ajouter_le_refus",
]
OUBLI_DATE = "Indiquez une date."


class ChampTexte(forms.CharField):
    """Un texte libre, sans numéro de sécurité sociale ni de carte ; ``lignes`` en fait une zone."""

    def __init__(self, *, lignes: int = 0, **options):
        if lignes:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lignes}))
        options.setdefault("required", False)
        super().__init__(validators=[refuser_les_numeros], **options)


class ChampJeton(forms.UUIDField):
    """Le jeton d’un affichage du formulaire : renvoyé deux fois, il n’agit qu’une fois.

    Absent ou illisible, il vaut un envoi neuf : personne n’est refusé pour lui.
    """

    def __init__(self):
        super().__init__(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean(self, value) -> UUID:
        try:
            return super().clean(value) or uuid4()
        except ValidationError:
            return uuid4()


class FormulaireDeGeste(Formulaire, forms.Form):
    """Un formulaire dont chaque oubli se dit par un geste : « Indiquez une date. »"""

    oublis: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            if isinstance(champ, ChampDate):
                champ.error_messages["required"] = OUBLI_DATE
                champ.error_messages["invalid"] = "Cette date n’existe pas\u00a0: jour, mois, année."
            champ.error_messages["required"] = self.oublis.get(nom, champ.error_messages["required"])


class ConfirmationForm(FormulaireDeGeste):
    """Rien à saisir : le geste se confirme. Un envoi vide, qui ne vient pas de la page, ne fait rien."""

    confirme = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def clean(self):
        donnees = super().clean()
        if not donnees.pop("confirme", False):
            raise ValidationError("Confirmez ce geste.")
        return donnees


def ajouter_le_refus(formulaire: forms.BaseForm, refus: ValidationError) -> None:
    """Le refus d’une action, chaque phrase sous son champ, le reste en tête."""
    if not hasattr(refus, "error_dict"):
        formulaire.add_error(None, refus)
        return
    for nom, erreurs in refus.error_dict.items():
        champ = nom if nom in formulaire.fields and nom != NON_FIELD_ERRORS else None
        formulaire.add_error(champ, ValidationError(erreurs))
