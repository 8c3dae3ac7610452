"""Une durée se lit comme on la tape et s’écrit comme on la dit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.regles.durees import JOUR_ENTIER, duree_en_heures, lire_duree


@pytest.mark.parametrize(
    ("minutes", "ecrite"),
    [
        (0, "0\u00a0min"),
        (15, "15\u00a0min"),
        (60, "1\u00a0h"),
        (65, "1\u00a0h\u00a005"),
        (690, "11\u00a0h\u00a030"),
        (60_000, "1\u202f000\u00a0h"),
        (-90, "-1\u00a0h\u00a030"),
    ],
)
def test_une_duree_s_ecrit_en_heures(minutes, ecrite):
    assert duree_en_heures(minutes) == ecrite


@pytest.mark.parametrize(
    ("texte", "minutes"),
    [
        ("1 h 20", 80),
        ("1h20", 80),
        ("1\u00a0h\u00a020", 80),
        ("1:20", 80),
        ("2 h", 120),
        ("3 heures", 180),
        ("80", 80),
        ("80 min", 80),
        ("45 MN", 45),
        ("1440", JOUR_ENTIER),
        ("24 h", JOUR_ENTIER),
    ],
)
def test_une_duree_se_lit_comme_on_la_tape(texte, minutes):
    assert lire_duree(texte) == minutes


@pytest.mark.parametrize(
    "texte", ["", "0", "0 h", "1 h 75", "24 h 01", "1441", "une heure", "-5", "1,5", "1 h 20 min 3", "99999"]
)
def test_ce_qui_n_est_pas_une_duree_d_un_jour_est_refuse(texte):
    with pytest.raises(ValueError, match="Écrivez une durée d’un jour au plus"):
        lire_duree(texte)


@given(st.integers(1, JOUR_ENTIER))
def test_une_duree_ecrite_se_relit(minutes):
    assert lire_duree(duree_en_heures(minutes)) == minutes
