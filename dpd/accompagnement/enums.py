"""Valeurs stockées de l’accompagnement."""

from django.db import models


class SensAvis(models.TextChoices):
    """Le DPD conseille : un avis n’est jamais une validation."""

    FAVORABLE = "favorable", "Favorable"
    RESERVES = "reserves", "Favorable avec réserves"
    DEFAVORABLE = "defavorable", "Défavorable"


class SuiteAvis(models.TextChoices):
    SUIVI = "suivi", "Avis suivi"
    PARTIEL = "partiel", "Avis suivi en partie"
    NON_SUIVI = "non_suivi", "Avis non suivi"
