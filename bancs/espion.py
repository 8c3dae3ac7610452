"""Compter ce qu’un geste demande à la base : requêtes, paramètres, et de quoi les rejouer nues."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

LECTURES = ("SELECT", "WITH")


@dataclass
class Espion:
    """``requetes`` : (SQL, paramètres) de chaque ordre, dans l’ordre."""

    requetes: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, executer, sql, parametres, many, contexte):
        self.requetes.append((sql, parametres))
        return executer(sql, parametres, many, contexte)

    @property
    def nombre(self) -> int:
        """Sans les points de reprise : ils ne lisent ni n’écrivent rien."""
        return sum("SAVEPOINT" not in sql for sql, _ in self.requetes)

    @property
    def parametres_max(self) -> int:
        return max((len(p) for _, p in self.requetes if p), default=0)

    @property
    def lectures(self) -> list[tuple[str, Any]]:
        return [(sql, p) for sql, p in self.requetes if sql.lstrip("( ").startswith(LECTURES)]


@contextmanager
def espionner() -> Iterator[Espion]:
    espion = Espion()
    with connection.execute_wrapper(espion):
        yield espion


def rejouer(lectures: list[tuple[str, Any]]) -> int:
    """Les mêmes lectures, toutes leurs lignes, sans objet ni gabarit : le plancher SQL d’une page."""
    lignes = 0
    with connection.cursor() as curseur:
        for sql, parametres in lectures:
            curseur.execute(sql, parametres)
            lignes += len(curseur.fetchall())
    return lignes
