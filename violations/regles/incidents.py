"""Quand rappeler à la structure qu’un incident attend : aucun palier que l’usage des 24 heures confondrait.

Sur vingt-quatre heures, mi-délai et « 12 heures avant » sont le même instant : un seul palier les dit.
"""

from datetime import UTC, datetime

from violations.regles.rappels import Palier, calendrier

PALIERS = (Palier.MI_DELAI, Palier.QUATRE_HEURES, Palier.UNE_HEURE, Palier.DEPASSEMENT)
AVEC_LA_DIRECTION = frozenset({Palier.UNE_HEURE, Palier.DEPASSEMENT})


def palier_du(
    connaissance: datetime, echeance: datetime, signale_le: datetime, maintenant: datetime
) -> Palier | None:
    """Le dernier palier échu, si l’incident était déjà signalé alors ; le dépassement, lui, se dit toujours.

    :raises ValueError: si un instant ne porte pas son fuseau.
    """
    if any(instant.utcoffset() is None for instant in (connaissance, echeance, signale_le, maintenant)):
        raise ValueError("Un instant porte toujours son fuseau horaire.")
    depuis = signale_le.astimezone(UTC)
    echus = [
        rappel.palier
        for rappel in calendrier(connaissance, echeance)
        if rappel.palier in PALIERS
        and rappel.instant <= maintenant
        and (rappel.instant >= depuis or rappel.palier == Palier.DEPASSEMENT)
    ]
    return echus[-1] if echus else None
