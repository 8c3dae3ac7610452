"""Quarante-huit heures ouvrées, puis un mois : les cas chiffrés, et ce qui est toujours vrai."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dpd.regles.calendrier import Territoire, est_ouvre, fuseau
from subtraitance.regles.horloges import (
    EtatDelai,
    Suspension,
    delai_reponse,
    horloge_transmission,
    minuit_passe,
    question_tardive,
)
from subtraitance.regles.parametres import EN_VIGUEUR, Parametres, parametres_au

PARIS = ZoneInfo("Europe/Paris")
P = EN_VIGUEUR[0]


def paris(mois, jour, heure, minute=0, annee=2026):
    return datetime(annee, mois, jour, heure, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("reception", "echeance"),
    [
        (paris(11, 17, 10), paris(11, 19, 10)),
        (paris(11, 19, 13), paris(11, 23, 13)),
        (paris(11, 20, 16, 30), paris(11, 24, 16, 30)),
        (paris(11, 21, 11), paris(11, 25, 0)),
        (paris(11, 10, 18), paris(11, 13, 18)),
        (paris(5, 13, 9, 15), paris(5, 18, 9, 15)),
        (paris(4, 30, 17), paris(5, 5, 17)),
        (paris(12, 24, 15), paris(12, 29, 15)),
    ],
)
def test_quarante_huit_heures_hors_week_end_et_feries(reception, echeance):
    assert horloge_transmission(reception, Territoire.METROPOLE, P).echeance == echeance


def test_un_vendredi_soir_en_guyane():
    cayenne = fuseau(Territoire.GUYANE)
    recu = datetime(2026, 6, 5, 19, 0, tzinfo=cayenne)
    # Mercredi 10 juin, abolition de l’esclavage, est férié en Guyane seulement.
    assert horloge_transmission(recu, Territoire.GUYANE, P).echeance == datetime(
        2026, 6, 9, 19, 0, tzinfo=cayenne
    )
    lundi = datetime(2026, 6, 8, 19, 0, tzinfo=cayenne)
    assert horloge_transmission(lundi, Territoire.GUYANE, P).echeance == datetime(
        2026, 6, 11, 19, 0, tzinfo=cayenne
    )


def test_la_convention_peut_dire_d_autres_heures():
    recu = paris(11, 17, 10)
    assert horloge_transmission(recu, Territoire.METROPOLE, P, heures=24).echeance == paris(11, 18, 10)


@pytest.mark.parametrize(
    ("quand", "transmise", "etat"),
    [
        (paris(11, 17, 11), None, EtatDelai.COURT),
        (paris(11, 18, 22), None, EtatDelai.BIENTOT),
        (paris(11, 19, 10), None, EtatDelai.BIENTOT),
        (paris(11, 19, 10, 1), None, EtatDelai.DEPASSE),
        (paris(11, 25, 10), paris(11, 19, 10), EtatDelai.TENU),
        (paris(11, 25, 10), paris(11, 19, 10, 1), EtatDelai.TENU_EN_RETARD),
    ],
)
def test_l_etat_de_la_transmission(quand, transmise, etat):
    horloge = horloge_transmission(paris(11, 17, 10), Territoire.METROPOLE, P, transmise)
    assert horloge.etat(quand) == etat


@pytest.mark.parametrize(
    ("reception", "echeance", "prolongee"),
    [
        (date(2026, 3, 5), date(2026, 4, 7), date(2026, 6, 5)),
        (date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30)),
        (date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 30)),
        (date(2026, 4, 1), date(2026, 5, 4), date(2026, 7, 1)),
        (date(2026, 4, 14), date(2026, 5, 15), date(2026, 7, 15)),
        (date(2026, 11, 25), date(2026, 12, 28), date(2027, 2, 25)),
        (date(2026, 11, 20), date(2026, 12, 21), date(2027, 2, 22)),
    ],
)
def test_un_mois_ou_trois_depuis_la_reception(reception, echeance, prolongee):
    assert delai_reponse(reception, P).echeance == echeance
    assert delai_reponse(reception, P, prolonge=True).echeance == prolongee


def test_le_vendredi_saint_ne_reporte_que_si_le_responsable_le_choisit():
    recue = date(2026, 3, 3)
    assert delai_reponse(recue, P).echeance == date(2026, 4, 3)
    assert delai_reponse(recue, P, territoire=Territoire.ALSACE_MOSELLE).echeance == date(2026, 4, 7)


def test_une_suspension_ajoute_ses_jours():
    suspendu = [Suspension(date(2026, 3, 12), date(2026, 3, 20))]
    delai = delai_reponse(date(2026, 3, 10), P, suspensions=suspendu)
    assert (delai.echeance, delai.informer_avant) == (date(2026, 4, 20), date(2026, 4, 18))


def test_une_suspension_en_cours_arrete_tout_et_pousse_l_echeance_chaque_jour():
    ouverte = [Suspension(date(2026, 3, 12))]
    delai = delai_reponse(date(2026, 3, 10), P, suspensions=ouverte, jour=date(2026, 3, 20))
    assert delai.echeance == date(2026, 4, 20)
    assert delai.suspendu_depuis == date(2026, 3, 12)
    assert delai.etat(date(2026, 5, 1)) == EtatDelai.SUSPENDU
    with pytest.raises(ValueError, match="date du jour"):
        delai_reponse(date(2026, 3, 10), P, suspensions=ouverte)


def test_pour_informer_d_une_prolongation_on_ne_compte_pas_sur_le_report():
    delai = delai_reponse(date(2026, 11, 20), P)
    assert (delai.informer_avant, delai.echeance) == (date(2026, 12, 20), date(2026, 12, 21))
    assert delai_reponse(date(2026, 11, 20), P, prolonge=True).informer_avant == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("jour", "repondue", "etat"),
    [
        (date(2026, 11, 23), None, EtatDelai.COURT),
        (date(2026, 12, 14), None, EtatDelai.BIENTOT),
        (date(2026, 12, 21), None, EtatDelai.BIENTOT),
        (date(2026, 12, 22), None, EtatDelai.DEPASSE),
        (date(2027, 1, 1), date(2026, 12, 21), EtatDelai.TENU),
        (date(2027, 1, 1), date(2026, 12, 22), EtatDelai.TENU_EN_RETARD),
    ],
)
def test_l_etat_du_delai_de_reponse(jour, repondue, etat):
    delai = delai_reponse(date(2026, 11, 20), P, repondue_le=repondue)
    assert delai.etat(jour) == etat
    assert delai.jours_restants(jour) == (date(2026, 12, 21) - jour).days


def test_l_echeance_passe_le_lendemain_a_zero_heure_de_la_collectivite():
    cayenne = fuseau(Territoire.GUYANE)
    assert minuit_passe(date(2026, 12, 21), cayenne) == datetime(2026, 12, 22, 3, 0, tzinfo=UTC)


def test_un_delai_nouveau_ne_vaut_que_pour_les_demandes_d_apres():
    futur = Parametres(date(2030, 1, 1), 72, 2, 4, "hypothèse d’essai")
    table = (*EN_VIGUEUR, futur)
    assert parametres_au(date(2029, 12, 31), table) == P
    assert parametres_au(date(2030, 1, 1), table) == futur
    with pytest.raises(ValueError, match="Aucun délai"):
        parametres_au(date(2018, 5, 24))


INSTANTS = st.integers(0, 15 * 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(deadline=None)
@given(INSTANTS, st.sampled_from(list(Territoire)))
def test_jamais_une_heure_d_un_jour_ferme_ne_compte(recu, territoire):
    """Le même délai, compté minute par minute, jour ouvré par jour ouvré."""
    zone, reste, curseur = fuseau(territoire), 48 * 60, recu
    while reste:
        if est_ouvre(curseur.astimezone(zone).date(), territoire):
            pas = min(reste, 30)
            suivant = curseur + timedelta(minutes=pas)
            if est_ouvre((suivant - timedelta(minutes=1)).astimezone(zone).date(), territoire):
                curseur, reste = suivant, reste - pas
                continue
            pas = 1
            curseur, reste = curseur + timedelta(minutes=1), reste - 1
        else:
            curseur += timedelta(minutes=1)
    assert horloge_transmission(recu, territoire, P).echeance == curseur


@settings(deadline=None)
@given(INSTANTS, st.integers(0, 5000), st.sampled_from(list(Territoire)))
def test_recue_plus_tard_jamais_due_plus_tot(recu, minutes, territoire):
    ensuite = recu + timedelta(minutes=minutes)
    premiere = horloge_transmission(recu, territoire, P).echeance
    assert horloge_transmission(ensuite, territoire, P).echeance >= premiere
    jour = recu.date()
    assert delai_reponse(jour, P).echeance <= delai_reponse(ensuite.date(), P).echeance
    assert delai_reponse(jour, P).echeance < delai_reponse(jour, P, prolonge=True).echeance


@pytest.mark.parametrize(
    ("jour", "tardive"),
    [(date(2026, 11, 20), False), (date(2026, 12, 5), False), (date(2026, 12, 6), True)],
)
def test_passe_la_moitie_du_premier_mois_une_question_vient_tard(jour, tardive):
    assert question_tardive(delai_reponse(date(2026, 11, 20), P), jour) is tardive
    assert question_tardive(delai_reponse(date(2026, 11, 20), P, prolonge=True), jour) is tardive
