"""Date d’effet, échéances, extinction, exercices et phases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.conventions.enums import Reconduction, ReglePhase
from dpd.conventions.regles.clauses import (
    date_effet,
    echeance,
    manques,
    prochaine_echeance,
)
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.vie import (
    EtatConvention,
    dernier_jour,
    etat,
    exercices,
    fenetre_de_renouvellement,
    partagent_un_exercice,
    phase_au_jour,
    phase_de_l_exercice,
)
from tests.conventions.regles.conventions_types import DATES_FIXES, EXPRESSE, GLISSANTE, TRANCHES

EFFET = date(2024, 2, 15)


@pytest.mark.parametrize("clauses", [TRANCHES, DATES_FIXES, GLISSANTE, EXPRESSE])
def test_les_clauses_des_quatre_conventions_se_tiennent(clauses):
    assert manques(clauses) == []


@pytest.mark.parametrize(
    ("clauses", "phrase"),
    [
        (replace(EXPRESSE, date_fixe=None), "date fixe"),
        (replace(EXPRESSE, duree_mois=None), "a une durée"),
        (replace(TRANCHES, duree_mois=0), "au moins un mois"),
        (replace(EXPRESSE, renouvellement_mois=None), "renouvellement exprès"),
        (replace(GLISSANTE, preavis_mois=None), "nombre de mois"),
        (replace(TRANCHES, duree_mois=None), "demande une durée"),
        (replace(DATES_FIXES, limite_structure=None), "chaque partie"),
    ],
)
def test_une_clause_qui_manque_est_nommee(clauses, phrase):
    assert any(phrase in manque for manque in manques(clauses))


@pytest.mark.parametrize(
    ("signatures", "attendu"),
    [
        ((date(2024, 2, 10), EFFET), EFFET),
        ((EFFET, date(2024, 2, 10)), EFFET),
        ((EFFET, None), None),
        ((None, EFFET), None),
    ],
)
def test_l_effet_est_la_derniere_signature(signatures, attendu):
    assert date_effet(TRANCHES, signatures) == attendu


def test_une_date_fixe_l_emporte_sur_les_signatures_mais_les_attend():
    assert date_effet(EXPRESSE, (date(2020, 11, 3), date(2020, 12, 1))) == date(2021, 1, 1)
    assert date_effet(EXPRESSE, (date(2020, 11, 3), None)) is None


def test_les_echeances_se_comptent_depuis_l_effet():
    """Un 29 février échoit le 28 puis retrouve son quantième."""
    bissextile = date(2024, 2, 29)
    assert [echeance(TRANCHES, bissextile, r) for r in (1, 4)] == [date(2025, 2, 28), date(2028, 2, 29)]


def test_sans_duree_il_n_y_a_pas_d_echeance():
    assert prochaine_echeance(DATES_FIXES, EFFET, date(2026, 11, 21)) is None
    with pytest.raises(ValueError, match="sans durée"):
        echeance(DATES_FIXES, EFFET, 1)
    with pytest.raises(ValueError, match="sans durée"):
        echeance(TRANCHES, EFFET, 0)


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2023, 1, 1), date(2025, 2, 15)),
        (date(2026, 11, 21), date(2027, 2, 15)),
        (date(2027, 2, 14), date(2027, 2, 15)),
        (date(2027, 2, 15), date(2028, 2, 15)),
    ],
)
def test_la_prochaine_echeance_suit_le_jour(jour, attendu):
    assert prochaine_echeance(TRANCHES, EFFET, jour) == attendu


def test_une_convention_a_renouvellement_expres_non_renouvelee_est_eteinte():
    """Cas réel : cinq ans au 1er janvier 2021, terme au 31 décembre 2025."""
    effet = date(2021, 1, 1)
    fin = dernier_jour(EXPRESSE, effet)
    assert fin == date(2025, 12, 31)
    assert etat(effet, fin, None, date(2025, 12, 31)) is EtatConvention.EN_VIGUEUR
    assert etat(effet, fin, None, date(2026, 11, 21)) is EtatConvention.ETEINTE
    assert dernier_jour(EXPRESSE, effet, renouvellements=1) == date(2030, 12, 31)


def test_une_reconduction_tacite_n_a_pas_de_fin():
    assert dernier_jour(TRANCHES, EFFET) is None
    assert dernier_jour(TRANCHES, None) is None
    assert dernier_jour(replace(TRANCHES, reconduction=Reconduction.AUCUNE), EFFET) == date(2025, 2, 14)


def test_une_fin_anticipee_l_emporte_sur_le_terme():
    effet = date(2021, 1, 1)
    assert dernier_jour(EXPRESSE, effet, fin_anticipee=date(2023, 6, 30)) == date(2023, 6, 30)
    assert dernier_jour(EXPRESSE, effet, fin_anticipee=date(2027, 6, 30)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("effet", "fin", "anticipee", "jour", "attendu"),
    [
        (None, None, None, EFFET, EtatConvention.PROJET),
        (EFFET, None, None, EFFET - timedelta(1), EtatConvention.A_VENIR),
        (EFFET, None, None, EFFET, EtatConvention.EN_VIGUEUR),
        (EFFET, date(2027, 2, 14), date(2027, 2, 14), date(2026, 12, 1), EtatConvention.DENONCEE),
        (EFFET, date(2027, 2, 14), date(2027, 2, 14), date(2027, 2, 15), EtatConvention.TERMINEE),
    ],
)
def test_l_etat_se_lit_des_dates(effet, fin, anticipee, jour, attendu):
    assert etat(effet, fin, anticipee, jour) is attendu
    assert attendu.label


def test_la_fenetre_de_renouvellement_n_est_jamais_reportee_apres():
    fenetre = fenetre_de_renouvellement(EXPRESSE, date(2021, 1, 1), 1)
    assert fenetre.echeance == date(2031, 1, 1)
    assert fenetre.limite == date(2030, 7, 1)
    assert fenetre.agir_avant == date(2030, 7, 1)
    samedi = fenetre_de_renouvellement(replace(EXPRESSE, renouvellement_mois=3), date(2021, 1, 2), 0)
    assert (samedi.limite, samedi.agir_avant) == (date(2025, 10, 2), date(2025, 10, 2))
    dimanche = fenetre_de_renouvellement(EXPRESSE, date(2023, 7, 4), 0)
    assert (dimanche.limite, dimanche.agir_avant) == (date(2028, 1, 4), date(2028, 1, 4))
    ferie = fenetre_de_renouvellement(EXPRESSE, date(2022, 5, 1), 0)
    assert (ferie.limite, ferie.agir_avant) == (date(2026, 11, 1), date(2026, 10, 30))


def test_une_reconduction_tacite_ne_se_renouvelle_pas_expressement():
    with pytest.raises(ValueError, match="expressément"):
        fenetre_de_renouvellement(TRANCHES, EFFET, 0)


@pytest.mark.parametrize(
    ("effet", "fin", "jusqu_a", "attendu"),
    [
        (None, None, 2027, []),
        (EFFET, None, 2026, [2024, 2025, 2026]),
        (EFFET, date(2025, 2, 14), 2027, [2024, 2025]),
        (EFFET, None, 2023, []),
    ],
)
def test_les_exercices_couverts(effet, fin, jusqu_a, attendu):
    assert list(exercices(effet, fin, jusqu_a)) == attendu


DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))
PERIODES = st.tuples(DATES, st.none() | DATES).filter(lambda p: p[1] is None or p[0] <= p[1])


@given(PERIODES, PERIODES)
def test_partager_un_exercice_se_voit_en_les_comptant(une, autre):
    communs = set(exercices(*une, 2050)) & set(exercices(*autre, 2050))
    assert partagent_un_exercice(une, autre) is bool(communs)
    assert partagent_un_exercice(autre, une) is bool(communs)


@pytest.mark.parametrize(
    ("exercice", "bascule", "regle", "attendu"),
    [
        (2024, None, ReglePhase.PREMIER_EXERCICE, Phase.MISE_EN_PLACE),
        (2025, None, ReglePhase.PREMIER_EXERCICE, Phase.ACCOMPAGNEMENT),
        (2027, None, ReglePhase.BASCULE, Phase.MISE_EN_PLACE),
        (2025, date(2025, 6, 1), ReglePhase.BASCULE, Phase.MISE_EN_PLACE),
        (2026, date(2025, 6, 1), ReglePhase.BASCULE, Phase.ACCOMPAGNEMENT),
    ],
)
def test_la_phase_que_paie_un_exercice(exercice, bascule, regle, attendu):
    assert phase_de_l_exercice(exercice, effet=EFFET, bascule_le=bascule, regle=regle) is attendu


@pytest.mark.parametrize(
    ("jour", "bascule", "regle", "attendu"),
    [
        (date(2025, 2, 14), None, ReglePhase.PREMIER_EXERCICE, Phase.MISE_EN_PLACE),
        (date(2025, 2, 15), None, ReglePhase.PREMIER_EXERCICE, Phase.ACCOMPAGNEMENT),
        (date(2027, 1, 1), None, ReglePhase.BASCULE, Phase.MISE_EN_PLACE),
        (date(2024, 12, 1), date(2024, 12, 1), ReglePhase.PREMIER_EXERCICE, Phase.ACCOMPAGNEMENT),
        (date(2024, 11, 30), date(2024, 12, 1), ReglePhase.BASCULE, Phase.MISE_EN_PLACE),
    ],
)
def test_la_phase_du_jour(jour, bascule, regle, attendu):
    assert phase_au_jour(jour, effet=EFFET, bascule_le=bascule, regle=regle) is attendu
