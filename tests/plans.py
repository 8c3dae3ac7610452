"""Ce que SQLite compte faire d’une requête : quelle table il parcourt, par quel index, s’il doit trier."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def plans(geste: Callable[[], object], table: str) -> list[str]:
    """Le plan de chaque lecture que le geste fait de cette table, une ligne par étape.

    Un test qui s’en sert porte ``un_moteur`` : PostgreSQL choisit d’après le nombre de lignes.
    """
    with CaptureQueriesContext(connection) as requetes:
        geste()
    lectures = [r["sql"] for r in requetes if r["sql"].startswith("SELECT") and f'FROM "{table}"' in r["sql"]]
    return [_plan(sql) for sql in lectures]


def _plan(sql: str) -> str:
    with connection.cursor() as curseur:
        curseur.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(etape for *_, etape in curseur.fetchall())
