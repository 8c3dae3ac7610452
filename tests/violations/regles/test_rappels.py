"""Mi-délai, 12 h, 4 h, 1 h, dépassement : chaque palier une fois, l’escalade de plus en plus haut."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from violations.regles.rappels import Cercle, Palier, calendrier, rappel_du

T0 = datetime(2026, 11, 20, 16, 25, tzinfo=UTC)
FIN = T0 + timedelta(hours=72)


def test_le_calendrier_des_soixante_douze_heures():
    assert [(r.palier, r.instant - T0) for r in calendrier(T0, FIN)] == [
        (Palier.MI_DELAI, timedelta(hours=36)),
        (Palier.DOUZE_HEURES, timedelta(hours=60)),
        (Palier.QUATRE_HEURES, timedelta(hours=68)),
        (Palier.UNE_HEURE, timedelta(hours=71)),
        (Palier.DEPASSEMENT, timedelta(hours=72)),
    ]


def test_l_escalade_ne_perd_jamais_un_cercle():
    cercles = [set(r.cercles) for r in calendrier(T0, FIN)]
    assert all(avant <= apres for avant, apres in pairwise(cercles))
    assert cercles[0] == {Cercle.REFERENT}
    assert cercles[-1] == set(Cercle)


@pytest.mark.parametrize(
    ("apres", "palier"),
    [
        (timedelta(hours=35), None),
        (timedelta(hours=36), Palier.MI_DELAI),
        (timedelta(hours=70), Palier.QUATRE_HEURES),
        (timedelta(days=9), Palier.DEPASSEMENT),
    ],
)
def test_apres_une_panne_seul_le_dernier_rappel_echu_part(apres, palier):
    rappel = rappel_du(T0, FIN, T0 + apres)
    assert (rappel.palier if rappel else None) == palier


def test_un_delai_court_n_a_pas_de_rappel_avant_son_depart():
    """Le sous-traitant n’a que 24 h ; un délai de 3 h n’a ni 12 h ni 4 h avant."""
    paliers = [r.palier for r in calendrier(T0, T0 + timedelta(hours=3))]
    assert paliers == [Palier.MI_DELAI, Palier.UNE_HEURE, Palier.DEPASSEMENT]


@given(st.integers(1, 24 * 30), st.integers(0, 24 * 40))
def test_les_rappels_sont_ordonnes_et_jamais_avant_leur_heure(heures, passees):
    fin = T0 + timedelta(hours=heures)
    instants = [r.instant for r in calendrier(T0, fin)]
    assert instants == sorted(instants)
    rappel = rappel_du(T0, fin, T0 + timedelta(hours=passees))
    assert rappel is None or rappel.instant <= T0 + timedelta(hours=passees)
