"""Qualifier d’abord : chaque régime a son texte, et un délai ou un recours seulement s’il est connu."""

from datetime import date

import pytest

from subtraitance.enums import RegimeDemande
from subtraitance.regles.recours import CADA, CNIL
from subtraitance.regles.regimes import (
    A_QUALIFIER,
    REGIMES,
    echeance_du_regime,
    recours_de,
    regime_qualifie,
    suit_le_rgpd,
    texte_dit,
)

RECUE = date(2026, 1, 31)
CHACUN = ("", *RegimeDemande)


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
    assert [r for r in CHACUN if suit_le_rgpd(r)] == [RegimeDemande.RGPD]


RECOURS = {
    "": None,
    RegimeDemande.RGPD: CNIL,
    RegimeDemande.CADA: CADA,
    RegimeDemande.ETAT_CIVIL: None,
    RegimeDemande.LISTE_ELECTORALE: None,
}


@pytest.mark.parametrize("regime", CHACUN)
def test_chaque_regime_a_son_recours_ou_aucun(regime):
    assert recours_de(regime) is RECOURS[regime]


@pytest.mark.parametrize("recours", [CNIL, CADA])
def test_un_recours_dit_ou_quand_et_son_texte(recours):
    assert all(
        (recours.devant, recours.quand, recours.silence, recours.resume, recours.source, recours.lettre)
    )
    assert recours.site.startswith("https://")


def test_la_cada_se_saisit_dans_les_deux_mois_avant_le_juge():
    dits = f"{CADA.condition} {CADA.resume} {' '.join(CADA.lettre)}"
    assert "CNIL" not in dits
    assert "RGPD" not in dits
    assert CADA.source == "CRPA, art. R.343-1"
    for voie in (CADA.condition, CADA.resume, CADA.lettre[0]):
        assert "deux mois" in voie
        assert "avant tout recours" in voie


def test_a_qualifier_aucun_texte_ne_s_affirme():
    assert regime_qualifie("") is None
    assert texte_dit("") == A_QUALIFIER
    assert "RGPD" not in A_QUALIFIER
    assert texte_dit(RegimeDemande.CADA) == "CRPA, art. L.311-1 et R.311-13"
