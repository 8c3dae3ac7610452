"""Des processus d’écriture pour le banc, un fil par brouillon.

Chacun dit « prêt », attend une ligne, écrit, puis rend en JSON ``durees`` (secondes) et ``refus``. Un refus
de verrou est compté, jamais rejoué : c’est ce que l’on mesure.
"""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

from django.db import OperationalError, close_old_connections, connection

from bancs.bases import MAINTENANT
from registre import actions
from registre.ecriture import fiche_de
from registre.models import VersionTraitement

LANCER = "import django; django.setup(); from bancs.ecrivains import principal; principal()"


def ecrire_ensemble(parts: list[list[int]], secondes: int) -> tuple[list[float], list[str]]:
    """Lance un processus par part, un fil par brouillon ; tous partent à la fois."""
    commande = [sys.executable, "-c", LANCER, str(secondes)]
    lances = [
        subprocess.Popen(
            [*commande, *map(str, part)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "bancs.reglages"},
        )
        for part in parts
    ]
    for processus in lances:
        processus.stdout.readline()
    for processus in lances:
        processus.stdin.write("\n")
        processus.stdin.flush()
    rendus = [json.loads(processus.communicate()[0]) for processus in lances]
    return [d for r in rendus for d in r["durees"]], [x for r in rendus for x in r["refus"]]


def principal() -> None:
    """Arguments : les secondes, puis les clés des brouillons."""
    secondes, *cles = map(int, sys.argv[1:])
    brouillons = list(VersionTraitement.objects.filter(pk__in=cles).select_related("modifie_par"))
    connection.close()
    durees: list[float] = []
    refus: list[str] = []
    print("prêt", flush=True)
    sys.stdin.readline()
    fin = time.monotonic() + secondes
    fils = [threading.Thread(target=_ecrire, args=(v, fin, durees, refus)) for v in brouillons]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    print(json.dumps({"durees": durees, "refus": refus}))


def _ecrire(version, fin: float, durees: list[float], refus: list[str]) -> None:
    rang = 0
    try:
        while time.monotonic() < fin:
            rang += 1
            depart = time.perf_counter()
            try:
                version = actions.enregistrer_contenu(
                    version=version,
                    fiche=replace(fiche_de(version), description=f"Saisie n° {rang}"),
                    auteur=version.modifie_par,
                    maintenant=MAINTENANT,
                    raison="Description",
                )
            except OperationalError as erreur:
                refus.append(str(erreur))
            else:
                durees.append(time.perf_counter() - depart)
            close_old_connections()  # comme à la fin d’une requête : la connexion se rend à la réserve
    finally:
        connection.close()
