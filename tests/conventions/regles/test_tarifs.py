"""Chaque borne de la grille, les deux phases, et la révision au centime."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.conventions.regles.calcul import marge
from dpd.conventions.regles.tarifs import (
    Indice,
    Phase,
    Tranche,
    arrondir,
    prix_tranche,
    reviser,
    tranche_de,
    verifier_grille,
)
from tests.conventions.regles.grilles import GRILLE, PRIX

BORNES = [
    (population, mise_en_place, suite)
    for minimum, maximum, mise_en_place, suite in PRIX
    for population in (minimum, minimum + 1, maximum - 1, maximum)
]


@pytest.mark.parametrize(("population", "mise_en_place", "suite"), BORNES)
def test_les_bornes_sont_incluses_dans_les_deux_phases(population, mise_en_place, suite):
    assert prix_tranche(GRILLE, population, Phase.MISE_EN_PLACE) == Decimal(mise_en_place)
    assert prix_tranche(GRILLE, population, Phase.ACCOMPAGNEMENT) == Decimal(suite)


@pytest.mark.parametrize("population", [10_001, 35_000, None])
@pytest.mark.parametrize("phase", list(Phase))
def test_au_dela_de_la_grille_ou_sans_population_c_est_un_devis(population, phase):
    assert prix_tranche(GRILLE, population, phase) is None


def test_300_et_301_habitants_ne_paient_pas_le_meme_prix():
    assert prix_tranche(GRILLE, 300, Phase.MISE_EN_PLACE) == 400
    assert prix_tranche(GRILLE, 301, Phase.MISE_EN_PLACE) == 560


@pytest.mark.parametrize("population", [-1, True, 12.5])
def test_une_population_impossible_est_refusee(population):
    with pytest.raises(ValueError, match="population"):
        prix_tranche(GRILLE, population, Phase.ACCOMPAGNEMENT)


@pytest.mark.parametrize(
    ("grille", "message"),
    [
        pytest.param((), "aucune tranche", id="vide"),
        pytest.param(GRILLE[1:], "un trou de 0 à 300", id="commence-tard"),
        pytest.param(GRILLE[:2] + GRILLE[3:], "un trou de 501 à 700", id="trou"),
        pytest.param((*GRILLE, Tranche(900, 950, Decimal(1), Decimal(1))), "chevauchent", id="chevauche"),
        pytest.param((Tranche(5, 0, Decimal(1), Decimal(1)),), "à l’envers", id="envers"),
        pytest.param((Tranche(0, 5, Decimal(-1), Decimal(1)),), "négatif", id="negatif"),
    ],
)
def test_une_grille_mal_formee_est_refusee_en_disant_ou(grille, message):
    with pytest.raises(ValueError, match=message):
        prix_tranche(grille, 10, Phase.MISE_EN_PLACE)


def test_une_grille_dans_le_desordre_se_range():
    assert verifier_grille(GRILLE[::-1]) == list(GRILLE)


@given(st.integers(min_value=0, max_value=10_000))
def test_chaque_population_a_une_tranche_et_une_seule(population):
    tranche = tranche_de(GRILLE, population)
    contenantes = [t for t in GRILLE if t.minimum <= population <= t.maximum]
    assert contenantes == [tranche]


@given(st.integers(min_value=0, max_value=10_000))
def test_la_marge_mene_juste_a_la_tranche_voisine(population):
    tranche = tranche_de(GRILLE, population)
    ecart = marge(tranche, population)
    assert tranche_de(GRILLE, population + ecart.plus - 1) == tranche
    assert tranche_de(GRILLE, population + ecart.plus) != tranche
    if ecart.moins is None:
        assert tranche.minimum == 0
    else:
        assert tranche_de(GRILLE, population - ecart.moins + 1) == tranche
        assert tranche_de(GRILLE, population - ecart.moins) != tranche


def test_la_marge_de_la_maquette():
    assert marge(tranche_de(GRILLE, 1556), 1556).moins == 656
    assert marge(tranche_de(GRILLE, 1556), 1556).plus == 445


def ancien(valeur):
    return Indice(Decimal(valeur), "ancien")


@pytest.mark.parametrize(
    ("prix", "nouveau", "base", "attendu"),
    [
        ("126.40", "274.7", "270.2", "128.51"),  # contrôle publié : 2019 → 2020
        ("350", "276.9", "274.7", "352.80"),
        ("750", "276.9", "274.7", "756.01"),
        ("250", "274.7", "274.7", "250.00"),
        ("0", "276.9", "274.7", "0.00"),
    ],
)
def test_la_revision_au_centime(prix, nouveau, base, attendu):
    assert reviser(Decimal(prix), ancien(nouveau), ancien(base)) == Decimal(attendu)


def test_la_moitie_s_arrondit_vers_le_haut():
    assert arrondir(Decimal("2.345")) == Decimal("2.35")
    assert reviser(Decimal("0.01"), ancien("150"), ancien("100")) == Decimal("0.02")
    assert reviser(Decimal("0.03"), ancien("150"), ancien("100")) == Decimal("0.05")  # banquier : 0,04


@pytest.mark.parametrize(
    ("prix", "nouveau", "base", "message"),
    [
        pytest.param("1", Indice(Decimal(307), "revise"), ancien("274.7"), "raccord", id="series"),
        pytest.param("1", ancien("0"), ancien("274.7"), "strictement positif", id="nouveau-nul"),
        pytest.param("1", ancien("274.7"), ancien("0"), "strictement positif", id="ancien-nul"),
        pytest.param("1", ancien("-3"), ancien("274.7"), "strictement positif", id="negatif"),
        pytest.param("-1", ancien("274.7"), ancien("274.7"), "Un prix", id="prix-negatif"),
    ],
)
def test_une_revision_impossible_est_refusee(prix, nouveau, base, message):
    with pytest.raises(ValueError, match=message):
        reviser(Decimal(prix), nouveau, base)


INDICES = st.decimals(min_value=100, max_value=500, places=1)


@given(st.decimals(min_value=0, max_value=5000, places=2), INDICES, INDICES)
def test_la_revision_est_l_arrondi_de_la_fraction_exacte(prix, nouveau, base):
    """Contrôle en entiers : l’écart entre résultat et exact est d’un demi-centime au plus."""
    revise = reviser(prix, Indice(nouveau, "x"), Indice(base, "x"))
    ecart = (revise * base - prix * nouveau) * 2
    assert -base * Decimal("0.01") < ecart <= base * Decimal("0.01")


def test_les_phases_portent_leur_nom():
    assert [p.label for p in Phase] == ["Mise en place", "Accompagnement"]
