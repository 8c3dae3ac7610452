"""Durée et sort final : deux notions que l’on ne mêle pas (code du patrimoine, L. 212-2)."""

from django.db import models


class UniteDuree(models.TextChoices):
    JOUR = "jour", "jours"
    MOIS = "mois", "mois"
    ANNEE = "annee", "ans"
    PERMANENTE = "permanente", "sans limite"


class SortFinal(models.TextChoices):
    """Ce que deviennent les données au terme ; E et T jamais sans visa (R. 212-14)."""

    ELIMINATION = "E", "Élimination, avec visa des Archives"
    TRI = "T", "Tri : une partie versée aux Archives"
    CONSERVATION = "C", "Conservation définitive aux Archives"
    EFFACEMENT = "X", "Effacement technique (copie ou flux, pas une archive)"
    RESTITUTION = "R", "Restitution à la personne"
