"""Champs de modèle contrôlés : SIREN et SIRET, avec leur clé ; textes sans numéro de sécurité sociale."""

from django.core.exceptions import ValidationError
from django.db import models
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from dpd.regles.texte import donnee_interdite


def valider_siren(valeur: str) -> None:
    """:raises ValidationError: si les neuf chiffres ou la clé de Luhn sont faux."""
    if not valeur.isdigit() or not stdnum_siren.is_valid(valeur):
        raise ValidationError("Ce SIREN n’existe pas\u00a0: neuf chiffres, la clé ne tombe pas juste.")


def valider_siret(valeur: str) -> None:
    """:raises ValidationError: si les quatorze chiffres ou la clé sont faux (exception La Poste comprise)."""
    if not valeur.isdigit() or not stdnum_siret.is_valid(valeur):
        raise ValidationError("Ce SIRET n’existe pas\u00a0: quatorze chiffres, la clé ne tombe pas juste.")


def refuser_les_numeros(texte: str) -> None:
    """:raises ValidationError: si le texte porte un numéro de sécurité sociale ou de carte bancaire."""
    if phrase := donnee_interdite(texte):
        raise ValidationError(phrase)


class _ChampChiffres(models.CharField):
    longueur = 0
    validateur = None

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = self.longueur
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        nom, chemin, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return nom, chemin, args, kwargs

    @property
    def validators(self):
        return [*super().validators, type(self).validateur]

    def to_python(self, value):
        value = super().to_python(value)
        return "".join(value.split()) if isinstance(value, str) else value

    def formfield(self, **kwargs):
        # La saisie peut porter des espaces : « 218 201 317 ».
        champ = super().formfield(**{"max_length": 30, **kwargs})
        champ.max_length = 30
        champ.widget.attrs.update(inputmode="numeric", maxlength="30")
        return champ


class ChampSiren(_ChampChiffres):
    longueur = 9
    validateur = staticmethod(valider_siren)


class ChampSiret(_ChampChiffres):
    longueur = 14
    validateur = staticmethod(valider_siret)
