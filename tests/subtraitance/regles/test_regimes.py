"""Qualifier d’abord : chaque régime a son texte, et un délai seulement s’il est connu."""

from datetime import date

import pytest

from subtraitance.enums import RegimeDemande
from subtraitance.regles.regimes import REGIMES, echeance_du_regime

RECUE = date(2026, 1, 31)


def test_chaque_regime_est_decrit_avec_son_texte():
    assert set(REGIMES) == set(RegimeDemande)
    assert all(regime.texte and regime.conseil for regime in REGIMES.values())


@pytest.mark.parametrize(
    ("regime", "echeance"),
    [
        (RegimeDemande.RGPD, date(2026, 2, 28)),
        (RegimeDemande.CADA, date(2026, 2, 28)),
        (RegimeDemande.ETAT_CIVIL, None),
        (RegimeDemande.LISTE_ELECTORALE, None),
    ],
)
def test_un_delai_que_rien_ne_source_reste_vide(regime, echeance):
    assert echeance_du_regime(REGIMES[regime], RECUE) == echeance


def test_seul_le_rgpd_se_prolonge_et_se_suspend():
    assert [r for r in RegimeDemande if REGIMES[r].prolongeable] == [RegimeDemande.RGPD]
