"""Les séries Syntec ne se mélangent pas, et aucune valeur n’est devinée."""

from datetime import date
from decimal import Decimal

import pytest

from dpd.conventions.enums import LectureIndice
from dpd.conventions.regles.indices import (
    IndicePublie,
    Raccord,
    indice_de_reference,
    prolonger,
    reviser_base_fixe,
    reviser_en_chaine,
)
from dpd.conventions.regles.tarifs import Indice

RACCORD = Raccord("ancien", "revise", Decimal("0.97975"))
BASE = Indice(Decimal("274.7"), "ancien")  # novembre 2019
NOV_2021 = Indice(Decimal("276.9"), "ancien")
NOV_2023 = Indice(Decimal("307.0"), "revise")


def publie(annee, mois, valeur, le=None, serie="revise"):
    return IndicePublie(serie, annee, mois, Decimal(valeur), le, "Fédération Syntec")


@pytest.mark.parametrize(
    ("prix", "attendu"),
    [("250", "285.17"), ("1200", "1368.82"), ("750", "855.51")],
)
def test_entre_deux_series_le_raccord_s_applique_en_une_fois(prix, attendu):
    assert reviser_base_fixe(Decimal(prix), BASE, NOV_2023, RACCORD) == Decimal(attendu)


@pytest.mark.parametrize("raccord", [None, Raccord("revise", "ancien", Decimal("0.97975"))])
def test_sans_regle_deliberee_le_calcul_entre_series_est_refuse(raccord):
    with pytest.raises(ValueError, match="délibérée"):
        reviser_base_fixe(Decimal(250), BASE, NOV_2023, raccord)


def test_un_raccord_nul_est_refuse():
    with pytest.raises(ValueError, match="strictement positif"):
        prolonger(NOV_2023, "ancien", Raccord("ancien", "revise", Decimal(0)))


def test_dans_la_meme_serie_le_raccord_n_est_pas_demande():
    assert prolonger(NOV_2021, "ancien", None) == NOV_2021
    assert reviser_base_fixe(Decimal(350), BASE, NOV_2021, None) == Decimal("352.80")


@pytest.mark.parametrize(
    ("prix", "direct", "chaine"), [("350", "352.80", "352.81"), ("750", "756.01", "756.00")]
)
def test_base_fixe_et_chainage_n_arrondissent_pas_pareil(prix, direct, chaine):
    nov_2020 = Indice(Decimal("274.8"), "ancien")
    assert reviser_base_fixe(Decimal(prix), BASE, NOV_2021, None) == Decimal(direct)
    assert reviser_en_chaine(Decimal(prix), BASE, [nov_2020, NOV_2021], None)[-1] == Decimal(chaine)


def test_en_chaine_le_raccord_ne_sert_qu_au_changement_de_serie():
    revise_2024 = Indice(Decimal("314.7"), "revise")
    suite = reviser_en_chaine(Decimal(250), BASE, [NOV_2023, revise_2024], RACCORD)
    assert suite == [Decimal("285.17"), Decimal("292.32")]


def test_sans_annee_a_reviser_la_chaine_est_vide():
    assert reviser_en_chaine(Decimal(250), BASE, [], None) == []


SUITE = [
    publie(2023, 11, "307.0", date(2023, 12, 29)),
    publie(2024, 9, "314.5", date(2024, 10, 31)),
    publie(2024, 12, "314.8"),
]


def test_l_indice_du_mois_est_celui_du_mois_ou_rien():
    assert indice_de_reference(SUITE, 2023, 11, LectureIndice.DU_MOIS, "revise") == SUITE[0]
    assert indice_de_reference(SUITE, 2024, 11, LectureIndice.DU_MOIS, "revise") is None


def test_a_mois_egal_la_serie_demandee_l_emporte():
    double = [publie(2021, 11, "276.9", serie="ancien"), publie(2021, 11, "271.2")]
    assert indice_de_reference(double, 2021, 11, LectureIndice.DU_MOIS, "ancien") == double[0]
    assert indice_de_reference(double, 2021, 11, LectureIndice.DU_MOIS, "revise") == double[1]


def test_le_dernier_publie_ne_connait_pas_l_indice_paru_apres():
    """Novembre 2023 paraît le 29 décembre : le 30 novembre, personne ne le connaît."""
    assert indice_de_reference(SUITE, 2024, 11, LectureIndice.DERNIER_PUBLIE, "revise") == SUITE[1]
    assert indice_de_reference(SUITE, 2023, 11, LectureIndice.DERNIER_PUBLIE, "revise") is None
    assert indice_de_reference(SUITE, 2023, 12, LectureIndice.DERNIER_PUBLIE, "revise") == SUITE[0]


@pytest.mark.parametrize(("annee", "mois", "connu"), [(2024, 11, True), (2024, 12, False), (2026, 11, False)])
def test_un_indice_trop_ancien_n_est_pas_le_dernier_publie(annee, mois, connu):
    """Septembre 2024 peut être le dernier paru fin novembre 2024, jamais fin novembre 2026."""
    retenu = indice_de_reference(SUITE, annee, mois, LectureIndice.DERNIER_PUBLIE, "revise")
    assert retenu == (SUITE[1] if connu else None)


def test_un_indice_publie_donne_son_indice():
    assert SUITE[0].indice == NOV_2023
