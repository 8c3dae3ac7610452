"""Le dernier jour que donne une demande, ou le refus et sa règle."""

from datetime import date

import pytest

from dpd.conventions.enums import CauseFin, Partie
from dpd.conventions.regles.denonciation import HorsDelai
from dpd.conventions.regles.fins import Demande, fin_retenue
from tests.conventions.regles.conventions_types import DATES_FIXES, GLISSANTE, TRANCHES

EFFET = date(2024, 2, 15)
COLLECTIVITE, STRUCTURE = Partie.COLLECTIVITE, Partie.STRUCTURE
DENONCIATION, HAUSSE, ACCORD = CauseFin.DENONCIATION, CauseFin.HAUSSE, CauseFin.ACCORD


@pytest.mark.parametrize(
    ("clauses", "demande", "jour"),
    [
        (TRANCHES, Demande(DENONCIATION, COLLECTIVITE, date(2026, 11, 13)), date(2027, 2, 14)),
        (TRANCHES, Demande(DENONCIATION, STRUCTURE, date(2026, 11, 16)), date(2028, 2, 14)),
        (
            TRANCHES,
            Demande(DENONCIATION, COLLECTIVITE, date(2026, 11, 13), date(2027, 2, 14)),
            date(2027, 2, 14),
        ),
        (GLISSANTE, Demande(DENONCIATION, STRUCTURE, date(2026, 11, 21)), date(2027, 1, 21)),
        # Un préavis glissant est un minimum : la lettre peut viser plus loin.
        (
            GLISSANTE,
            Demande(DENONCIATION, STRUCTURE, date(2026, 11, 21), date(2027, 6, 30)),
            date(2027, 6, 30),
        ),
        (
            DATES_FIXES,
            Demande(HAUSSE, COLLECTIVITE, date(2026, 4, 1), hausse_le=date(2026, 3, 1)),
            date(2026, 3, 1),
        ),
        # Une hausse notifiée avant l’effet ne fait pas finir la convention avant qu’elle commence.
        (DATES_FIXES, Demande(HAUSSE, COLLECTIVITE, date(2024, 3, 1), hausse_le=date(2024, 2, 1)), EFFET),
        (TRANCHES, Demande(ACCORD, STRUCTURE, date(2026, 5, 1), date(2026, 6, 30)), date(2026, 6, 30)),
        (
            TRANCHES,
            Demande(CauseFin.DISSOLUTION, COLLECTIVITE, date(2026, 5, 1), date(2026, 12, 31)),
            date(2026, 12, 31),
        ),
    ],
)
def test_le_dernier_jour_se_calcule(clauses, demande, jour):
    assert fin_retenue(clauses, EFFET, demande).jour == jour


def test_la_regle_et_l_article_restent_avec_la_fin():
    retenue = fin_retenue(TRANCHES, EFFET, Demande(DENONCIATION, COLLECTIVITE, date(2026, 11, 13)))
    assert "3 mois avant l’échéance" in retenue.regle
    assert "article 6.4" in retenue.regle
    accord = fin_retenue(TRANCHES, EFFET, Demande(ACCORD, STRUCTURE, date(2026, 5, 1), date(2026, 6, 30)))
    assert accord.regle == "d’un commun accord, à la date convenue"


@pytest.mark.parametrize(
    ("clauses", "demande", "motif"),
    [
        (
            TRANCHES,
            Demande(DENONCIATION, COLLECTIVITE, date(2026, 11, 20), date(2027, 2, 14)),
            r"hors délai.*article 6\.4.*2028",
        ),
        # Passé la première fin possible, seule une échéance met fin : une date au milieu est refusée.
        (
            TRANCHES,
            Demande(DENONCIATION, COLLECTIVITE, date(2026, 11, 13), date(2027, 6, 30)),
            r"ne prend pas fin le 30.juin 2027.*article 6\.4.*14.février 2027",
        ),
        (
            DATES_FIXES,
            Demande(HAUSSE, COLLECTIVITE, date(2026, 6, 2), hausse_le=date(2026, 3, 1)),
            r"article 23",
        ),
    ],
)
def test_hors_delai_la_regle_est_dite(clauses, demande, motif):
    with pytest.raises(HorsDelai, match=motif):
        fin_retenue(clauses, EFFET, demande)


@pytest.mark.parametrize(
    ("clauses", "demande", "motif"),
    [
        (TRANCHES, Demande(ACCORD, STRUCTURE, date(2026, 5, 1)), "dernier jour"),
        (
            TRANCHES,
            Demande(ACCORD, STRUCTURE, date(2026, 5, 1), date(2023, 1, 1)),
            "avant d’avoir pris effet",
        ),
        (DATES_FIXES, Demande(HAUSSE, STRUCTURE, date(2026, 5, 1)), "Seule la collectivité"),
        (DATES_FIXES, Demande(HAUSSE, COLLECTIVITE, date(2026, 5, 1)), "Choisissez la hausse"),
        (
            TRANCHES,
            Demande(HAUSSE, COLLECTIVITE, date(2026, 5, 1), hausse_le=date(2026, 4, 1)),
            "n’ouvre pas",
        ),
        (TRANCHES, Demande(DENONCIATION, COLLECTIVITE, date(2023, 5, 1)), "avant de prendre effet"),
    ],
)
def test_une_demande_que_la_convention_n_ouvre_pas_est_refusee(clauses, demande, motif):
    with pytest.raises(ValueError, match=motif):
        fin_retenue(clauses, EFFET, demande)
