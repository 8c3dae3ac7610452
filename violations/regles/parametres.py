"""Les délais en heures et le seuil, datés et sourcés : ce qui a commencé garde les siens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from violations.enums import Risque


@dataclass(frozen=True, slots=True)
class Parametres:
    """Délais en heures réelles ; ils valent pour un T0 à partir de ``depuis``, instant UTC.

    ``seuil`` : le risque à partir duquel la CNIL est à notifier.
    """

    depuis: datetime
    notification: int
    complement: int
    sous_traitant: int
    seuil: Risque
    source: str


# RGPD, applicable au 25 mai 2018 (art. 99-2). Le complément à 72 h est la pratique de la CNIL, « si
# possible » ; 24 h est le délai que la structure retient, sauf contrat qui en dise un autre : l’article 33-2
# dit « dans les meilleurs délais ».
EN_VIGUEUR: Sequence[Parametres] = (
    Parametres(
        depuis=datetime(2018, 5, 25, tzinfo=UTC),
        notification=72,
        complement=72,
        sous_traitant=24,
        seuil=Risque.PROBABLE,
        source="RGPD, art. 33-1\u202f; 24 heures\u00a0: délai retenu par la structure (art. 33-2)",
    ),
)


def parametres_au(t0: datetime, table: Sequence[Parametres] = EN_VIGUEUR) -> Parametres:
    """Les délais qui valent pour une connaissance à cet instant.

    :raises ValueError: si l’instant ne porte pas son fuseau, ou précède le premier paramètre.
    """
    if t0.utcoffset() is None:
        raise ValueError("L’instant de départ doit porter son fuseau horaire.")
    valables = [p for p in table if p.depuis <= t0]
    if not valables:
        raise ValueError("Aucun délai ne s’appliquait encore à cette date.")
    return max(valables, key=lambda p: p.depuis)
