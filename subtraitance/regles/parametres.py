"""Les délais des demandes de droits, datés et sourcés : ce qui a commencé garde les siens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Parametres:
    """``transmission`` en heures ouvrées, ``reponse`` et ``prolongee`` en mois depuis la réception."""

    depuis: date
    transmission: int
    reponse: int
    prolongee: int
    source: str


# RGPD art. 12-3, applicable au 25 mai 2018 (art. 99-2). Les 48 heures « non compris jours fériés et
# week-end » sont le délai que la structure retient : sa convention peut en dire d’autres, ou aucun.
EN_VIGUEUR: Sequence[Parametres] = (
    Parametres(
        depuis=date(2018, 5, 25),
        transmission=48,
        reponse=1,
        prolongee=3,
        source="RGPD, art. 12-3",
    ),
)


def parametres_au(jour: date, table: Sequence[Parametres] = EN_VIGUEUR) -> Parametres:
    """Les délais qui valent pour une demande reçue ce jour-là.

    :raises ValueError: si elle précède le premier paramètre.
    """
    valables = [p for p in table if p.depuis <= jour]
    if not valables:
        raise ValueError("Aucun délai ne s’appliquait encore à cette date.")
    return max(valables, key=lambda p: p.depuis)
