"""Quand rappeler l’échéance des 72 heures, et à qui : chaque rappel a sa clé, il ne part qu’une fois."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Palier(StrEnum):
    MI_DELAI = "mi_delai"
    DOUZE_HEURES = "12h"
    QUATRE_HEURES = "4h"
    UNE_HEURE = "1h"
    DEPASSEMENT = "depassement"


class Cercle(StrEnum):
    """L’escalade, du plus proche au plus haut."""

    REFERENT = "referent"
    DECIDEUR = "decideur"
    DPD = "dpd"
    DIRECTION = "direction"


ESCALADE: dict[Palier, tuple[Cercle, ...]] = {
    Palier.MI_DELAI: (Cercle.REFERENT,),
    Palier.DOUZE_HEURES: (Cercle.REFERENT, Cercle.DECIDEUR),
    Palier.QUATRE_HEURES: (Cercle.REFERENT, Cercle.DECIDEUR, Cercle.DPD),
    Palier.UNE_HEURE: (Cercle.REFERENT, Cercle.DECIDEUR, Cercle.DPD, Cercle.DIRECTION),
    Palier.DEPASSEMENT: (Cercle.REFERENT, Cercle.DECIDEUR, Cercle.DPD, Cercle.DIRECTION),
}
AVANT: dict[Palier, timedelta] = {
    Palier.DOUZE_HEURES: timedelta(hours=12),
    Palier.QUATRE_HEURES: timedelta(hours=4),
    Palier.UNE_HEURE: timedelta(hours=1),
    Palier.DEPASSEMENT: timedelta(0),
}


@dataclass(frozen=True, slots=True)
class Rappel:
    palier: Palier
    instant: datetime
    cercles: tuple[Cercle, ...]


def calendrier(depart: datetime, echeance: datetime) -> list[Rappel]:
    """Tous les rappels d’une horloge, en UTC, du premier au dernier."""
    debut, fin = depart.astimezone(UTC), echeance.astimezone(UTC)
    instants = {Palier.MI_DELAI: debut + (fin - debut) / 2}
    instants |= {palier: fin - avant for palier, avant in AVANT.items()}
    rappels = [Rappel(palier, instants[palier], ESCALADE[palier]) for palier in Palier]
    return sorted((r for r in rappels if r.instant >= debut), key=lambda r: r.instant)


def rappel_du(depart: datetime, echeance: datetime, maintenant: datetime) -> Rappel | None:
    """Le dernier rappel échu : après une panne, on envoie celui-là, pas tous ceux qu’on a manqués."""
    echus = [r for r in calendrier(depart, echeance) if r.instant <= maintenant]
    return echus[-1] if echus else None
