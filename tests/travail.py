"""Compter un travail sans chronomètre : appels de fonctions, pas de la base, requêtes.

Ces nombres ne dépendent ni de la machine ni de sa charge ; leur croissance se teste donc sans hasard.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

PAS = 10  # instructions de la machine virtuelle de SQLite entre deux décomptes : à 100, l’arrondi trompe


@dataclass(frozen=True, slots=True)
class Travail:
    """``pas`` : dizaines d’instructions de SQLite ; zéro sur PostgreSQL, qui ne les compte pas."""

    appels: int
    pas: int
    requetes: int


def mesurer(faire: Callable[[], object]) -> Travail:
    """Le travail d’un geste, caches déjà chauds s’il a été fait une fois avant."""
    appels = pas = 0

    def appel(cadre, evenement, _argument):
        nonlocal appels
        appels += evenement == "call" and cadre.f_code is not avancer.__code__

    def avancer():
        nonlocal pas
        pas += 1
        return 0

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(avancer, PAS)
    with CaptureQueriesContext(connection) as requetes:
        avant = sys.getprofile()
        sys.setprofile(appel)
        try:
            faire()
        finally:
            sys.setprofile(avant)
            if connection.vendor == "sqlite":
                connection.connection.set_progress_handler(None, 0)
    return Travail(appels, pas, len(requetes))
