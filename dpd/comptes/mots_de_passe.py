"""Branchement de la règle pure sur les validateurs de Django."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from dpd.comptes.regles import mot_de_passe


class MotDePasse80Bits:
    """CNIL, délibération n° 2022-100 : 80 bits."""

    def validate(self, password, user=None):
        if phrase := mot_de_passe.manque(password):
            raise ValidationError(phrase, code="mot_de_passe_faible")

    def get_help_text(self):
        return mot_de_passe.AIDE


def exiger_80_bits(secret: str, personne) -> None:
    """Passe tous les contrôles et ne dit qu’une chose à la fois : la plus utile à réparer.

    :raises ValidationError: avec une seule phrase.
    """
    try:
        validate_password(secret, personne)
    except ValidationError as erreur:
        raise ValidationError(erreur.messages[-1], code="mot_de_passe_faible") from erreur
