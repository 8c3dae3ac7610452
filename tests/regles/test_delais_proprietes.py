"""Ce qui reste vrai quels que soient l’instant, le fuseau, le territoire et la durée."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpd.regles.calendrier import Territoire, est_ouvre, fuseau
from dpd.regles.delais import (
    ajouter_heures,
    ajouter_heures_ouvrees,
    ajouter_jours_ouvres,
    date_limite_preavis,
    echeance_mois,
)
from tests.regles import oracle

ZONES = st.sampled_from([ZoneInfo(nom) for nom in sorted({fuseau(t).key for t in Territoire})] + [UTC])
TERRITOIRES = st.sampled_from(list(Territoire))
JOURS = st.dates(date(2015, 1, 1), date(2045, 12, 31))


@st.composite
def instants(tirer):
    moment = tirer(st.datetimes(datetime(2015, 1, 1), datetime(2045, 12, 31)))  # noqa: DTZ001 — naïf exprès : le fuseau vient ensuite
    return moment.replace(tzinfo=UTC).astimezone(tirer(ZONES))


@given(instants())
def test_soixante_douze_heures_sont_exactes_dans_tous_les_fuseaux(t0):
    echeance = ajouter_heures(t0, 72)
    assert echeance.astimezone(UTC) - t0.astimezone(UTC) == timedelta(hours=72)
    assert echeance.tzinfo is t0.tzinfo
    assert echeance == oracle.heures(t0, 72)


@given(instants(), ZONES)
def test_soixante_douze_heures_ne_dependent_pas_du_fuseau_d_affichage(t0, zone):
    assert ajouter_heures(t0.astimezone(zone), 72).astimezone(UTC) == ajouter_heures(t0, 72).astimezone(UTC)


@settings(max_examples=200)
@given(instants(), st.integers(0, 400), TERRITOIRES)
def test_les_heures_ouvrees_egalent_le_calcul_naif(t0, heures, territoire):
    rendu = ajouter_heures_ouvrees(t0, heures, territoire)
    assert rendu == oracle.heures_ouvrees(t0, heures, territoire)
    assert rendu.tzinfo is t0.tzinfo


@given(instants(), st.integers(1, 200), TERRITOIRES)
def test_les_heures_ouvrees_n_expirent_jamais_un_jour_ferme(t0, heures, territoire):
    # L’instant d’avant l’échéance appartient toujours à un jour compté.
    derniere = ajouter_heures_ouvrees(t0, heures, territoire).astimezone(UTC) - timedelta(microseconds=1)
    assert est_ouvre(derniere.astimezone(fuseau(territoire)).date(), territoire)


@given(instants(), st.timedeltas(timedelta(0), timedelta(days=10)), st.integers(0, 200), TERRITOIRES)
def test_recevoir_plus_tard_n_avance_jamais_une_echeance(t0, retard, heures, territoire):
    plus_tard = (t0.astimezone(UTC) + retard).astimezone(t0.tzinfo)
    premiere = ajouter_heures_ouvrees(t0, heures, territoire).astimezone(UTC)
    seconde = ajouter_heures_ouvrees(plus_tard, heures, territoire).astimezone(UTC)
    assert premiere <= seconde


@given(instants(), st.integers(0, 200), st.integers(0, 50), TERRITOIRES)
def test_compter_en_deux_fois_ou_en_une_revient_au_meme(t0, heures, encore, territoire):
    une_fois = ajouter_heures_ouvrees(t0, heures + encore, territoire)
    deux_fois = ajouter_heures_ouvrees(ajouter_heures_ouvrees(t0, heures, territoire), encore, territoire)
    # À minuit pile, « la veille à 24 h » repart de « 0 h du premier jour compté » : même heure ouvrée.
    relance = ajouter_heures_ouvrees(une_fois, 0, territoire)
    assert deux_fois in (une_fois, relance)


@given(JOURS, st.integers(0, 300), TERRITOIRES)
def test_les_jours_ouvres_egalent_le_calcul_naif(jour, n, territoire):
    assert ajouter_jours_ouvres(jour, n, territoire) == oracle.jours_ouvres(jour, n, territoire)


@given(JOURS, st.integers(1, 300), TERRITOIRES)
def test_les_jours_ouvres_arrivent_un_jour_ouvre_et_avancent(jour, n, territoire):
    rendu = ajouter_jours_ouvres(jour, n, territoire)
    assert est_ouvre(rendu, territoire)
    assert rendu > ajouter_jours_ouvres(jour, n - 1, territoire)


@pytest.mark.parametrize(
    "depart",
    [
        date(1999, 12, 1),
        date(1999, 12, 31),
        date(2000, 1, 1),
        date(2099, 12, 1),
        date(2099, 12, 31),
        date(2150, 3, 3),
    ],
)
def test_le_siecle_couvert_par_les_tables_ne_fait_pas_de_couture(depart):
    for n in (0, 1, 5, 40):
        attendu = oracle.jours_ouvres(depart, n, Territoire.MAYOTTE)
        assert ajouter_jours_ouvres(depart, n, Territoire.MAYOTTE) == attendu


@st.composite
def receptions_suspendues(tirer):
    """Une réception et des suspensions disjointes, commencées pendant le premier mois."""
    reception = tirer(JOURS)
    bornes = sorted(tirer(st.lists(st.integers(0, 27), max_size=6)))
    jours = [reception + timedelta(days=borne) for borne in bornes]
    return reception, list(zip(jours[::2], jours[1::2], strict=False))


@given(receptions_suspendues(), st.integers(1, 6), TERRITOIRES)
def test_l_echeance_en_mois_egale_le_calcul_naif(cas, mois, territoire):
    reception, suspensions = cas
    rendu = echeance_mois(reception, mois, suspensions=suspensions, territoire=territoire)
    assert rendu == oracle.reponse(reception, mois, suspensions, territoire)
    assert est_ouvre(rendu, territoire)


@given(JOURS, st.integers(0, 400), st.integers(1, 24))
def test_recevoir_plus_tard_ne_rapproche_jamais_l_echeance_en_mois(reception, retard, mois):
    plus_tard = reception + timedelta(days=retard)
    assert echeance_mois(reception, mois) <= echeance_mois(plus_tard, mois)


@given(JOURS, st.integers(1, 24), TERRITOIRES)
def test_un_preavis_donne_a_sa_limite_laisse_toujours_les_mois_voulus(echeance, mois, territoire):
    limite = date_limite_preavis(echeance, mois, territoire)
    assert limite == oracle.preavis(echeance, mois, territoire)
    assert est_ouvre(limite, territoire)
    assert oracle.plus_mois(limite, mois) <= echeance
