"""Les fixtures du banc : une base déjà peuplée, des personnes, et de quoi mesurer."""

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, connections
from django.db.models import Count

from bancs import acteurs as acteurs_du_banc
from bancs.espion import espionner
from bancs.gunicorn_d_essai import memoire as pointe_de
from bancs.gunicorn_d_essai import oublier_la_pointe
from bancs.mesures import taille_de_la_base
from dpd.comptes.models import Structure
from dpd.pilotage.charge.lieux import relire


@pytest.fixture(scope="session")
def django_db_setup():
    """La base est celle de l’environnement, déjà peuplée : rien n’est créé, rien n’est détruit."""


@pytest.fixture(scope="session", autouse=True)
def django_test_environment():
    """Rien : l’environnement d’essai copie le contexte de chaque gabarit, ce que le site ne fait pas."""


@pytest.fixture
def acteurs(db):
    return acteurs_du_banc.trouver()


@pytest.fixture
def lieux_de(db):
    return relire


@pytest.fixture
def structure_du_banc(db):
    """La plus grande structure de la base."""
    return Structure.objects.annotate(n=Count("collectivites")).order_by("-n", "pk")[0]


@pytest.fixture
def mesurer(benchmark):
    """``mesurer(faire, groupe=…, role=…)`` : le temps, et ce que la base a vu passer.

    ``groupe`` réunit une mesure et ses planchers ; ``role`` dit laquelle c’est (« nous », « sql »…).
    ``avant`` : préparation non chronométrée, rejouée avant chaque tour ; ce qu’elle rend est passé à
    ``faire``. ``unites`` : ce par quoi diviser pour lire un coût unitaire. ``memoire`` : dire aussi les
    mégaoctets que les tours ajoutent à ceux du processus.
    """
    return partial(_mesurer, benchmark)


def _mesurer(benchmark, faire, **options):
    """Sur une pile neuve, comme le fil qui sert une page : Python alloue la sienne par blocs de 16 Kio, et un
    appel à cheval sur deux blocs, au fond de celle de pytest, coûte du simple au double.
    """
    partagee = connections["default"]

    def dans_un_fil():
        connections["default"] = partagee
        return _mesurer_ici(benchmark, faire, **options)

    partagee.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(max_workers=1) as fil:
            return fil.submit(dans_un_fil).result()
    finally:
        partagee.dec_thread_sharing()


def _mesurer_ici(
    benchmark, faire, *, groupe, role="nous", tours=15, avant=None, unites=1, memoire=False, **dits
):
    def preparer():
        return ((avant(),), {}) if avant else ((), {})

    gc.collect()
    gc.freeze()  # les objets du banc lui-même ne se reparcourent pas pendant la mesure
    # Une fois pour chauffer, une pour compter ; un geste si long qu’il n’a qu’un tour se chauffe en comptant.
    for _ in range(min(tours, 2)):
        arguments, _nommes = preparer()
        with espionner() as espion:
            rendu = faire(*arguments)
    benchmark.group = groupe
    benchmark.extra_info |= {
        "role": role,
        "moteur": connection.vendor,
        "taille": taille_de_la_base(),
        "requetes": espion.nombre,
        "parametres": espion.parametres_max,
        "unites": unites,
        **dits,
    }
    residente = _oublier() if memoire else 0
    benchmark.pedantic(faire, setup=preparer, rounds=tours)
    if memoire:
        benchmark.extra_info["memoire_ajoutee"] = pointe_de(os.getpid())[1] - residente
    return rendu


def _oublier() -> float:
    oublier_la_pointe(os.getpid())
    return pointe_de(os.getpid())[0]
