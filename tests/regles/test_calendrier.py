"""Jours fériés, jours ouvrés et heure légale de chaque territoire."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from dpd.regles.calendrier import LOCAUX, Territoire, est_ouvre, fuseau, jours_feries

NATIONAUX_2026 = {
    date(2026, 1, 1): "Jour de l’an",
    date(2026, 4, 6): "Lundi de Pâques",
    date(2026, 5, 1): "Fête du Travail",
    date(2026, 5, 8): "Victoire 1945",
    date(2026, 5, 14): "Ascension",
    date(2026, 5, 25): "Lundi de Pentecôte",
    date(2026, 7, 14): "Fête nationale",
    date(2026, 8, 15): "Assomption",
    date(2026, 11, 1): "Toussaint",
    date(2026, 11, 11): "Armistice 1918",
    date(2026, 12, 25): "Noël",
}

PROPRES_2026 = {
    Territoire.METROPOLE: [],
    Territoire.ALSACE_MOSELLE: [date(2026, 4, 3), date(2026, 12, 26)],
    Territoire.ALSACE_MOSELLE_SANS_TEMPLE: [date(2026, 12, 26)],
    Territoire.GUADELOUPE: [date(2026, 5, 27)],
    Territoire.MARTINIQUE: [date(2026, 5, 22)],
    Territoire.GUYANE: [date(2026, 6, 10)],
    Territoire.REUNION: [date(2026, 12, 20)],
    Territoire.MAYOTTE: [date(2026, 4, 27)],
    Territoire.SAINT_PIERRE_ET_MIQUELON: [],
    Territoire.SAINT_BARTHELEMY: [date(2026, 10, 9)],
    Territoire.SAINT_MARTIN: [date(2026, 5, 28)],
    Territoire.NOUVELLE_CALEDONIE: [date(2026, 9, 24)],
    Territoire.POLYNESIE: [date(2026, 3, 5), date(2026, 4, 3), date(2026, 11, 20)],
    Territoire.WALLIS_ET_FUTUNA: [date(2026, 4, 28), date(2026, 6, 29), date(2026, 7, 29)],
}


def test_la_metropole_a_onze_jours_feries_en_2026():
    assert jours_feries(2026, Territoire.METROPOLE) == NATIONAUX_2026


def test_les_fetes_mobiles_de_2027_suivent_paques():
    feries = jours_feries(2027, Territoire.METROPOLE)
    mobiles = {nom: jour for jour, nom in feries.items()}
    assert mobiles["Lundi de Pâques"] == date(2027, 3, 29)
    assert mobiles["Ascension"] == date(2027, 5, 6)
    assert mobiles["Lundi de Pentecôte"] == date(2027, 5, 17)


@pytest.mark.parametrize("territoire", list(Territoire))
def test_chaque_territoire_ajoute_ses_propres_jours_en_2026(territoire):
    feries = jours_feries(2026, territoire)
    assert sorted(set(feries) - set(NATIONAUX_2026)) == PROPRES_2026[territoire]
    assert set(NATIONAUX_2026) <= set(feries)
    assert list(feries) == sorted(feries)


def test_tous_les_territoires_ont_leur_table_et_leur_fuseau():
    assert set(LOCAUX) == set(Territoire)
    assert all(fuseau(territoire).key for territoire in Territoire)


@pytest.mark.parametrize(
    ("territoire", "jour", "ferie"),
    [
        (Territoire.POLYNESIE, date(2024, 6, 29), True),
        (Territoire.POLYNESIE, date(2024, 11, 20), False),
        (Territoire.POLYNESIE, date(2026, 6, 29), False),
        (Territoire.POLYNESIE, date(2025, 11, 20), True),
        (Territoire.SAINT_MARTIN, date(2017, 5, 27), True),
        (Territoire.SAINT_MARTIN, date(2017, 5, 28), False),
        (Territoire.SAINT_MARTIN, date(2018, 5, 27), False),
        (Territoire.SAINT_MARTIN, date(2018, 5, 28), True),
        (Territoire.SAINT_BARTHELEMY, date(2011, 10, 9), False),
        (Territoire.METROPOLE, date(1981, 5, 8), False),
        (Territoire.METROPOLE, date(1982, 5, 8), True),
        # Des usages, pas des jours fériés légaux.
        (Territoire.GUADELOUPE, date(2026, 7, 21), False),
        (Territoire.MARTINIQUE, date(2026, 4, 3), False),
        (Territoire.GUADELOUPE, date(2026, 3, 12), False),
        # La journée de solidarité n’empêche pas le lundi de Pentecôte d’être férié.
        (Territoire.METROPOLE, date(2026, 5, 25), True),
    ],
)
def test_un_jour_n_est_ferie_que_dans_sa_periode_et_son_territoire(territoire, jour, ferie):
    assert (jour in jours_feries(jour.year, territoire)) is ferie


def test_la_fete_caledonienne_a_change_de_nom_en_2004():
    avant = jours_feries(2003, Territoire.NOUVELLE_CALEDONIE)
    depuis = jours_feries(2004, Territoire.NOUVELLE_CALEDONIE)
    assert avant[date(2003, 9, 24)] == "Prise de possession"
    assert depuis[date(2004, 9, 24)] == "Fête de la citoyenneté"


def test_deux_fetes_le_meme_jour_sont_nommees_ensemble():
    assert jours_feries(2008, Territoire.METROPOLE)[date(2008, 5, 1)] == "Fête du Travail et Ascension"


def test_modifier_le_dictionnaire_rendu_ne_change_pas_le_calendrier():
    jours_feries(2026, Territoire.METROPOLE).clear()
    assert len(jours_feries(2026, Territoire.METROPOLE)) == 11


@pytest.mark.parametrize(
    ("territoire", "code"),
    [
        (Territoire.METROPOLE, None),
        (Territoire.ALSACE_MOSELLE, "57"),
        (Territoire.GUYANE, "973"),
        (Territoire.REUNION, "974"),
        (Territoire.MAYOTTE, "976"),
        (Territoire.SAINT_PIERRE_ET_MIQUELON, "PM"),
        (Territoire.SAINT_BARTHELEMY, "BL"),
        (Territoire.POLYNESIE, "PF"),
        (Territoire.NOUVELLE_CALEDONIE, "NC"),
        (Territoire.WALLIS_ET_FUTUNA, "WF"),
    ],
)
@pytest.mark.parametrize("annee", range(2024, 2031))
def test_une_bibliotheque_independante_donne_les_memes_jours(territoire, code, annee):
    second_avis = holidays.country_holidays("FR", subdiv=code, years=annee)
    assert set(jours_feries(annee, territoire)) == set(second_avis)


@pytest.mark.parametrize(
    ("jour", "territoire", "ouvre"),
    [
        (date(2026, 11, 20), Territoire.METROPOLE, True),
        (date(2026, 11, 20), Territoire.POLYNESIE, False),
        (date(2026, 11, 21), Territoire.METROPOLE, False),
        (date(2026, 11, 22), Territoire.METROPOLE, False),
        (date(2026, 11, 11), Territoire.METROPOLE, False),
        (date(2026, 4, 3), Territoire.METROPOLE, True),
        (date(2026, 4, 3), Territoire.ALSACE_MOSELLE, False),
        (date(2026, 6, 10), Territoire.GUYANE, False),
        (date(2026, 6, 10), Territoire.METROPOLE, True),
    ],
)
def test_un_jour_ouvre_va_du_lundi_au_vendredi_hors_feries(jour, territoire, ouvre):
    assert est_ouvre(jour, territoire) is ouvre


@pytest.mark.parametrize(
    ("territoire", "hiver", "ete"),
    [
        (Territoire.METROPOLE, 1, 2),
        (Territoire.ALSACE_MOSELLE, 1, 2),
        (Territoire.GUADELOUPE, -4, -4),
        (Territoire.MARTINIQUE, -4, -4),
        (Territoire.GUYANE, -3, -3),
        (Territoire.REUNION, 4, 4),
        (Territoire.MAYOTTE, 3, 3),
        (Territoire.SAINT_PIERRE_ET_MIQUELON, -3, -2),
        (Territoire.SAINT_BARTHELEMY, -4, -4),
        (Territoire.SAINT_MARTIN, -4, -4),
        (Territoire.NOUVELLE_CALEDONIE, 11, 11),
        (Territoire.POLYNESIE, -10, -10),
        (Territoire.WALLIS_ET_FUTUNA, 12, 12),
    ],
)
def test_l_heure_legale_est_celle_du_territoire(territoire, hiver, ete):
    zone = fuseau(territoire)
    assert datetime(2026, 1, 15, tzinfo=zone).utcoffset() == timedelta(hours=hiver)
    assert datetime(2026, 7, 15, tzinfo=zone).utcoffset() == timedelta(hours=ete)


def test_saint_pierre_et_miquelon_suit_l_heure_d_ete_nord_americaine():
    zone = fuseau(Territoire.SAINT_PIERRE_ET_MIQUELON)
    assert datetime(2026, 3, 9, tzinfo=zone).utcoffset() == timedelta(hours=-2)
    assert datetime(2026, 11, 2, tzinfo=zone).utcoffset() == timedelta(hours=-3)


def test_un_territoire_designe_par_sa_valeur_est_compris():
    assert jours_feries(2026, "guyane") == jours_feries(2026, Territoire.GUYANE)


@pytest.mark.parametrize(
    "appel",
    [
        lambda: jours_feries(2026, "bretagne"),
        lambda: est_ouvre(date(2026, 1, 2), "bretagne"),
        lambda: fuseau("bretagne"),
    ],
)
def test_un_territoire_inconnu_est_refuse(appel):
    with pytest.raises(ValueError, match="Territoire inconnu"):
        appel()


@pytest.mark.parametrize("annee", [1582, 10_000, -1])
def test_une_annee_hors_du_calendrier_gregorien_est_refusee(annee):
    with pytest.raises(ValueError, match="Année hors du calendrier"):
        jours_feries(annee, Territoire.METROPOLE)


@pytest.mark.parametrize("valeur", [datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02"])
def test_un_instant_ou_un_texte_n_est_pas_un_jour(valeur):
    with pytest.raises(ValueError, match="doit être une date"):
        est_ouvre(valeur, Territoire.METROPOLE)
