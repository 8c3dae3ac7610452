"""Le tableau droit × base légale, et les durées de détention des conventions."""

from datetime import date

import pytest

from dpd.regles.calendrier import Territoire
from dpd.vocabulaire import BaseLegale
from subtraitance.enums import Droit, UniteDetention
from subtraitance.regles.bases import HORS_TABLEAU, Ouverture, indication
from subtraitance.regles.detention import echeance_detention, retard

TOUTES = [(droit.value, base.value) for droit in Droit for base in BaseLegale]
EXCLUS = {
    (Droit.EFFACEMENT, "c"),
    (Droit.EFFACEMENT, "e"),
    *((Droit.PORTABILITE, base) for base in "cdef"),
    *((Droit.OPPOSITION, base) for base in "bcd"),
    *((Droit.RETRAIT, base) for base in "bcdef"),
}


def test_le_tableau_exclut_ce_que_dit_la_cnil_et_rien_d_autre():
    exclus = {(d, b) for d, b in TOUTES if indication(d, b).ouverture == Ouverture.EXCLU}
    assert exclus == EXCLUS


@pytest.mark.parametrize("droit", [Droit.ACCES, Droit.RECTIFICATION, Droit.LIMITATION])
def test_certains_droits_valent_toujours(droit):
    assert {indication(droit, base).ouverture for base in BaseLegale} == {Ouverture.OUVERT}


def test_tout_ce_qui_n_est_pas_ouvert_dit_pourquoi():
    indications = [indication(d, b) for d, b in TOUTES]
    assert all(i.pourquoi for i in indications if i.ouverture != Ouverture.OUVERT)


def test_retirer_son_consentement_vaut_opposition():
    assert "consentement" in indication(Droit.OPPOSITION, BaseLegale.CONSENTEMENT).pourquoi


def test_ce_que_le_tableau_ne_couvre_pas_s_examine():
    assert indication(Droit.POST_MORTEM, BaseLegale.CONTRAT) == HORS_TABLEAU


@pytest.mark.parametrize(
    ("recu", "quantite", "unite", "attendue"),
    [
        (date(2026, 4, 30), 15, UniteDetention.JOURS_OUVRES, date(2026, 5, 27)),
        (date(2026, 11, 23), 15, UniteDetention.JOURS_OUVRES, date(2026, 12, 14)),
        (date(2026, 11, 30), 3, UniteDetention.MOIS, date(2027, 2, 28)),
        (date(2024, 2, 29), 3, UniteDetention.ANNEES, date(2027, 2, 28)),
        (date(2026, 11, 23), None, UniteDetention.INTERVENTION, date(2026, 11, 23)),
    ],
)
def test_l_echeance_d_un_lot(recu, quantite, unite, attendue):
    assert echeance_detention(recu, quantite, unite, Territoire.METROPOLE) == attendue


def test_le_temps_de_la_convention_attend_d_en_connaitre_la_fin():
    recu = date(2026, 1, 5)
    assert echeance_detention(recu, None, UniteDetention.CONVENTION, Territoire.METROPOLE) is None
    fin = date(2030, 12, 31)
    assert echeance_detention(recu, None, UniteDetention.CONVENTION, Territoire.METROPOLE, fin) == fin


@pytest.mark.parametrize("quantite", [None, 0, -1])
def test_une_duree_chiffree_a_sa_quantite(quantite):
    with pytest.raises(ValueError, match="au moins une"):
        echeance_detention(date(2026, 1, 5), quantite, UniteDetention.MOIS, Territoire.METROPOLE)


@pytest.mark.parametrize(
    ("echeance", "detruit", "jours"),
    [
        (date(2026, 11, 20), None, 3),
        (date(2026, 11, 23), None, 0),
        (date(2026, 11, 20), date(2026, 11, 21), 1),
        (date(2026, 11, 20), date(2026, 11, 19), 0),
        (None, None, 0),
    ],
)
def test_le_retard_se_compte_en_jours(echeance, detruit, jours):
    assert retard(echeance, detruit, date(2026, 11, 23)) == jours
