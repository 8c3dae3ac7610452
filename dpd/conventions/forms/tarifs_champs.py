"""Des champs qui se remplissent comme on écrit : « 1 200,00 € », « 7 h 30 », un texte sans NIR ni carte."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator

from dpd.regles.durees import duree_en_heures, lire_duree
from dpd.regles.texte import donnee_interdite

_ILLISIBLE = "Écrivez un nombre, par exemple 1200 ou 274,7."


class ChampDecimal(forms.DecimalField):
    """Un nombre à la française : virgule, espaces et signe € admis."""

    def __init__(self, **kwargs):
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)
        self.error_messages |= {
            "invalid": _ILLISIBLE,
            "max_decimal_places": "Au plus %(max)s chiffres après la virgule.",
            "max_digits": "Ce nombre est trop grand.",
            "max_whole_digits": "Ce nombre est trop grand.",
        }

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(value.replace("€", "").split()).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else value


class ChampPrix(ChampDecimal):
    """Un prix en euros, jamais négatif."""

    def __init__(self, **kwargs):
        controles = [MinValueValidator(Decimal(0), "Un prix n’est pas négatif.")]
        super().__init__(max_digits=10, decimal_places=2, validators=controles, **kwargs)


class ChampJours(ChampDecimal):
    """Un nombre de jours, demi-journées comprises."""

    def __init__(self, **kwargs):
        controles = [MinValueValidator(Decimal(0), "Un nombre de jours n’est pas négatif.")]
        super().__init__(max_digits=6, decimal_places=2, validators=controles, **kwargs)


class ChampDuree(forms.CharField):
    """Une durée en minutes, qui s’écrit « 7 h 30 »."""

    def to_python(self, value):
        texte = super().to_python(value)
        if not texte:
            return None
        try:
            return lire_duree(texte)
        except ValueError as erreur:
            raise ValidationError(str(erreur)) from erreur

    def prepare_value(self, value):
        return duree_en_heures(value) if isinstance(value, int) else value


class TexteLong(forms.CharField):
    """Un texte de plusieurs lignes, sans numéro de sécurité sociale ni de carte bancaire."""

    def __init__(self, *, lignes: int = 4, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": lignes}), **kwargs)

    def clean(self, value):
        texte = super().clean(value)
        if refus := donnee_interdite(texte):
            raise ValidationError(refus)
        return texte


class TexteCourt(forms.CharField):
    """Une ligne de texte, sans numéro interdit."""

    def clean(self, value):
        texte = super().clean(value)
        if refus := donnee_interdite(texte):
            raise ValidationError(refus)
        return texte
