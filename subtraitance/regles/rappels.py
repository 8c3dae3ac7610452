"""Quand rappeler ce qui attend une réponse : un seul rappel à la fois, le plus pressant.

Après une panne, on envoie celui-là, pas tous ceux que l’on a manqués.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from dpd.regles.calendrier import Territoire
from dpd.regles.delais import ajouter_heures_ouvrees

HEURES_AVANT = 12  # ouvrées, avant la fin des 48 heures
SILENCE = timedelta(days=30)
# Jours sans réponse au bout desquels une demande d’autorisation se rappelle.
PALIERS_AUTORISATION = (7, 30)


class Palier(StrEnum):
    """Sa valeur entre dans la clé du rappel : elle ne change pas."""

    TRANSMISSION_12H = "transmission-12h"
    TRANSMISSION_PASSEE = "transmission-passee"
    REPONSE_7J = "reponse-7j"
    REPONSE_2J = "reponse-2j"
    REPONSE_PASSEE = "reponse-passee"


def palier_de_transmission(echeance: datetime, maintenant: datetime, territoire: Territoire) -> Palier | None:
    """Moins de douze heures ouvrées avant la fin des 48 heures, puis une fois passées.

    :param territoire: celui de la structure, dont on compte les jours fériés.
    :raises ValueError: si un instant ne porte pas son fuseau.
    """
    if maintenant > echeance:
        return Palier.TRANSMISSION_PASSEE
    if ajouter_heures_ouvrees(maintenant, HEURES_AVANT, territoire) >= echeance:
        return Palier.TRANSMISSION_12H
    return None


def palier_de_reponse(echeance: date, jour: date) -> Palier | None:
    """Sept jours avant le dernier jour pour répondre, deux jours avant, puis une fois passé."""
    reste = (echeance - jour).days
    if reste < 0:
        return Palier.REPONSE_PASSEE
    if reste <= 2:
        return Palier.REPONSE_2J
    return Palier.REPONSE_7J if reste <= 7 else None


def est_sans_nouvelle(debut: date, jour: date) -> bool:
    """Vrai plus de trente jours après avoir demandé une précision au demandeur."""
    return jour - debut > SILENCE


def palier_d_autorisation(demandee_le: datetime, maintenant: datetime) -> int | None:
    """Le dernier palier passé, en jours ; ``None`` avant le premier."""
    ecoules = (maintenant - demandee_le).days
    return max((palier for palier in PALIERS_AUTORISATION if ecoules >= palier), default=None)


def rappel_d_autorisation(demandee_le: datetime, apres: datetime) -> datetime | None:
    """L’instant du premier palier qui suit ``apres`` ; ``None`` s’ils sont tous passés."""
    instants = (demandee_le + timedelta(days=palier) for palier in PALIERS_AUTORISATION)
    return next((instant for instant in instants if instant > apres), None)
