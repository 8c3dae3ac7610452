"""Un autre processus qui prévient les collectivités d’un incident, au signal.

``python -m tests.violations.processus_incident <incident> <auteur> <instant ISO>`` : se connecte, dit
« prêt », attend une ligne, ouvre l’incident dans toute la structure et dit combien il en a prévenu.
"""

import os
import subprocess
import sys
from datetime import datetime

import django

from tests.projet import RACINE


def lancer(adresse: str, incident, auteur, maintenant: datetime) -> subprocess.Popen:
    """Le processus, sur la base de cette adresse ; il attend le signal de :func:`partir`."""
    environnement = {
        **os.environ,
        "DATABASE_URL": adresse,
        "DJANGO_SETTINGS_MODULE": "tests.reglages",
        "SECRET_KEY": "cle-d-essai-connue-de-tous-et-assez-longue-pour-les-controles",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.violations.processus_incident"),
            *(str(incident.pk), str(auteur.pk), maintenant.isoformat()),
        ],
        cwd=RACINE,
        env=environnement,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def partir(*processus: subprocess.Popen) -> list[int]:
    """Les fait partir ensemble, une fois tous prêts ; rend ce que chacun a prévenu."""
    for un in processus:
        assert un.stdout.readline() == "prêt\n", un.stderr.read()
    for un in processus:
        un.stdin.write("partez\n")
        un.stdin.flush()
    sorties = [un.communicate(timeout=300) for un in processus]
    for un, (_, erreur) in zip(processus, sorties, strict=True):
        assert un.returncode == 0, erreur
    return [int(sortie) for sortie, _ in sorties]


def principal(incident: str, auteur: str, instant: str) -> None:
    django.setup()

    from dpd.comptes.models import Collectivite, Utilisateur
    from violations.actions.incidents_ouverture import ouvrir
    from violations.models import Incident

    ouvert, qui = Incident.objects.get(pk=incident), Utilisateur.objects.get(pk=auteur)
    collectivites = list(Collectivite.objects.filter(structure=ouvert.structure_id))
    sys.stdout.write("prêt\n")
    sys.stdin.readline()
    faite = ouvrir(
        incident=ouvert,
        collectivites=collectivites,
        auteur=qui,
        maintenant=datetime.fromisoformat(instant),
    )
    sys.stdout.write(f"{len(faite.violations)}\n")


if __name__ == "__main__":
    principal(*sys.argv[1:])
