"""Une grille collée se lit, ou dit à quelle ligne elle ne se lit pas."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.conventions.regles.collage import lire_grille
from dpd.conventions.regles.tarifs import Tranche
from tests.conventions.regles.grilles import GRILLE, PRIX

MONTANTS = {"mise_en_place": Decimal(1200), "accompagnement": Decimal(750)}
CINQUIEME = Tranche(901, 2000, **MONTANTS)


@pytest.mark.parametrize(
    "ligne",
    [
        "901-2000\t1200 €\t750€",
        "901\t2000\t1200\t750",
        "901;2000;1200,00;750,00",
        "| 901 à 2 000 | 1 200 € | 750 € |",
        "901 – 2\u202f000\u00a0hab.\t1\u202f200,00\u00a0€\t750.00",
        "de 901 à 2000 habitants;1200 euros;750 euros",
        "entre 901 et 2000   1200   750",
        "901-2000 1200 750",
        "de 901 à 2000 1200 750",
        "901 2000 1200 750",
    ],
)
def test_une_ligne_se_lit_de_bien_des_facons(ligne):
    assert lire_grille(ligne) == [CINQUIEME]


def test_la_grille_d_une_convention_se_colle_telle_quelle():
    lignes = ["Tranches par nombre d’habitants\t1re année\tAnnées suivantes".replace("1re", "Première")]
    lignes += [f"{de}-{a}\t{m} €\t{s}€" for de, a, m, s in PRIX]
    lignes += ["", "Communes de plus de 10000 habitants et autres structures\tSur devis\tSur devis"]
    assert lire_grille("\n".join(lignes)) == list(GRILLE)


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("0-300\t400\t250\n301-500\t560", "Ligne 2.*301-500"),
        ("0-300\tquatre cents 4\t250", "Ligne 1"),
        ("0-300,5\t400\t250", "Ligne 1"),
        ("0-300\t400\t250\t10\t20", "Ligne 1"),
        ("300\t400\t250", "Ligne 1"),
        ("0-300\t-400\t250", "Ligne 1"),
        ("Bonjour", "aucune tranche"),
        ("", "aucune tranche"),
        ("0-300\t400\t250\n" * 61, "60 tranches au plus"),
    ],
)
def test_ce_qui_ne_se_lit_pas_est_nomme(texte, message):
    with pytest.raises(ValueError, match=message):
        lire_grille(texte)


@given(st.text(max_size=200))
def test_aucun_texte_ne_fait_autre_chose_que_se_lire_ou_etre_refuse(texte):
    with suppress(ValueError):
        assert all(t.minimum >= 0 and t.mise_en_place >= 0 for t in lire_grille(texte))
