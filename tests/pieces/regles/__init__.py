"""Règles pures : aucune base, aucun réglage, et aucune propriété chronométrée."""

from hypothesis import settings

settings.register_profile("sans_chronometre", deadline=None)
settings.load_profile("sans_chronometre")
