"""Ce qui reste se dit à la minute inférieure, et la date limite dans le fuseau où on la lit."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from violations.regles.durees import duree_dite, heures_dites, jour_relatif, quand, quand_court

PARIS = ZoneInfo("Europe/Paris")
LUNDI = datetime(2026, 11, 23, 16, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duree", "dite"),
    [
        (timedelta(hours=7, minutes=45, seconds=59), "7\u00a0h\u00a045"),
        (timedelta(hours=-2, minutes=-25), "2\u00a0h\u00a025"),
        (timedelta(minutes=45), "45\u00a0min"),
        (timedelta(seconds=59), "moins d’une minute"),
        (timedelta(0), "moins d’une minute"),
        (timedelta(hours=72), "72\u00a0h"),
        (timedelta(hours=99, minutes=59), "99\u00a0h\u00a059"),
        (timedelta(hours=100), "4\u00a0jours"),
        (timedelta(days=-400), "400\u00a0jours"),
    ],
)
def test_la_duree_se_dit(duree, dite):
    assert duree_dite(duree) == dite


def test_un_delai_se_compte_en_heures():
    assert heures_dites(timedelta(hours=72)) == "72\u00a0heures"
    assert heures_dites(timedelta(hours=1)) == "1\u00a0heure"


def test_l_instant_se_lit_dans_le_fuseau_demande():
    assert quand(LUNDI, PARIS) == "lundi 23\u00a0novembre, 17\u00a0h\u00a025"
    assert quand(LUNDI, ZoneInfo("America/Cayenne")) == "lundi 23\u00a0novembre, 13\u00a0h\u00a025"
    assert quand_court(datetime(2026, 12, 1, 8, tzinfo=UTC), PARIS) == "Mardi 1er\u00a0déc., 9\u00a0h\u00a000"


@pytest.mark.parametrize(
    ("maintenant", "dit"),
    [
        (LUNDI - timedelta(hours=8), "aujourd’hui"),
        (LUNDI - timedelta(hours=24), "demain"),
        (LUNDI - timedelta(hours=72), "lundi 23\u00a0novembre"),
        (LUNDI + timedelta(days=2), "lundi 23\u00a0novembre"),
    ],
)
def test_le_jour_se_dit_par_rapport_a_maintenant(maintenant, dit):
    assert jour_relatif(LUNDI, maintenant, PARIS) == dit
