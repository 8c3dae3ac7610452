"""Les clauses lues en français, et leur exemple du jour."""

from dataclasses import replace
from datetime import date

import pytest

from dpd.conventions.enums import Forme, Reconduction
from dpd.conventions.regles.clauses import manques, manques_par_champ
from dpd.conventions.regles.en_clair import (
    FORMES,
    clauses_en_clair,
    duree,
    exemple,
    le_jour,
    quantieme,
    reference,
)
from tests.conventions.regles.conventions_types import DATES_FIXES, EXPRESSE, GLISSANTE, TRANCHES

JOUR = date(2026, 11, 23)


def phrases(clauses) -> dict[str, str]:
    return {c.titre: c.phrase.replace("\u00a0", " ") for c in clauses_en_clair(clauses)}


@pytest.mark.parametrize(
    ("mois", "dite"), [(12, "un an"), (60, "5 ans"), (18, "18 mois"), (6, "6 mois"), (24, "2 ans")]
)
def test_une_duree_se_dit_en_ans_ou_en_mois(mois, dite):
    assert duree(mois).replace("\u00a0", " ") == dite


def test_un_jour_se_dit_sans_le_jour_de_la_semaine():
    assert le_jour(date(2025, 7, 1)) == "1er\u00a0juillet 2025"
    assert quantieme((10, 31)) == "31\u00a0octobre"
    assert quantieme((1, 1)) == "1er\u00a0janvier"


def test_une_reference_se_tait_sans_article():
    assert reference("", "") == ""
    assert reference("3 mois", "article 6.4") == " (3 mois, article 6.4)"


@pytest.mark.parametrize(
    ("clauses", "attendues"),
    [
        (
            TRANCHES,
            {
                "Prise d’effet": "Le jour de la dernière des deux signatures.",
                "Durée": "Elle dure un an.",
                "Ensuite": "reconduit tacitement",
                "Dénonciation": "au moins 3 mois avant l’échéance",
            },
        ),
        (
            DATES_FIXES,
            {
                "Durée": "Elle n’a pas de terme.",
                "Ensuite": "tant que personne ne la dénonce",
                "Dénonciation": "avant le 31 octobre, la structure avant le 31 juillet",
                "Hausse du tarif": "3 mois pour dénoncer",
            },
        ),
        (GLISSANTE, {"Dénonciation": "à tout moment, par écrit, avec un préavis de 2 mois"}),
        (
            EXPRESSE,
            {
                "Prise d’effet": "Le 1er janvier 2021.",
                "Durée": "Elle dure 5 ans.",
                "Ensuite": "au moins 6 mois avant l’échéance. Sans cela, elle s’éteint",
            },
        ),
        (
            replace(EXPRESSE, reconduction=Reconduction.AUCUNE),
            {"Ensuite": "Elle s’éteint à son terme, sans reconduction."},
        ),
    ],
)
def test_chaque_convention_reelle_se_lit(clauses, attendues):
    lues = phrases(clauses)
    assert {titre: attendue in lues[titre] for titre, attendue in attendues.items()} == dict.fromkeys(
        attendues, True
    )


def test_chaque_clause_porte_son_article():
    articles = {c.titre: c.article for c in clauses_en_clair(DATES_FIXES)}
    assert (articles["Dénonciation"], articles["Hausse du tarif"]) == ("article 24", "article 23")


def test_chaque_forme_de_denonciation_se_dit():
    assert set(FORMES) == set(Forme)


@pytest.mark.parametrize(
    ("clauses", "attendues"),
    [
        (
            TRANCHES,
            (
                "Signée aujourd’hui, elle prend effet le 23 novembre 2026.",
                "Elle échoit le 23 novembre 2027.",
                "Elle se dénonce jusqu’au 23 août 2027, pour le 22 novembre 2027.",
            ),
        ),
        (
            DATES_FIXES,
            (
                "Signée aujourd’hui, elle prend effet le 23 novembre 2026.",
                "Elle se dénonce jusqu’au 30 octobre 2027, pour le 31 décembre 2027.",
                "Ce jour est fermé : on agit le vendredi 29 octobre 2027.",
            ),
        ),
        (
            GLISSANTE,
            (
                "Signée aujourd’hui, elle prend effet le 23 novembre 2026.",
                "Elle échoit le 23 novembre 2027.",
                "Dénoncée le même jour, elle prendrait fin le 23 janvier 2027.",
            ),
        ),
        (EXPRESSE, ("Signée aujourd’hui, elle serait déjà éteinte, depuis le 31 décembre 2025.",)),
    ],
)
def test_l_exemple_dit_ce_que_donneraient_les_clauses(clauses, attendues):
    assert tuple(p.replace("\u00a0", " ") for p in exemple(clauses, JOUR)) == attendues


def test_ce_qui_manque_se_dit_champ_par_champ():
    assert manques_par_champ(TRANCHES) == []
    fautive = replace(EXPRESSE, date_fixe=None, renouvellement_mois=None, duree_mois=None, preavis_mois=None)
    assert [champ for champ, _ in manques_par_champ(fautive)] == [
        "date_fixe",
        "duree_mois",
        "renouvellement_mois",
        "preavis_mois",
    ]
    assert len(manques(fautive)) == 4
    assert manques_par_champ(replace(TRANCHES, duree_mois=0))[0][0] == "duree_mois"
    assert manques_par_champ(replace(TRANCHES, duree_mois=None))[0][0] == "duree_mois"
    assert manques_par_champ(replace(DATES_FIXES, fin_annuelle=None))[0][0] == "limite_collectivite"
