"""Seize fils écrivent ensemble pendant dix secondes, chacun sa fiche ; sur une copie de la base.

Un refus de verrou est compté, jamais rejoué : c’est ce que l’on mesure.
"""

import threading
import time
from dataclasses import replace

import pytest
from django.db import OperationalError, close_old_connections, connection

from bancs.bases import MAINTENANT
from registre import actions
from registre.ecriture import fiche_de
from registre.models import VersionTraitement

SECONDES = 10
FILS = (1, 16)


@pytest.mark.parametrize("fils", FILS)
def bench_ecritures_concurrentes(benchmark, django_db_blocker, fils):
    with django_db_blocker.unblock():
        brouillons = list(
            VersionTraitement.objects.filter(etat="brouillon", est_courante=True)
            .select_related("modifie_par")
            .order_by("pk")[:fils]
        )
        assert len(brouillons) == fils
        durees: list[float] = []
        refus: list[str] = []
        benchmark.group = "écritures concurrentes"
        benchmark.pedantic(lambda: _ecrire_ensemble(brouillons, durees, refus), rounds=1)
    benchmark.extra_info |= {
        "role": f"{fils} fils",
        "moteur": connection.vendor,
        "taille": 0,
        "fils": fils,
        "ecritures_par_seconde": len(durees) / SECONDES,
        "pire": max(durees),
        "refus": len(refus),
    }


def _ecrire_ensemble(brouillons, durees: list[float], refus: list[str]) -> None:
    fin = time.monotonic() + SECONDES
    fils = [threading.Thread(target=_ecrire, args=(v, fin, durees, refus)) for v in brouillons]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()


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
