"""Le calculateur d’échéances : les cas chiffrés du droit, et ce qui est toujours vrai."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpd.regles.calendrier import Territoire, est_ouvre, fuseau
from subtraitance.regles.calculateur import calculer, court_a_24_heures, dite_a_24_heures
from subtraitance.regles.calculateur_delais import REGLES, Delai
from subtraitance.regles.calculateur_frise import frise_du_calcul, temps_dit
from subtraitance.regles.calculateur_modele import Nature, Question, SaisieRefusee
from subtraitance.regles.horloges import Suspension

PARIS = ZoneInfo("Europe/Paris")
METROPOLE = Territoire.METROPOLE
BAS_RHIN = Territoire.ALSACE_MOSELLE


def paris(*valeurs):
    return datetime(*valeurs, tzinfo=PARIS)


def echeance(delai, depart, **suite):
    return calculer(Question(delai, depart, **suite)).echeance


@pytest.mark.parametrize(
    ("delai", "t0", "fin"),
    [
        (Delai.HEURES_72, paris(2026, 11, 20, 9), paris(2026, 11, 23, 9)),
        (Delai.HEURES_72, paris(2026, 3, 27, 18, 20), paris(2026, 3, 30, 19, 20)),
        (Delai.HEURES_72, paris(2026, 4, 2, 17, 45), paris(2026, 4, 5, 17, 45)),
        (Delai.HEURES_72, paris(2026, 12, 24, 16), paris(2026, 12, 27, 16)),
        (Delai.HEURES_24, paris(2026, 10, 24, 16), paris(2026, 10, 25, 15)),
    ],
)
def test_les_heures_reelles(delai, t0, fin):
    resultat = calculer(Question(delai, t0))
    assert resultat.echeance == fin
    assert sum((j.compte for j in resultat.jours), timedelta()) == timedelta(hours=int(delai.value[:2]))
    assert not resultat.fermes


@pytest.mark.parametrize(
    ("t0", "fin", "dite"),
    [
        (paris(2026, 11, 17, 10), paris(2026, 11, 19, 10), "jeudi 19 novembre 2026 à 10 h 00"),
        (paris(2026, 11, 19, 13), paris(2026, 11, 23, 13), "lundi 23 novembre 2026 à 13 h 00"),
        (paris(2026, 11, 20, 16, 30), paris(2026, 11, 24, 16, 30), "mardi 24 novembre 2026 à 16 h 30"),
        (paris(2026, 11, 21, 11), paris(2026, 11, 25), "mardi 24 novembre 2026 à 24 h 00"),
        (paris(2026, 11, 10, 18), paris(2026, 11, 13, 18), "vendredi 13 novembre 2026 à 18 h 00"),
        (paris(2026, 5, 13, 9, 15), paris(2026, 5, 18, 9, 15), "lundi 18 mai 2026 à 9 h 15"),
        (paris(2026, 4, 30, 17), paris(2026, 5, 5, 17), "mardi 5 mai 2026 à 17 h 00"),
        (paris(2026, 12, 24, 15), paris(2026, 12, 29, 15), "mardi 29 décembre 2026 à 15 h 00"),
    ],
)
def test_les_48_heures_ouvrees(t0, fin, dite):
    resultat = calculer(Question(Delai.HEURES_48_OUVREES, t0))
    assert resultat.echeance == fin
    assert resultat.dite.replace("\u00a0", " ") == dite


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
def test_un_mois_et_trois_mois_depuis_la_reception(reception, un_mois, trois_mois):
    assert echeance(Delai.UN_MOIS, reception) == un_mois
    assert echeance(Delai.TROIS_MOIS, reception) == trois_mois


def test_le_calendrier_local_ne_reporte_que_si_on_le_choisit():
    recue = date(2026, 3, 3)
    assert echeance(Delai.UN_MOIS, recue, territoire=BAS_RHIN) == date(2026, 4, 3)
    locale = calculer(Question(Delai.UN_MOIS, recue, territoire=BAS_RHIN, local=True))
    assert locale.echeance == date(2026, 4, 7)
    noms = [(j.jour.day, j.ferme) for j in locale.fermes]
    assert noms == [(3, "Vendredi saint"), (4, "week-end"), (5, "week-end"), (6, "Lundi de Pâques")]
    assert any("choix du responsable" in remarque for remarque in locale.remarques)


def test_une_suspension_ajoute_ses_jours():
    resultat = calculer(
        Question(
            Delai.UN_MOIS, date(2026, 3, 10), suspension=Suspension(date(2026, 3, 12), date(2026, 3, 20))
        )
    )
    assert resultat.echeance == date(2026, 4, 20)
    assert sum(j.nature is Nature.SUSPENDU for j in resultat.jours) == 8
    dites = " ".join(resultat.remarques).replace("\u00a0", " ")
    assert "La suspension ajoute 8 jours" in dites
    assert "au plus tard le samedi 18 avril 2026" in dites


@pytest.mark.parametrize(
    ("recu", "fin"),
    [(date(2026, 4, 30), date(2026, 5, 27)), (date(2026, 11, 23), date(2026, 12, 14))],
)
def test_quinze_jours_ouvres(recu, fin):
    resultat = calculer(Question(Delai.JOURS_OUVRES_15, recu))
    assert resultat.echeance == fin
    assert sum(j.nature is Nature.COMPTE for j in resultat.jours) == 15


def test_l_ascension_est_nommee():
    resultat = calculer(Question(Delai.HEURES_48_OUVREES, paris(2026, 5, 13, 9, 15)))
    assert [(j.jour.day, j.ferme) for j in resultat.fermes] == [
        (14, "Ascension"),
        (16, "week-end"),
        (17, "week-end"),
    ]


def test_un_preavis_remonte_et_n_est_jamais_reporte():
    resultat = calculer(Question(Delai.PREAVIS, date(2027, 2, 15), mois=3))
    assert resultat.echeance == date(2026, 11, 13)
    assert "dimanche 15\u00a0novembre 2026 (week-end)" in resultat.remarques[0]
    assert [j.jour.day for j in resultat.fermes] == [14, 15]
    assert echeance(Delai.PREAVIS, date(2026, 12, 31), mois=6) == date(2026, 6, 30)
    assert len(calculer(Question(Delai.PREAVIS, date(2026, 12, 31), mois=6)).remarques) == 1


def test_une_demande_du_samedi_part_du_lundi():
    remarques = calculer(Question(Delai.HEURES_48_OUVREES, paris(2026, 11, 21, 11))).remarques
    assert "Reçue un jour fermé (week-end)" in remarques[0]


def test_un_vendredi_soir_en_guyane_suit_son_heure_et_ses_jours_feries():
    cayenne = fuseau(Territoire.GUYANE)
    lundi = datetime(2026, 6, 8, 19, 0, tzinfo=cayenne)
    resultat = calculer(Question(Delai.HEURES_48_OUVREES, lundi, territoire=Territoire.GUYANE))
    assert resultat.echeance == datetime(2026, 6, 11, 19, 0, tzinfo=cayenne)
    assert [j.ferme for j in resultat.fermes] == ["Abolition de l’esclavage"]


def test_l_heure_d_ete_se_dit():
    dites = calculer(Question(Delai.HEURES_72, paris(2026, 3, 27, 18, 20))).remarques
    assert any("pendule change" in remarque for remarque in dites)
    paques = calculer(Question(Delai.HEURES_72, paris(2026, 4, 2, 17, 45)))
    assert any("n’est pas reportée" in remarque for remarque in paques.remarques)
    assert [j.ferme for j in paques.comptes_quand_meme] == ["week-end", "week-end"]


@pytest.mark.parametrize(
    ("question", "champ"),
    [
        (Question(Delai.HEURES_72, date(2026, 1, 1)), "depart"),
        (Question(Delai.UN_MOIS, date(2018, 5, 24)), "depart"),
        (Question(Delai.HEURES_48_OUVREES, paris(2017, 1, 2, 9)), "depart"),
        (
            Question(Delai.UN_MOIS, date(2026, 3, 1), suspension=Suspension(date(2026, 3, 2))),
            "suspension_fin",
        ),
        (
            Question(
                Delai.UN_MOIS, date(2026, 3, 1), suspension=Suspension(date(2026, 2, 1), date(2026, 3, 2))
            ),
            "suspension_debut",
        ),
        (
            Question(
                Delai.UN_MOIS, date(2026, 3, 1), suspension=Suspension(date(2026, 3, 5), date(2026, 3, 4))
            ),
            "suspension_fin",
        ),
        (
            Question(
                Delai.UN_MOIS, date(2026, 3, 1), suspension=Suspension(date(2026, 3, 5), date(2036, 3, 4))
            ),
            "suspension_fin",
        ),
        (
            Question(
                Delai.UN_MOIS, date(2026, 3, 1), suspension=Suspension(date(2026, 5, 5), date(2026, 5, 9))
            ),
            "suspension_debut",
        ),
        (Question(Delai.PREAVIS, date(2026, 3, 1), mois=0), "mois"),
    ],
)
def test_une_question_sans_reponse_dit_quel_champ_reprendre(question, champ):
    with pytest.raises(SaisieRefusee) as refus:
        calculer(question)
    assert refus.value.champ == champ


def test_un_delai_en_jours_prend_le_jour_local_d_un_instant():
    instant = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)  # le 6 à Paris, le 5 à Cayenne
    assert echeance(Delai.UN_MOIS, instant) == date(2026, 4, 7)
    assert echeance(Delai.JOURS_OUVRES_15, instant, territoire=Territoire.GUYANE) == date(2026, 3, 26)


def test_chaque_delai_dit_sa_regle_et_son_texte():
    assert set(REGLES) == set(Delai)
    assert all(regle.libelle and regle.phrase and regle.source for regle in REGLES.values())


@pytest.mark.parametrize("delai", Delai)
def test_chaque_calcul_se_dessine_du_premier_au_dernier_jour(delai):
    resultat = calculer(Question(delai, paris(2026, 5, 13, 9, 15)))
    frise = frise_du_calcul(resultat)
    assert len(frise.cases) == len(resultat.jours)
    assert frise.cases[0].x == "0.00%"
    assert frise.debut
    assert frise.fin
    assert frise.phrase
    neutres = [case for case in frise.cases if case.classe == "neutre"]
    assert len(neutres) == sum(j.nature is not Nature.COMPTE for j in resultat.jours)
    assert all(temps_dit(jour) for jour in resultat.jours)
    positions = [float(case.x[:-1]) for case in frise.cases]
    assert positions == sorted(positions)
    assert positions[-1] < 100


def test_un_jour_entame_dit_les_heures_qu_il_compte():
    premier, ascension, *_ = calculer(Question(Delai.HEURES_48_OUVREES, paris(2026, 5, 13, 9, 15))).jours
    assert temps_dit(premier, en_heures=True) == "compte 14\u00a0h\u00a045"
    assert temps_dit(premier) == "compte"
    assert temps_dit(ascension) == "ne compte pas"


INSTANTS = st.integers(0, 12 * 366 * 24 * 60).map(
    lambda minutes: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
TERRITOIRES = st.sampled_from(list(Territoire))


@settings(deadline=None)
@given(INSTANTS, TERRITOIRES)
def test_jamais_un_jour_ferme_ne_compte(depart, territoire):
    heures = calculer(Question(Delai.HEURES_48_OUVREES, depart, territoire=territoire))
    jours = calculer(Question(Delai.JOURS_OUVRES_15, depart, territoire=territoire))
    for jour in (*heures.jours, *jours.jours):
        assert est_ouvre(jour.jour, territoire) or jour.nature is not Nature.COMPTE
    assert sum((j.compte for j in heures.jours), timedelta()) == timedelta(hours=48)
    for delai in (Delai.UN_MOIS, Delai.TROIS_MOIS):
        locale = calculer(Question(delai, depart, territoire=territoire, local=True))
        assert est_ouvre(locale.echeance, territoire)
        assert est_ouvre(echeance(delai, depart, territoire=territoire), METROPOLE)
        assert locale.jours[-1].jour == locale.echeance


@settings(deadline=None)
@given(INSTANTS, TERRITOIRES)
def test_les_48_heures_egalent_un_compte_minute_par_minute(depart, territoire):
    zone, reste, minute = fuseau(territoire), 48 * 60, timedelta(minutes=1)
    ouverts: dict[date, bool] = {}
    curseur = depart
    while reste:
        jour = curseur.astimezone(zone).date()
        if jour not in ouverts:
            ouverts[jour] = est_ouvre(jour, territoire)
        reste -= ouverts[jour]
        curseur += minute
    assert echeance(Delai.HEURES_48_OUVREES, depart, territoire=territoire) == curseur


@settings(deadline=None)
@given(INSTANTS, st.integers(0, 40_000), TERRITOIRES, st.sampled_from(list(Delai)))
def test_parti_plus_tard_jamais_du_plus_tot(depart, minutes, territoire, delai):
    ensuite = depart + timedelta(minutes=minutes)
    assert echeance(delai, depart, territoire=territoire) <= echeance(delai, ensuite, territoire=territoire)


def test_minuit_se_dit_la_veille_a_24_heures():
    minuit = paris(2026, 11, 25)
    assert dite_a_24_heures(minuit) == "mardi 24\u00a0novembre 2026 à 24\u00a0h\u00a000"
    assert court_a_24_heures(minuit) == "24\u00a0nov. 2026, 24\u00a0h\u00a000"
    assert court_a_24_heures(paris(2026, 11, 24, 16, 30)).startswith("24\u00a0nov. 2026")
