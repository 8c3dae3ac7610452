"""Le site sous gunicorn : deux processus, huit clients ; puis la mémoire d’un processus qui exporte."""

from statistics import quantiles

import pytest
from django.db import connection

from bancs.acteurs import trouver
from bancs.bases import REGISTRES
from bancs.bench_pages import PAGES
from bancs.conftest import TAILLE
from bancs.gunicorn_d_essai import memoire, oublier_la_pointe, ouvrir_une_session, presser, servir
from dpd.comptes.models import Structure
from dpd.pilotage.charge.lieux import relire

CLIENTS, CHACUN, TOURS = 8, 12, 3
EXPORTS = ("csv", "json", "xlsx", "ods", "pdf")


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
    if TAILLE == "registres":
        pytest.skip("seule la mémoire s’y mesure")
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
        "taille": int(TAILLE),
        "unites": CLIENTS * CHACUN,
        "p50": centiles[49],
        "p95": centiles[94],
        "memoire": max(memoire(pid)[1] for pid in serveur.processus),
    }


@pytest.mark.parametrize("fiches", REGISTRES)
@pytest.mark.parametrize("format", EXPORTS)
def bench_memoire_d_un_export(benchmark, base, format, fiches):
    """Un processus neuf, chauffé par un petit export, puis la pointe pendant le grand."""
    if TAILLE != "registres":
        pytest.skip("demande la base des registres")
    equipe, lieux = relire(Structure.objects.get())
    session = ouvrir_une_session(equipe.dpd)
    chemins = {
        n: f"/c/{lieu.collectivite.siren}/registre/exporter/{format}/"
        for n, lieu in zip(REGISTRES, lieux, strict=True)
    }
    with servir(processus=1) as serveur:
        serveur.telecharger(chemins[REGISTRES[0]], session.session_key)
        [pid] = serveur.processus
        oublier_la_pointe(pid)
        residente, _ = memoire(pid)
        rendus = []
        benchmark.group = f"mémoire, export {format.upper()}"
        benchmark.pedantic(
            lambda: rendus.append(serveur.telecharger(chemins[fiches], session.session_key)), rounds=1
        )
        _, pointe = memoire(pid)
    session.delete()
    assert rendus[0][0] == 200
    benchmark.extra_info |= {
        "role": "nous",
        "moteur": connection.vendor,
        "taille": 0,
        "fiches": fiches,
        "octets": rendus[0][1],
        "memoire": pointe,
        "memoire_ajoutee": pointe - residente,
    }
