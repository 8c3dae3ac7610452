"""Où en est une convention, et ce qui l’explique."""

from dataclasses import replace
from datetime import date

import pytest

from dpd.conventions.enums import Preavis, Reconduction
from dpd.conventions.regles.situation import Vie, jour_ferme, situer
from dpd.conventions.regles.vie import EtatConvention
from tests.conventions.regles.conventions_types import DATES_FIXES, EXPRESSE, GLISSANTE, TRANCHES

EFFET, JOUR = date(2024, 2, 15), date(2026, 11, 23)
TERME = date(2025, 12, 31)
CINQ_ANS = Vie(EXPRESSE, date(2021, 1, 1), TERME)
SECHE = replace(  # trois ans, sans reconduction, dénonciation trois mois avant le terme
    TRANCHES, reconduction=Reconduction.AUCUNE, duree_mois=36, article_duree="article 2"
)


def dites(situation) -> str:
    return " ".join(situation.explications).replace("\u00a0", " ")


def test_une_convention_tacite_non_denoncee_a_temps_est_reconduite():
    """Le cas de l’écran : le 15 novembre 2026 tombait un dimanche."""
    situation = situer(Vie(TRANCHES, EFFET), JOUR)
    assert situation.reconduite
    assert situation.resume == "Reconduite jusqu’à l’échéance du 15\u00a0février 2028"
    assert situation.echeance == date(2027, 2, 15)
    assert situation.denonciation.limite == date(2027, 11, 15)
    assert dites(situation) == (
        "Elle se dénonçait jusqu’au 15 novembre 2026 (3 mois avant l’échéance, article 6.4), personne ne l’a "
        "fait : elle se reconduit le 15 février 2027. Le 15 était un dimanche : "
        "il fallait agir le vendredi 13 novembre 2026."
    )


def test_avant_la_limite_on_dit_quand_agir():
    situation = situer(Vie(TRANCHES, EFFET), date(2026, 10, 1))
    assert not situation.reconduite
    assert (situation.resume, situation.agir_avant) == ("En vigueur", date(2026, 11, 13))
    assert "jusqu’au 15 novembre 2026" in dites(situation)
    assert "agissez le vendredi 13 novembre 2026 au plus tard" in dites(situation)


def test_entre_le_dernier_jour_ouvre_et_la_limite_reste_la_limite():
    assert situer(Vie(TRANCHES, EFFET), date(2026, 11, 14)).agir_avant == date(2026, 11, 15)


def test_une_convention_a_renouvellement_expres_non_renouvelee_est_eteinte():
    """Cas réel : cinq ans au 1er janvier 2021, aucun renouvellement exprès."""
    clauses = replace(EXPRESSE, article_duree="article 9")
    situation = situer(replace(CINQ_ANS, clauses=clauses), JOUR)
    assert situation.etat == EtatConvention.ETEINTE
    assert dites(situation) == (
        "Éteinte au soir du 31 décembre 2025 : elle demandait un renouvellement exprès au plus tard le "
        "1er juillet 2025 (article 9)."
    )
    assert (situation.echeance, situation.agir_avant, situation.denonciation) == (None, None, None)


@pytest.mark.parametrize(
    ("jour", "agir_avant", "phrase"),
    [
        (
            date(2025, 6, 1),
            date(2025, 7, 1),
            "n’est pas présenté au plus tard le 1er juillet 2025, 6 mois avant",
        ),
        (date(2025, 8, 1), None, "devait être présenté au plus tard le 1er juillet 2025"),
    ],
)
def test_un_renouvellement_expres_se_rappelle_puis_se_regrette(jour, agir_avant, phrase):
    situation = situer(CINQ_ANS, jour)
    assert situation.resume == "En vigueur jusqu’au 31\u00a0décembre 2025"
    assert situation.agir_avant == agir_avant
    assert phrase in dites(situation)
    assert situation.echeance == date(2026, 1, 1)


def test_renouvelee_elle_repart_pour_la_meme_duree():
    situation = situer(Vie(EXPRESSE, date(2021, 1, 1), date(2030, 12, 31), renouvellements=1), JOUR)
    assert (situation.etat, situation.echeance) == (EtatConvention.EN_VIGUEUR, date(2031, 1, 1))


def test_sans_reconduction_elle_s_eteint_a_son_terme():
    encours = situer(Vie(SECHE, EFFET, date(2027, 2, 14)), date(2026, 3, 1))
    assert encours.echeance == date(2027, 2, 15)
    assert "jusqu’au 15 novembre 2026" in dites(encours)
    finie = situer(Vie(SECHE, EFFET, date(2027, 2, 14)), date(2027, 3, 1))
    assert dites(finie) == "Éteinte au soir du 14 février 2027 : elle ne se reconduisait pas (article 2)."


def test_un_projet_n_a_ni_date_ni_regle():
    situation = situer(Vie(TRANCHES), JOUR)
    assert (situation.etat, situation.resume, situation.explications) == (
        EtatConvention.PROJET,
        "À signer",
        (),
    )


def test_un_projet_abandonne_le_dit_et_ne_demande_plus_rien():
    situation = situer(Vie(TRANCHES, abandonnee=True), JOUR)
    assert (situation.etat, situation.resume) == (EtatConvention.ABANDONNEE, "Projet abandonné")
    assert (situation.denonciation, situation.renouvellement, situation.agir_avant) == (None, None, None)


def test_signee_pour_plus_tard_elle_dit_quand_elle_prend_effet():
    situation = situer(Vie(TRANCHES, date(2027, 1, 1)), JOUR)
    assert situation.resume == "Prend effet le 1er\u00a0janvier 2027"
    assert situation.echeance == date(2028, 1, 1)
    assert situation.denonciation.limite == date(2027, 10, 1)


@pytest.mark.parametrize(
    ("jour", "resume"),
    [
        (date(2026, 12, 1), "Dénoncée, en vigueur jusqu’au 14\u00a0février 2027"),
        (date(2027, 3, 1), "Terminée le 14\u00a0février 2027"),
    ],
)
def test_denoncee_elle_dit_sa_fin(jour, resume):
    fin = date(2027, 2, 14)
    situation = situer(Vie(TRANCHES, EFFET, fin, fin), jour)
    assert (situation.resume, situation.explications) == (resume, ())
    assert (situation.agir_avant, situation.renouvellement) == (None, None)


def test_un_accord_pour_plus_tard_ne_rouvre_pas_la_denonciation():
    fin = date(2027, 2, 14)
    situation = situer(Vie(TRANCHES, date(2027, 1, 1), fin, fin), JOUR)
    assert (situation.etat, situation.denonciation) == (EtatConvention.A_VENIR, None)
    assert situation.explications == ()


def test_a_dates_fixes_la_collectivite_lit_la_sienne():
    situation = situer(Vie(DATES_FIXES, EFFET), JOUR)
    assert situation.agir_avant == date(2027, 10, 29)
    assert "avant le dimanche 31 octobre 2027" in dites(situation)
    assert "Le 30 est un samedi : agissez le vendredi 29 octobre 2027 au plus tard." in dites(situation)
    assert situation.echeance is None


def test_un_preavis_glissant_n_a_pas_de_date_limite():
    situation = situer(Vie(GLISSANTE, EFFET), JOUR)
    assert (situation.agir_avant, situation.reconduite) == (None, False)
    assert "à tout moment, avec 2 mois de préavis" in dites(situation)


def test_un_renouvellement_expres_se_lit_aussi_avec_un_preavis_avant_l_echeance():
    clauses = replace(EXPRESSE, preavis=Preavis.AVANT_ECHEANCE, preavis_mois=3)
    situation = situer(Vie(clauses, date(2021, 1, 1), TERME), date(2025, 3, 1))
    assert "Elle se dénonce jusqu’au 1er octobre 2025" in dites(situation)


@pytest.mark.parametrize(
    ("limite", "agir", "jour", "phrase"),
    [
        (date(2026, 11, 16), date(2026, 11, 16), JOUR, ""),
        (
            date(2026, 5, 1),
            date(2026, 4, 30),
            date(2026, 4, 1),
            "Le 1er est un jour férié : agissez le jeudi 30 avril 2026 au plus tard.",
        ),
    ],
)
def test_un_jour_ferme_fait_agir_avant(limite, agir, jour, phrase):
    assert jour_ferme(limite, agir, jour).replace("\u00a0", " ") == phrase
