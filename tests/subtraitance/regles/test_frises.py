"""Les frises disent vrai : ce qui compte, ce qui ne compte pas, où l’on en est."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpd.regles.calendrier import Territoire, est_ouvre, fuseau
from dpd.regles.delais import ajouter_heures_ouvrees, echeance_mois, terme_sans_report
from subtraitance.regles.frises import (
    Nature,
    dessin_heures,
    dessin_jours,
    duree_dite,
    frise_heures,
    frise_jours,
    jour_dit,
    pourquoi_ferme,
    temps_compte,
)
from subtraitance.regles.horloges import Suspension

PARIS = ZoneInfo("Europe/Paris")
METROPOLE = Territoire.METROPOLE
T0 = datetime(2026, 11, 20, 16, 30, tzinfo=PARIS)
ECHEANCE = datetime(2026, 11, 24, 16, 30, tzinfo=PARIS)
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
BORNES = [datetime(annee, 1, 1, tzinfo=UTC).replace(tzinfo=None) for annee in (2025, 2028)]
RECUE, LIMITE = date(2026, 11, 20), date(2026, 12, 21)


def natures(cases):
    return [case.nature for case in cases]


def pourcents(cases):
    return [float(case.x.rstrip("%")) for case in cases]


def test_la_frise_de_la_maquette_hachure_le_week_end_d_un_seul_trait():
    cases = frise_heures(T0, ECHEANCE, LUNDI, METROPOLE)
    neutres = [case for case in cases if case.nature is Nature.NEUTRE]
    assert [(c.x, c.largeur) for c in neutres] == [("7.81%", "50.00%")]
    assert neutres[0].libelle == "samedi 21\xa0novembre et dimanche 22\xa0novembre"
    assert natures(cases).count(Nature.PLEIN) == 17  # sept heures et demie vendredi, neuf lundi
    assert Nature.HORS not in natures(cases)


def test_le_dessin_dit_aussi_sa_phrase_et_ses_reperes():
    dessin = dessin_heures(T0, ECHEANCE, LUNDI, METROPOLE)
    assert dessin.phrase == (
        "17\xa0h\xa010 comptées sur 48\xa0h\u202f; samedi 21\xa0novembre et dimanche 22\xa0novembre "
        "ne comptent pas"
    )
    assert (dessin.debut, dessin.fin) == ("Ven.\xa020, 16\xa0h\xa030", "Mar.\xa024, 16\xa0h\xa030")
    assert dessin.maintenant == "67.88%"
    assert [mot.texte for mot in dessin.mots] == ["sam.\xa021", "dim.\xa022", "lun.\xa023", "mar.\xa024"]


def test_arretee_la_frise_ne_montre_plus_maintenant():
    dessin = dessin_heures(T0, ECHEANCE, ECHEANCE, METROPOLE, arretee_le=LUNDI)
    assert dessin.maintenant == ""
    assert "17\xa0h\xa010" in dessin.phrase


def test_un_retard_depasse_et_se_dit():
    tard = ECHEANCE + timedelta(hours=3)
    dessin = dessin_heures(T0, ECHEANCE, tard, METROPOLE)
    assert natures(dessin.cases).count(Nature.HORS) == 3
    assert "3\xa0h de retard" in dessin.phrase
    assert dessin.limites[-1] == "96.97%"


def test_une_minute_de_retard_se_voit_deja():
    cases = frise_heures(T0, ECHEANCE, ECHEANCE + timedelta(minutes=1), METROPOLE)
    assert cases[-1].nature is Nature.HORS


def test_un_retard_de_six_mois_se_dessine_encore():
    dessin = dessin_heures(T0, ECHEANCE, ECHEANCE + timedelta(days=180, hours=1), METROPOLE)
    assert len(dessin.cases) < 400
    assert dessin.limites == ("2.17%",)
    assert "180\xa0jours de retard" in dessin.phrase


def test_un_jour_ferie_se_nomme():
    t0 = datetime(2026, 5, 13, 9, 15, tzinfo=PARIS)
    dessin = dessin_heures(t0, ajouter_heures_ouvrees(t0, 48, METROPOLE), t0, METROPOLE)
    assert "Ascension" in next(c.libelle for c in dessin.cases if c.nature is Nature.NEUTRE)
    assert "14\xa0mai" in dessin.phrase


def test_un_seul_jour_ferme_s_accorde():
    t0 = datetime(2026, 11, 10, 18, tzinfo=PARIS)
    phrase = dessin_heures(t0, ajouter_heures_ouvrees(t0, 48, METROPOLE), t0, METROPOLE).phrase
    assert phrase.endswith("ne compte pas")


def test_beaucoup_de_jours_fermes_se_comptent_au_lieu_de_se_nommer():
    t0 = datetime(2026, 12, 23, 18, tzinfo=PARIS)
    fin = ajouter_heures_ouvrees(t0, 24 * 7, METROPOLE)
    assert "jours fermés ne comptent pas" in dessin_heures(t0, fin, t0, METROPOLE).phrase


def test_sans_jour_ferme_la_phrase_n_en_dit_rien():
    t0 = datetime(2026, 11, 17, 10, tzinfo=PARIS)
    fin = ajouter_heures_ouvrees(t0, 48, METROPOLE)
    assert dessin_heures(t0, fin, t0, METROPOLE).phrase == "0\xa0min comptées sur 48\xa0h"


def test_un_instant_naif_se_refuse():
    with pytest.raises(ValueError, match="fuseau"):
        frise_heures(T0.replace(tzinfo=None), ECHEANCE, LUNDI, METROPOLE)


@settings(max_examples=60, deadline=None)
@given(
    t0=st.datetimes(*BORNES),
    heures=st.integers(1, 120),
    apres=st.integers(0, 400),
    territoire=st.sampled_from(list(Territoire)),
)
def test_les_cases_couvrent_le_temps_sans_trou_et_ne_peignent_aucun_jour_ferme(t0, heures, apres, territoire):
    depart = t0.replace(tzinfo=UTC)
    fin = ajouter_heures_ouvrees(depart, heures, territoire)
    cases = frise_heures(depart, fin, depart + timedelta(hours=apres), territoire)
    places = pourcents(cases)
    assert places[0] == 0
    assert places == sorted(places)
    assert all(0 <= x <= 100 for x in places)
    assert temps_compte(depart, fin, territoire) == timedelta(hours=heures)
    total = max(fin, depart + timedelta(hours=apres)) - depart
    for case, x in zip(cases, places, strict=True):
        jour = (depart + total * (x + 0.006) / 100).astimezone(fuseau(territoire)).date()
        if case.nature is Nature.NEUTRE:
            assert not est_ouvre(jour, territoire)


def test_trente_et_un_jours_dont_le_report_hachure():
    cases = frise_jours(RECUE, LIMITE, date(2026, 11, 23), METROPOLE, terme=date(2026, 12, 20))
    assert len(cases) == 31
    assert natures(cases) == [Nature.PLEIN] * 2 + [Nature.RESTE] * 28 + [Nature.NEUTRE]
    assert cases[-1].libelle == "lundi 21\xa0décembre, échéance reportée au jour ouvré"


def test_la_phrase_des_jours_dit_le_report():
    dessin = dessin_jours(RECUE, LIMITE, date(2026, 11, 23), METROPOLE, terme=date(2026, 12, 20))
    assert dessin.phrase == (
        "2\xa0jours écoulés sur 31\u202f; échéance reportée du dimanche 20\xa0décembre "
        "au lundi 21\xa0décembre"
    )
    assert (dessin.debut, dessin.fin) == ("Ven.\xa020\xa0nov.", "Lun.\xa021\xa0déc.")
    assert dessin.maintenant == "8.06%"


def test_la_suspension_est_un_seul_trait_et_se_dit():
    suspension = Suspension(date(2026, 3, 12), date(2026, 3, 20))
    dessin = dessin_jours(
        date(2026, 3, 10),
        date(2026, 4, 20),
        date(2026, 3, 25),
        METROPOLE,
        [suspension],
        terme=date(2026, 4, 18),
    )
    hachures = [case for case in dessin.cases if case.nature is Nature.NEUTRE]
    assert hachures[0].libelle.endswith("délai suspendu")
    assert len(hachures) == 2
    assert "délai suspendu 8\xa0jours" in dessin.phrase


def test_une_suspension_en_cours_va_jusqu_a_aujourd_hui():
    cases = frise_jours(RECUE, LIMITE, date(2026, 11, 25), METROPOLE, [Suspension(date(2026, 11, 22))])
    assert natures(cases)[:4] == [Nature.PLEIN, Nature.PLEIN, Nature.NEUTRE, Nature.RESTE]


def test_un_delai_depasse_montre_les_jours_de_trop():
    dessin = dessin_jours(RECUE, LIMITE, date(2026, 12, 23), METROPOLE)
    assert natures(dessin.cases)[-2:] == [Nature.HORS, Nature.HORS]
    assert "2\xa0jours de retard" in dessin.phrase
    assert len(dessin.limites) == 2  # la fin de novembre, et l’échéance


@pytest.mark.parametrize(
    ("repondue", "pleins", "retard"), [(date(2026, 11, 23), 3, ""), (date(2026, 12, 23), 31, "retard")]
)
def test_arretee_la_frise_des_jours_compte_le_jour_de_la_reponse(repondue, pleins, retard):
    dessin = dessin_jours(RECUE, LIMITE, date(2027, 1, 4), METROPOLE, arrete_le=repondue)
    assert natures(dessin.cases).count(Nature.PLEIN) == pleins
    assert retard in dessin.phrase
    assert dessin.maintenant == ""


def test_le_jour_meme_rien_n_est_ecoule():
    dessin = dessin_jours(RECUE, LIMITE, RECUE, METROPOLE)
    assert dessin.phrase.startswith("0\xa0jour écoulé sur 31")
    assert dessin.maintenant == "0.00%"


def test_trois_mois_suspendus_se_groupent():
    fin = date(2027, 3, 30)
    cases = frise_jours(RECUE, fin, date(2026, 11, 23), METROPOLE)
    assert len(cases) < 101
    assert " à " in cases[-1].libelle


@settings(max_examples=60, deadline=None)
@given(
    reception=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    mois=st.sampled_from([1, 3]),
    attente=st.integers(0, 20),
    vu=st.integers(0, 120),
)
def test_les_jours_peints_sont_ceux_du_delai(reception, mois, attente, vu):
    pause = Suspension(reception + timedelta(days=2), reception + timedelta(days=2 + attente))
    paires = [(pause.debut, pause.fin)]
    limite = echeance_mois(reception, mois, suspensions=paires)
    terme = terme_sans_report(reception, mois, suspensions=paires)
    jour = reception + timedelta(days=vu)
    cases = frise_jours(reception, limite, jour, METROPOLE, [pause], terme=terme)
    places = pourcents(cases)
    assert places == sorted(places)
    assert places[0] == 0
    assert (Nature.HORS in natures(cases)) == (jour > limite)
    hachures = [case for case in cases if case.nature is Nature.NEUTRE]
    assert len(hachures) == bool(attente) + (terme < limite)


@pytest.mark.parametrize(
    ("duree", "dite"),
    [
        (timedelta(hours=30, minutes=50), "30\xa0h\xa050"),
        (timedelta(seconds=20), "moins d’une minute"),
        (-timedelta(days=6), "6\xa0jours"),
        (timedelta(minutes=45), "45\xa0min"),
    ],
)
def test_une_duree_se_dit_comme_on_parle(duree, dite):
    assert duree_dite(duree) == dite


def test_pourquoi_un_jour_est_ferme():
    assert pourquoi_ferme(date(2026, 12, 20), METROPOLE) == "un dimanche"
    assert pourquoi_ferme(date(2026, 5, 14), METROPOLE) == "un jour férié (Ascension)"
    assert pourquoi_ferme(date(2026, 11, 23), METROPOLE) == ""
    assert jour_dit(date(2026, 11, 1)) == "dimanche 1er\xa0novembre"
