"""D’autres processus sur la base du test : des connexions vraiment séparées, qui se disputent les verrous.

Sur PostgreSQL, ils ouvrent la base de test elle-même. La base SQLite des tests vit dans la mémoire d’un
seul processus : elle passe par un fichier le temps du bloc, puis revient avec ce qu’ils y ont écrit.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.projet import RACINE


@contextmanager
def base_partagee(dossier: Path) -> Iterator[str]:
    """L’adresse de la base, pour d’autres processus ; au sortir du bloc, ``connection`` voit leur travail."""
    if connection.vendor == "postgresql":
        reglages = connection.settings_dict
        hote = quote(str(reglages["HOST"]), safe="")
        port = f":{reglages['PORT']}" if reglages["PORT"] else ""
        connection.close()
        yield f"postgresql://{reglages['USER']}@{hote}{port}/{reglages['NAME']}"
        return
    fichier = dossier / "partagee.sqlite3"
    with closing(sqlite3.connect(fichier)) as copie:
        connection.ensure_connection()
        connection.connection.backup(copie)
    yield f"sqlite:///{fichier}"
    with closing(sqlite3.connect(fichier)) as copie:
        copie.backup(connection.connection)


def lancer(adresse: str, *arguments: str) -> subprocess.Popen:
    """Une commande de l’application dans son propre processus, sa sortie lisible ligne à ligne."""
    environnement = {
        **os.environ,
        "DATABASE_URL": adresse,
        "DJANGO_SETTINGS_MODULE": "tests.reglages",
        "SECRET_KEY": "cle-d-essai-connue-de-tous-et-assez-longue-pour-les-controles",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=RACINE,
        env=environnement,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def attendre(processus: subprocess.Popen, delai: float = 300) -> str:
    """Sa sortie, s’il a réussi ; sinon le test échoue avec son erreur."""
    sortie, erreur = processus.communicate(timeout=delai)
    assert processus.returncode == 0, erreur
    return sortie
