"""Branchement de la règle pure sur les validateurs de Django."""

from django.core.exceptions import ValidationError

from dpd.comptes.regles import mot_de_passe


class MotDePasse80Bits:
    """CNIL, délibération n° 2022-100 : 80 bits."""

    def validate(self, password, user=None):
        if phrase := mot_de_passe.manque(password):
            raise ValidationError(phrase, code="mot_de_passe_faible")

    def get_help_text(self):
        return mot_de_passe.AIDE
