"""Le site sous gunicorn : deux processus, huit clients."""

from statistics import quantiles

import pytest
from django.db import connection

from bancs.acteurs import trouver
from bancs.bench_pages import PAGES
from bancs.gunicorn_d_essai import memoire, ouvrir_une_session, presser, servir
from bancs.mesures import taille_de_la_base

CLIENTS, CHACUN, TOURS = 8, 12, 3


@pytest.fixture(scope="module")
def base(django_db_blocker):
    """La vraie base, sans transaction : un autre processus la lit."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def sessions(base):
    """Une session par personne, ôtées à la fin : la base du banc reste ce qu’elle était."""
    acteurs, ouvertes = trouver(), {}
    for qui in ("dpd", "referent"):
        ouvertes[qui] = ouvrir_une_session(getattr(acteurs, qui))
    yield acteurs, ouvertes
    for session in ouvertes.values():
        session.delete()


@pytest.fixture(scope="module")
def serveur(base):
    with servir() as ouvert:
        yield ouvert


@pytest.mark.parametrize("nom", ["vide", "tableau nu", *PAGES])
def bench_sous_charge(benchmark, serveur, sessions, nom):
    acteurs, ouvertes = sessions
    qui, adresse = PAGES.get(nom, ("referent", None))
    chemin = adresse(acteurs) if adresse else "/banc/vide/"
    if nom == "tableau nu":
        chemin = f"/banc/tableau/{acteurs.collectivite.siren}/"
    session = ouvertes[qui].session_key
    presser(serveur, chemin, session, 2, 4)
    durees: list[float] = []
    benchmark.group = f"sous charge : {nom}"
    benchmark.pedantic(
        lambda: durees.extend(presser(serveur, chemin, session, CLIENTS, CHACUN)), rounds=TOURS
    )
    centiles = quantiles(durees, n=100)
    benchmark.extra_info |= {
        "role": "service",
        "moteur": connection.vendor,
        "taille": taille_de_la_base(),
        "unites": CLIENTS * CHACUN,
        "p50": centiles[49],
        "p95": centiles[94],
        "memoire": max(memoire(pid)[1] for pid in serveur.processus),
    }
