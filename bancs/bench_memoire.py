"""La mémoire d’un processus web qui exporte un grand registre."""

import pytest
from django.db import connection

from bancs.bases import REGISTRES
from bancs.gunicorn_d_essai import memoire, oublier_la_pointe, ouvrir_une_session, servir
from dpd.comptes.models import Structure
from dpd.documents.reponse import FORMATS
from dpd.pilotage.charge.lieux import relire


@pytest.fixture(scope="module")
def base(django_db_blocker):
    """La vraie base, sans transaction : un autre processus la lit."""
    with django_db_blocker.unblock():
        yield


@pytest.mark.parametrize("fiches", REGISTRES)
@pytest.mark.parametrize("format", FORMATS)
def bench_memoire_d_un_export(benchmark, base, format, fiches):
    """Un processus neuf, chauffé par un petit export, puis la pointe pendant le grand."""
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
