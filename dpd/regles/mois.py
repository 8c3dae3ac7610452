"""Compter en mois civils."""

from calendar import monthrange
from datetime import date


def meme_quantieme(jour: date, mois: int) -> date:
    """Le même quantième ``mois`` mois plus loin (ou plus tôt), sinon le dernier jour du mois.

    Règlement (CEE, Euratom) 1182/71, art. 3-2 c : 31 août + 1 mois = 30 septembre.
    ValueError si la date sort du calendrier.
    """
    annees, rang = divmod(jour.month - 1 + mois, 12)
    annee = jour.year + annees
    if not date.min.year <= annee <= date.max.year:
        raise ValueError(f"Date hors du calendrier : année {annee}.")
    return date(annee, rang + 1, min(jour.day, monthrange(annee, rang + 1)[1]))
