"""Durées de conservation : échéance, lecture, libellé, sorts finaux."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registre.regles.conservation import (
    SORTS_FINAUX,
    echeance_conservation,
    est_definie,
    libelle_duree,
    lire_duree_iso,
)
from registre.regles.contenu import Duree


@pytest.mark.parametrize(
    ("duree", "evenement", "echeance"),
    [
        (Duree(13, "mois"), date(2026, 1, 31), date(2027, 2, 28)),
        (Duree(1, "mois"), date(2028, 1, 31), date(2028, 2, 29)),
        (Duree(10, "annee"), date(2026, 11, 23), date(2036, 11, 23)),
        (Duree(1, "annee"), date(2028, 2, 29), date(2029, 2, 28)),
        (Duree(30, "jour"), date(2026, 2, 20), date(2026, 3, 22)),
        (Duree(0, "jour"), date(2026, 7, 3), date(2026, 7, 3)),
        (Duree(0, "annee"), date(2026, 7, 3), date(2026, 7, 3)),
        (Duree(80, "annee"), date(1990, 5, 1), date(2070, 5, 1)),
        (Duree(unite="permanente"), date(2026, 1, 1), None),
        (Duree(5, "permanente"), None, None),
        (Duree(inconnue=True), date(2026, 1, 1), None),
        (Duree(5, "annee", inconnue=True), date(2026, 1, 1), None),
        (Duree(), date(2026, 1, 1), None),
        (Duree(5, ""), date(2026, 1, 1), None),
        (Duree(None, "mois"), date(2026, 1, 1), None),
        (Duree(5, "annee"), None, None),
    ],
)
def test_l_echeance_se_compte_en_dates_civiles_depuis_l_evenement(duree, evenement, echeance):
    assert echeance_conservation(duree, evenement) == echeance


@pytest.mark.parametrize(
    ("duree", "evenement", "message"),
    [
        (Duree(-1, "mois"), date(2026, 1, 1), "négative"),
        (Duree(10**9, "jour"), date(2026, 1, 1), "démesurée"),
        (Duree(10**6, "annee"), date(2026, 1, 1), "hors du calendrier"),
        (Duree(1, "mois"), datetime(2026, 1, 1, tzinfo=UTC), "L’événement de départ doit être une date"),
    ],
)
def test_une_duree_ou_un_evenement_impossible_est_refuse(duree, evenement, message):
    with pytest.raises(ValueError, match=message):
        echeance_conservation(duree, evenement)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 1200))
def test_douze_mois_valent_un_an_et_le_temps_avance(evenement, n):
    assert echeance_conservation(Duree(12 * n, "mois"), evenement) == (
        echeance_conservation(Duree(n, "annee"), evenement)
    )
    assert echeance_conservation(Duree(n, "mois"), evenement) >= evenement


@pytest.mark.parametrize(
    ("texte", "duree"),
    [
        ("P13M", Duree(13, "mois")),
        ("P10Y", Duree(10, "annee")),
        (" p30d ", Duree(30, "jour")),
        ("P2W", Duree(14, "jour")),
        ("P1Y6M", Duree(18, "mois")),
        ("P0D", Duree(0, "jour")),
        ("P0M", Duree(0, "mois")),
    ],
)
def test_une_duree_iso_se_lit(texte, duree):
    assert lire_duree_iso(texte) == duree


@pytest.mark.parametrize(
    "texte", ["", "P", "13M", "P13", "P1Y30D", "PT24H", "P-1M", "P1,5Y", "dix ans", "P٣M"]
)
def test_une_duree_illisible_est_refusee_avec_un_exemple(texte):
    with pytest.raises(ValueError, match=r"Durée illisible.*P13M"):
        lire_duree_iso(texte)


@pytest.mark.parametrize(
    ("duree", "libelle"),
    [
        (Duree(13, "mois", "le dernier prélèvement"), "13 mois après le dernier prélèvement"),
        (Duree(1, "annee", "la fin de l’année scolaire"), "1 an après la fin de l’année scolaire"),
        (Duree(10, "annee"), "10 ans"),
        (Duree(1, "jour"), "1 jour"),
        (Duree(30, "jour", " "), "30 jours"),
        (Duree(0, "jour", "la fin de l’année scolaire"), "jusqu’à la fin de l’année scolaire"),
        (Duree(0, "jour", "le départ"), "jusqu’au départ"),
        (Duree(0, "jour", "les élections"), "jusqu’aux élections"),
        (Duree(0, "jour", "le"), "jusqu’à le"),
        (Duree(0, "jour"), "effacement immédiat"),
        (Duree(unite="permanente", evenement="la signature"), "sans limite"),
        (Duree(3, "permanente"), "sans limite"),
        (Duree(), "à déterminer"),
        (Duree(None, "mois"), "à déterminer"),
        (Duree(5, "siècle"), "à déterminer"),
        (Duree(5, "annee", inconnue=True), "à déterminer"),
    ],
)
def test_une_duree_se_dit_en_francais(duree, libelle):
    assert libelle_duree(duree).replace("\u00a0", " ") == libelle


def test_une_duree_definie_est_chiffree_ou_permanente():
    assert est_definie(Duree(0, "jour"))
    assert est_definie(Duree(unite="permanente"))
    assert not est_definie(Duree(unite="permanente", inconnue=True))


def test_les_cinq_sorts_finaux_ont_un_libelle():
    assert list(SORTS_FINAUX) == ["E", "T", "C", "X", "R"]
    assert SORTS_FINAUX["E"] == "Élimination, avec visa des Archives"
