"""Seize fils écrivent ensemble pendant dix secondes, chacun sa fiche : d’un seul processus, puis de deux,
comme en production.
"""

import pytest
from django.db import connection

from bancs.ecrivains import ecrire_ensemble
from registre.models import VersionTraitement

SECONDES = 10


@pytest.mark.parametrize(("fils", "processus"), [(1, 1), (16, 1), (16, 2)])
def bench_ecritures_concurrentes(benchmark, django_db_blocker, fils, processus):
    with django_db_blocker.unblock():
        brouillons = VersionTraitement.objects.filter(etat="brouillon", est_courante=True)
        cles = list(brouillons.order_by("pk").values_list("pk", flat=True)[:fils])
        connection.close()
    assert len(cles) == fils
    parts = [cles[rang::processus] for rang in range(processus)]
    benchmark.group = "écritures concurrentes"
    durees, refus = benchmark.pedantic(lambda: ecrire_ensemble(parts, SECONDES), rounds=1)
    benchmark.extra_info |= {
        "role": f"{fils} fils, {processus} processus",
        "moteur": connection.vendor,
        "taille": 0,
        "fils": fils,
        "processus": processus,
        "ecritures_par_seconde": len(durees) / SECONDES,
        "pire": max(durees),
        "refus": len(refus),
    }
