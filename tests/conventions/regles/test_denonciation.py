"""Dénoncer à temps, ou apprendre jusqu’à quand et par quel article."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.conventions.enums import Partie
from dpd.conventions.regles.denonciation import (
    HorsDelai,
    fenetre,
    fenetre_de_hausse,
    fin_apres_denonciation,
    fin_apres_hausse,
)
from tests.conventions.regles.conventions_types import DATES_FIXES, EXPRESSE, GLISSANTE, TRANCHES

EFFET = date(2024, 2, 15)
COLLECTIVITE, STRUCTURE = Partie.COLLECTIVITE, Partie.STRUCTURE


@pytest.mark.parametrize(
    ("notifiee", "fin", "limite", "agir"),
    [
        # L’échéance du 15 février 2027 se dénonce jusqu’au dimanche 15 novembre ; on agit le vendredi 13.
        (date(2026, 11, 13), date(2027, 2, 14), date(2026, 11, 15), date(2026, 11, 13)),
        (date(2026, 11, 15), date(2027, 2, 14), date(2026, 11, 15), date(2026, 11, 13)),
        (date(2026, 11, 16), date(2028, 2, 14), date(2027, 11, 15), date(2027, 11, 15)),
        (date(2027, 2, 15), date(2028, 2, 14), date(2027, 11, 15), date(2027, 11, 15)),
    ],
)
def test_trois_mois_avant_l_echeance(notifiee, fin, limite, agir):
    ouverte = fenetre(TRANCHES, EFFET, COLLECTIVITE, notifiee)
    assert (ouverte.fin, ouverte.limite, ouverte.agir_avant) == (fin, limite, agir)
    assert "3 mois avant" in ouverte.regle
    assert "article 6.4" in ouverte.regle


@pytest.mark.parametrize(
    ("partie", "notifiee", "fin"),
    [
        (COLLECTIVITE, date(2026, 10, 30), date(2026, 12, 31)),
        (COLLECTIVITE, date(2026, 10, 31), date(2027, 12, 31)),  # « avant le 31 » : le 30 au plus tard
        (STRUCTURE, date(2026, 7, 30), date(2026, 12, 31)),
        (STRUCTURE, date(2026, 7, 31), date(2027, 12, 31)),
        (COLLECTIVITE, date(2026, 7, 31), date(2026, 12, 31)),
    ],
)
def test_a_dates_fixes_chaque_partie_a_la_sienne(partie, notifiee, fin):
    assert fenetre(DATES_FIXES, EFFET, partie, notifiee).fin == fin


@pytest.mark.parametrize(
    ("clauses", "notifiee", "fin"),
    [
        (GLISSANTE, date(2026, 11, 21), date(2027, 1, 21)),
        (GLISSANTE, date(2026, 12, 31), date(2027, 2, 28)),
        (EXPRESSE, date(2024, 8, 31), date(2025, 2, 28)),
    ],
)
def test_un_preavis_glissant_part_de_la_notification(clauses, notifiee, fin):
    ouverte = fenetre(clauses, date(2021, 1, 1), STRUCTURE, notifiee)
    assert (ouverte.fin, ouverte.limite) == (fin, None)


def test_hors_delai_la_regle_l_article_et_la_prochaine_fin_sont_dits():
    with pytest.raises(HorsDelai, match=r"hors délai.*3 mois.*article 6\.4") as erreur:
        fin_apres_denonciation(TRANCHES, EFFET, COLLECTIVITE, date(2026, 11, 20), date(2027, 2, 14))
    assert erreur.value.fenetre.fin == date(2028, 2, 14)
    assert "14" in str(erreur.value)
    assert "2028" in str(erreur.value)


@pytest.mark.parametrize("voulue", [None, date(2028, 2, 14), date(2030, 2, 14)])
def test_a_temps_la_fin_est_la_premiere_possible(voulue):
    ouverte = fin_apres_denonciation(TRANCHES, EFFET, COLLECTIVITE, date(2026, 11, 20), voulue)
    assert ouverte.fin == date(2028, 2, 14)


def test_on_ne_denonce_pas_avant_l_effet():
    with pytest.raises(ValueError, match="avant de prendre effet"):
        fenetre(TRANCHES, EFFET, COLLECTIVITE, date(2024, 2, 14))


@pytest.mark.parametrize(
    ("clauses", "message"),
    [
        (replace(TRANCHES, duree_mois=None), "sans durée"),
        (replace(DATES_FIXES, limite_collectivite=None), "avant quelle date"),
    ],
)
def test_une_clause_incomplete_est_dite(clauses, message):
    with pytest.raises(ValueError, match=message):
        fenetre(clauses, EFFET, COLLECTIVITE, date(2026, 1, 1))


def test_une_hausse_ouvre_trois_mois_et_prend_effet_a_sa_notification():
    """Convention réelle, article 23."""
    hausse = date(2026, 1, 15)
    ouverte = fin_apres_hausse(DATES_FIXES, hausse, date(2026, 4, 15))
    assert (ouverte.fin, ouverte.limite) == (hausse, date(2026, 4, 15))
    assert "article 23" in ouverte.regle
    with pytest.raises(HorsDelai, match="mercredi 15"):
        fin_apres_hausse(DATES_FIXES, hausse, date(2026, 4, 16))


def test_une_hausse_ne_se_conteste_ni_avant_ni_sans_clause():
    with pytest.raises(ValueError, match="après avoir été notifiée"):
        fin_apres_hausse(DATES_FIXES, date(2026, 1, 15), date(2026, 1, 14))
    with pytest.raises(ValueError, match="n’ouvre pas"):
        fenetre_de_hausse(TRANCHES, date(2026, 1, 15))


def test_la_limite_d_une_hausse_ne_va_pas_au_dela_d_un_jour_ferme():
    ouverte = fenetre_de_hausse(DATES_FIXES, date(2026, 8, 1))
    assert (ouverte.limite, ouverte.agir_avant) == (date(2026, 11, 1), date(2026, 10, 30))


NOTIFICATIONS = st.dates(date(2024, 2, 15), date(2040, 12, 31))


@given(NOTIFICATIONS, st.sampled_from([TRANCHES, DATES_FIXES, GLISSANTE]), st.sampled_from(list(Partie)))
def test_la_fin_suit_toujours_la_notification_et_la_limite_est_tenue(notifiee, clauses, partie):
    ouverte = fenetre(clauses, EFFET, partie, notifiee)
    assert ouverte.fin > notifiee
    if ouverte.limite is not None:
        assert notifiee <= ouverte.limite
        assert ouverte.agir_avant <= ouverte.limite


@given(NOTIFICATIONS, NOTIFICATIONS)
def test_denoncer_plus_tard_ne_fait_jamais_finir_plus_tot(une, autre):
    fins = [fenetre(TRANCHES, EFFET, COLLECTIVITE, jour).fin for jour in sorted((une, autre))]
    assert fins == sorted(fins)
