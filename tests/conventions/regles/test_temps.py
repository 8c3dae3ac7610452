"""Les durées que l’on choisit, et ce qui reste du temps prévu."""

from datetime import date
from decimal import Decimal

import pytest

from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.regles.temps import (
    Duree,
    TempsDePhase,
    dernier_jour_du_mois,
    duree_choisie,
    durees_proposees,
    jours_dits,
    minutes_de,
    mois_precedent,
    temps_par_phase,
)


@pytest.mark.parametrize(
    ("duree", "journee", "minutes"),
    [
        (Duree.QUART_D_HEURE, 420, 15),
        (Duree.DEUX_HEURES, 420, 120),
        (Duree.DEMI_JOURNEE, 420, 210),
        (Duree.DEMI_JOURNEE, 425, 213),
        (Duree.JOURNEE, 450, 450),
    ],
)
def test_la_journee_suit_le_bareme(duree, journee, minutes):
    assert minutes_de(duree, journee) == minutes


def test_une_autre_duree_se_lit():
    assert minutes_de(Duree.AUTRE, 420, "1 h 20") == 80
    with pytest.raises(ValueError, match="Écrivez une durée"):
        minutes_de(Duree.AUTRE, 420)


def test_les_durees_proposees_disent_combien_d_heures_fait_une_journee():
    libelles = dict(durees_proposees(420))
    assert libelles["15"] == "¼\u00a0h"
    assert libelles["demi"] == "Demi-journée (3\u00a0h\u00a030)"
    assert libelles["journee"] == "Journée (7\u00a0h)"
    assert list(libelles) == [duree.value for duree in Duree]


@pytest.mark.parametrize(
    ("minutes", "choix"),
    [
        (30, (Duree.DEMI_HEURE, "")),
        (420, (Duree.JOURNEE, "")),
        (80, (Duree.AUTRE, "1\u00a0h\u00a020")),
    ],
)
def test_la_derniere_duree_se_retrouve(minutes, choix):
    assert duree_choisie(minutes, 420) == choix


def test_le_temps_restant_se_compte_par_phase():
    mise_en_place, accompagnement = temps_par_phase(
        {Phase.MISE_EN_PLACE: 500},
        jours_mise_en_place=Decimal("2.5"),
        jours_accompagnement=None,
        journee=420,
        annee=2026,
    )
    assert (mise_en_place.prevu, mise_en_place.passe, mise_en_place.reste) == (1050, 500, 550)
    assert mise_en_place.depassement == 0
    assert (accompagnement.prevu, accompagnement.passe, accompagnement.reste) == (None, 0, None)
    assert (accompagnement.depassement, accompagnement.annee) == (0, 2026)


def test_un_temps_depasse_le_dit():
    phase = TempsDePhase(Phase.ACCOMPAGNEMENT, passe=600, prevu=420)
    assert (phase.reste, phase.depassement) == (-180, 180)


@pytest.mark.parametrize(
    ("jours", "dits"), [("0.25", "0,25\u00a0jour"), ("1.50", "1,5\u00a0jour"), ("10.00", "10\u00a0jours")]
)
def test_des_jours_se_disent(jours, dits):
    assert jours_dits(Decimal(jours)) == dits


def test_le_mois_finit_a_son_dernier_jour():
    assert dernier_jour_du_mois(2028, 2) == date(2028, 2, 29)
    assert dernier_jour_du_mois(2026, 12) == date(2026, 12, 31)
    with pytest.raises(ValueError, match=r"month must be in 1\.\.12"):
        dernier_jour_du_mois(2026, 13)


@pytest.mark.parametrize(("jour", "mois"), [(date(2026, 11, 23), (2026, 10)), (date(2026, 1, 1), (2025, 12))])
def test_le_dernier_mois_echu_est_le_precedent(jour, mois):
    assert mois_precedent(jour) == mois
