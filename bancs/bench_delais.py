"""Cent mille échéances ouvrées : contre la table de préfixes lue à nu, et contre le pas à pas."""

from datetime import date, timedelta

import pytest

from dpd.regles.calendrier import Territoire, est_ouvre
from dpd.regles.jours_ouvres import _TABLES, PREMIER_JOUR, ajouter_jours_ouvres

CALCULS, JOURS = 100_000, 15
METROPOLE = Territoire.METROPOLE  # lire un membre d’énumération coûte autant que le calcul
DATES = [date(2026, 1, 1) + timedelta(days=n % 3_000) for n in range(CALCULS)]


def nous():
    return [ajouter_jours_ouvres(jour, JOURS, METROPOLE) for jour in DATES]


def table():
    """Deux lectures de tableau par calcul, sans contrôle ni fonction."""
    rangs, ouvres = _TABLES[METROPOLE]
    origine = PREMIER_JOUR.toordinal()
    return [ouvres[rangs[jour.toordinal() - origine] + JOURS - 1] for jour in DATES]


def boucle():
    """Jour après jour, sur un centième des dates : le résultat se lit par calcul."""
    return [_pas_a_pas(jour) for jour in DATES[:1_000]]


def _pas_a_pas(jour: date) -> date:
    reste = JOURS
    while reste:
        jour += timedelta(days=1)
        reste -= est_ouvre(jour, METROPOLE)
    return jour


@pytest.mark.parametrize(("role", "faire"), [("nous", nous), ("table", table), ("boucle", boucle)])
def bench_jours_ouvres(benchmark, role, faire):
    attendus = nous()
    assert faire() == attendus[: len(faire())]
    benchmark.group = "échéances ouvrées"
    benchmark.extra_info |= {"role": role, "unites": len(faire()), "moteur": "", "taille": 0, "requetes": 0}
    benchmark.pedantic(faire, rounds=7, warmup_rounds=1)
