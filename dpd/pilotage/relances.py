"""Tout ce qui se rappelle : une table, que ``manage.py relancer`` parcourt.

Chaque rappel porte une clé unique : relancer deux fois, ou de deux machines, n’écrit à personne deux fois.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from dpd.conventions.actions.relances import relancer_etats
from subtraitance.actions import rappels as rappels_demandes
from subtraitance.actions import rappels_contrats, rappels_detention
from violations.actions.incidents_suite import rappels_d_incident
from violations.actions.rappels import envoyer_rappels, rappels_echus

journal = logging.getLogger(__name__)


class Bilan(NamedTuple):
    """``rappels`` : combien sont partis ; ``echecs`` : ce qui n’a pas pu l’être, à reprendre."""

    rappels: int
    echecs: int


Geste = Callable[[], int]


def _violations(maintenant: datetime) -> Iterable[Geste]:
    for violation_id in rappels_echus(maintenant):
        yield partial(envoyer_rappels, violation_id=violation_id, maintenant=maintenant)


def _incidents(maintenant: datetime) -> Iterable[Geste]:
    yield partial(rappels_d_incident, maintenant)


def _etats(maintenant: datetime) -> Iterable[Geste]:
    yield partial(relancer_etats, maintenant)


RELANCES: tuple[Callable[[datetime], Iterable[Geste]], ...] = (
    _violations,
    _incidents,
    rappels_demandes.gestes_de_rappel,
    rappels_contrats.gestes_de_rappel,
    rappels_detention.gestes_de_rappel,
    _etats,
)


def relancer(maintenant: datetime) -> Bilan:
    """Envoie tous les rappels échus ; l’un qui échoue se journalise et n’en retient aucun autre."""
    rappels = echecs = 0
    for gestes in RELANCES:
        for geste in gestes(maintenant):
            try:
                rappels += geste()
            except Exception:  # noqa: BLE001 — une échéance légale ne doit pas attendre le dossier d’un autre
                journal.exception("Un rappel n’a pas pu partir")
                echecs += 1
    return Bilan(rappels, echecs)
