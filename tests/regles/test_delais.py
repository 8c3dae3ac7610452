"""Les cas chiffrés du droit : 72 h, 24 h, 48 h ouvrées, un mois, jours ouvrés, préavis."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dpd.regles.calendrier import Territoire
from dpd.regles.delais import (
    ajouter_heures,
    ajouter_heures_ouvrees,
    ajouter_jours_ouvres,
    date_limite_preavis,
    echeance_mois,
)

PARIS = ZoneInfo("Europe/Paris")
CAYENNE = ZoneInfo("America/Cayenne")
METROPOLE = Territoire.METROPOLE


def a_paris(*valeurs):
    return datetime(*valeurs, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("t0", "heures", "echeance"),
    [
        pytest.param(a_paris(2026, 11, 20, 9), 72, a_paris(2026, 11, 23, 9), id="week-end inclus"),
        pytest.param(a_paris(2026, 3, 27, 18, 20), 72, a_paris(2026, 3, 30, 19, 20), id="heure d’été"),
        pytest.param(a_paris(2026, 4, 2, 17, 45), 72, a_paris(2026, 4, 5, 17, 45), id="dimanche de Pâques"),
        pytest.param(a_paris(2026, 12, 24, 16), 72, a_paris(2026, 12, 27, 16), id="Noël"),
        pytest.param(a_paris(2026, 10, 24, 16), 24, a_paris(2026, 10, 25, 15), id="heure d’hiver, 24 h"),
        pytest.param(a_paris(2026, 3, 27, 12), 72, a_paris(2026, 3, 30, 13), id="heure d’été, midi"),
        pytest.param(a_paris(2026, 11, 20, 9), 0, a_paris(2026, 11, 20, 9), id="zéro"),
        pytest.param(a_paris(2026, 11, 20, 9), 1.5, a_paris(2026, 11, 20, 10, 30), id="une heure et demie"),
    ],
)
def test_les_heures_sont_des_heures_reelles(t0, heures, echeance):
    rendu = ajouter_heures(t0, heures)
    assert rendu == echeance
    assert (rendu.hour, rendu.minute, rendu.tzinfo) == (echeance.hour, echeance.minute, t0.tzinfo)


def test_une_heure_double_compte_depuis_celle_qui_est_designee():
    ete = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=0)
    hiver = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    ecart = ajouter_heures(hiver, 72).astimezone(UTC) - ajouter_heures(ete, 72).astimezone(UTC)
    assert ecart == timedelta(hours=1)


@pytest.mark.parametrize(
    ("t0", "echeance"),
    [
        (a_paris(2026, 11, 17, 10), a_paris(2026, 11, 19, 10)),
        (a_paris(2026, 11, 19, 13), a_paris(2026, 11, 23, 13)),
        (a_paris(2026, 11, 20, 16, 30), a_paris(2026, 11, 24, 16, 30)),
        (a_paris(2026, 11, 21, 11), a_paris(2026, 11, 25, 0)),  # mardi 24 à 24 h
        (a_paris(2026, 11, 10, 18), a_paris(2026, 11, 13, 18)),
        (a_paris(2026, 5, 13, 9, 15), a_paris(2026, 5, 18, 9, 15)),
        (a_paris(2026, 4, 30, 17), a_paris(2026, 5, 5, 17)),
        (a_paris(2026, 12, 24, 15), a_paris(2026, 12, 29, 15)),
        (a_paris(2026, 5, 7, 17), a_paris(2026, 5, 12, 17)),
        # Le changement d’heure tombe un dimanche, qui ne compte pas.
        (a_paris(2026, 3, 27, 18, 20), a_paris(2026, 3, 31, 18, 20)),
        (a_paris(2026, 11, 23, 0), a_paris(2026, 11, 25, 0)),
    ],
)
def test_quarante_huit_heures_ne_comptent_ni_week_end_ni_ferie(t0, echeance):
    assert ajouter_heures_ouvrees(t0, 48, METROPOLE) == echeance


def test_quarante_huit_heures_recues_avant_un_ferie_local_sont_retardees_la_seulement():
    t0 = datetime(2026, 6, 9, 10, tzinfo=CAYENNE)
    assert ajouter_heures_ouvrees(t0, 48, Territoire.GUYANE) == datetime(2026, 6, 12, 10, tzinfo=CAYENNE)
    assert ajouter_heures_ouvrees(t0, 48, METROPOLE) == datetime(2026, 6, 11, 10, tzinfo=CAYENNE)


@pytest.mark.parametrize(
    ("lieu", "echeance"),
    [
        (Territoire.ALSACE_MOSELLE, a_paris(2026, 4, 8, 10)),
        (Territoire.ALSACE_MOSELLE_SANS_TEMPLE, a_paris(2026, 4, 7, 10)),
    ],
)
def test_le_vendredi_saint_n_est_ferie_que_la_ou_il_y_a_un_temple(lieu, echeance):
    """Jeudi 2 avril 2026, 10 h : vendredi saint, week-end et lundi de Pâques suivent."""
    assert ajouter_heures_ouvrees(a_paris(2026, 4, 2, 10), 48, lieu) == echeance


def test_le_jour_est_celui_du_territoire_meme_si_l_instant_est_en_temps_universel():
    # Vendredi 23 h à Cayenne est déjà samedi en temps universel.
    t0 = datetime(2026, 11, 21, 2, tzinfo=UTC)
    rendu = ajouter_heures_ouvrees(t0, 48, Territoire.GUYANE)
    assert rendu == datetime(2026, 11, 24, 23, tzinfo=CAYENNE)
    assert rendu.tzinfo is UTC


def test_zero_heure_ouvree_attend_le_premier_jour_compte():
    assert ajouter_heures_ouvrees(a_paris(2026, 11, 21, 11), 0, METROPOLE) == a_paris(2026, 11, 23, 0)
    assert ajouter_heures_ouvrees(a_paris(2026, 11, 20, 11), 0, METROPOLE) == a_paris(2026, 11, 20, 11)


@pytest.mark.parametrize(
    ("reception", "un_mois", "trois_mois"),
    [
        (date(2026, 3, 5), date(2026, 4, 7), date(2026, 6, 5)),
        (date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30)),
        (date(2026, 1, 30), date(2026, 3, 2), date(2026, 4, 30)),
        (date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 30)),
        (date(2026, 4, 1), date(2026, 5, 4), date(2026, 7, 1)),
        (date(2026, 4, 14), date(2026, 5, 15), date(2026, 7, 15)),
        (date(2026, 11, 25), date(2026, 12, 28), date(2027, 2, 25)),
        (date(2026, 3, 3), date(2026, 4, 3), date(2026, 6, 3)),
    ],
)
def test_un_mois_et_trois_mois_courent_depuis_la_reception(reception, un_mois, trois_mois):
    assert echeance_mois(reception, 1) == un_mois
    assert echeance_mois(reception, 3) == trois_mois


def test_un_ferie_local_ne_reporte_que_si_le_responsable_le_choisit():
    assert echeance_mois(date(2026, 3, 3), 1) == date(2026, 4, 3)
    assert echeance_mois(date(2026, 3, 3), 1, territoire=Territoire.ALSACE_MOSELLE) == date(2026, 4, 7)


def test_une_suspension_pour_identite_repousse_d_autant_de_jours():
    suspension = (date(2026, 3, 12), date(2026, 3, 20))
    assert echeance_mois(date(2026, 3, 10), 1, suspensions=[suspension]) == date(2026, 4, 20)


def test_un_jour_couvert_par_deux_suspensions_ne_compte_qu_une_fois():
    identite, precision = (date(2026, 3, 12), date(2026, 3, 20)), (date(2026, 3, 16), date(2026, 3, 24))
    ensemble = echeance_mois(date(2026, 3, 10), 1, suspensions=[(date(2026, 3, 12), date(2026, 3, 24))])
    assert echeance_mois(date(2026, 3, 10), 1, suspensions=[precision, identite]) == ensemble
    incluse = (date(2026, 3, 14), date(2026, 3, 15))
    seule = echeance_mois(date(2026, 3, 10), 1, suspensions=[identite])
    assert echeance_mois(date(2026, 3, 10), 1, suspensions=[identite, incluse]) == seule


def test_une_suspension_prise_dans_le_report_repart_du_jour_reporte():
    """Le mois finit le dimanche de Pâques, 5 avril 2026, donc le mardi 7 : suspendu ce jour-là, il en garde
    un à la reprise."""
    suspension = (date(2026, 4, 7), date(2026, 4, 17))
    assert echeance_mois(date(2026, 3, 5), 1) == date(2026, 4, 7)
    assert echeance_mois(date(2026, 3, 5), 1, suspensions=[suspension]) == date(2026, 4, 17)


def test_une_suspension_ne_rouvre_pas_un_delai_expire():
    tardive = (date(2026, 5, 4), date(2026, 5, 20))
    assert echeance_mois(date(2026, 3, 10), 1, suspensions=[tardive]) == date(2026, 4, 10)
    assert echeance_mois(date(2026, 3, 10), 3, suspensions=[tardive]) == date(2026, 6, 26)


@pytest.mark.parametrize(
    ("jour", "n", "echeance"),
    [
        (date(2026, 4, 30), 15, date(2026, 5, 27)),
        (date(2026, 11, 23), 15, date(2026, 12, 14)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_quinze_jours_ouvres_ne_comptent_pas_le_jour_de_depart(jour, n, echeance):
    assert ajouter_jours_ouvres(jour, n, METROPOLE) == echeance


@pytest.mark.parametrize(
    ("echeance", "mois", "limite"),
    [
        (date(2027, 2, 15), 3, date(2026, 11, 13)),  # le 15 novembre est un dimanche
        (date(2026, 12, 31), 3, date(2026, 9, 30)),
        (date(2027, 5, 31), 3, date(2027, 2, 26)),  # fin de mois, et le 28 février est un dimanche
        (date(2026, 8, 11), 3, date(2026, 5, 11)),
        (date(2026, 8, 8), 3, date(2026, 5, 7)),  # le 8 mai est férié
        (date(2026, 1, 1), 6, date(2025, 7, 1)),
    ],
)
def test_un_preavis_remonte_le_temps_et_n_est_jamais_reporte_apres(echeance, mois, limite):
    assert date_limite_preavis(echeance, mois) == limite


def test_un_preavis_evite_les_feries_de_son_territoire():
    """22 mai, abolition de l’esclavage en Martinique : on agit le jeudi 21."""
    assert date_limite_preavis(date(2026, 8, 22), 3) == date(2026, 5, 22)
    assert date_limite_preavis(date(2026, 8, 22), 3, Territoire.MARTINIQUE) == date(2026, 5, 21)


NAIF = datetime(2026, 11, 20, 9)  # noqa: DTZ001 — naïf exprès : la règle le refuse


@pytest.mark.parametrize(
    ("appel", "message"),
    [
        (lambda: ajouter_heures(NAIF, 72), "fuseau"),
        (lambda: ajouter_heures_ouvrees(NAIF, 48, METROPOLE), "fuseau"),
        (lambda: ajouter_heures(date(2026, 11, 20), 72), "fuseau"),
        (lambda: ajouter_heures(a_paris(2026, 11, 20), -1), "positif"),
        (lambda: ajouter_heures_ouvrees(a_paris(2026, 11, 20), -1, METROPOLE), "positif"),
        (lambda: ajouter_heures(a_paris(2026, 11, 20), float("nan")), "positif"),
        (lambda: ajouter_heures_ouvrees(a_paris(2026, 11, 20), 48, "bretagne"), "Territoire inconnu"),
        (lambda: echeance_mois(a_paris(2026, 3, 5), 1), "date de réception"),
        (lambda: echeance_mois(date(2026, 3, 5), 0), "au moins un mois"),
        (lambda: echeance_mois(date(2026, 3, 5), 1, territoire="bretagne"), "Territoire inconnu"),
        (lambda: echeance_mois(date(9999, 12, 31), 1), "hors du calendrier"),
        (lambda: ajouter_jours_ouvres(a_paris(2026, 3, 5), 1, METROPOLE), "Le jour doit être une date"),
        (lambda: ajouter_jours_ouvres("2026-03-05", 1, METROPOLE), "Le jour doit être une date"),
        (lambda: ajouter_jours_ouvres(date(2026, 3, 5), -1, METROPOLE), "négatif"),
        (lambda: ajouter_jours_ouvres(date(2026, 3, 5), 1, "bretagne"), "Territoire inconnu"),
        (lambda: ajouter_jours_ouvres(date.max, 1, METROPOLE), "hors du calendrier"),
        (lambda: date_limite_preavis(a_paris(2027, 2, 15), 3), "L’échéance doit être une date"),
        (lambda: date_limite_preavis(date(2027, 2, 15), 0), "au moins un mois"),
    ],
)
def test_une_valeur_impossible_est_refusee_en_francais(appel, message):
    with pytest.raises(ValueError, match=message):
        appel()


@pytest.mark.parametrize(
    ("suspension", "message"),
    [
        ((date(2026, 3, 20), date(2026, 3, 12)), "finir avant de commencer"),
        ((date(2026, 3, 9), date(2026, 3, 12)), "avant la réception"),
        ((a_paris(2026, 3, 12), date(2026, 3, 20)), "Le début d’une suspension"),
        ((date(2026, 3, 12), a_paris(2026, 3, 20)), "La fin d’une suspension"),
    ],
)
def test_une_suspension_impossible_est_refusee_en_francais(suspension, message):
    with pytest.raises(ValueError, match=message):
        echeance_mois(date(2026, 3, 10), 1, suspensions=[suspension])
