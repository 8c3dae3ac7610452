"""La base redémarre, ou coupe une connexion au repos : la demande suivante passe, sur une autre."""

import os
import subprocess
import sys

from outils import postgres
from tests.projet import RACINE

COUPER = """
import django, os, psycopg
django.setup()
from django.db import connection
def demander():
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
        print(curseur.fetchone()[0])
    connection.close()
demander()
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as autre:
    coupees = autre.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchall()
assert coupees, "la réserve garde au moins une connexion au repos"
demander()
"""


def test_une_connexion_coupee_par_la_base_se_remplace_sans_erreur():
    with postgres.serveur() as variables:
        lance = subprocess.run(
            [sys.executable, "-c", COUPER],
            cwd=RACINE,
            env={**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "dpd.settings", "DEBUG": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (lance.returncode, lance.stdout.split()) == (0, ["1", "1"]), lance.stderr
