"""Couper un texte en lignes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpd.documents.cesure import couper, couper_mixte, tronquer
from dpd.documents.pdf_styles import EMPREINTE, NOTE, TEXTE, TITRE_2
from dpd.documents.polices import imprimable

MOTS = st.lists(
    st.text(st.characters(codec="cp1252", categories=["L", "Nd"]), min_size=1, max_size=30), max_size=60
)


@given(MOTS, st.floats(20, 500))
def test_aucune_ligne_ne_deborde_et_aucun_mot_ne_se_perd(mots, place):
    texte = " ".join(mots)
    lignes = couper(texte, TEXTE, place)
    assert all(TEXTE.mesure(ligne.rstrip(" ")) <= place + 0.01 for ligne in lignes)
    assert "".join(lignes) == imprimable(texte)


@given(MOTS, MOTS, st.floats(60, 500))
def test_deux_lettrages_a_la_suite_ne_debordent_ni_ne_perdent_rien(gras, maigres, place):
    lignes = couper_mixte(((" ".join(gras), TITRE_2), (" ".join(maigres), NOTE)), place)
    for ligne in lignes:
        x, texte, lettrage = ligne[-1]
        assert x + lettrage.mesure(texte.rstrip(" ")) <= place + 0.01
    ecrit = "".join(texte for ligne in lignes for _, texte, _ in ligne)
    assert ecrit.rstrip(" ") == imprimable(" ".join(gras + maigres))


def test_une_espace_insecable_ne_se_coupe_pas():
    place = TEXTE.mesure("le 4 juin")
    assert couper("le 4\u00a0juin 2026", TEXTE, place) == ("le 4\u00a0juin ", "2026")
    assert couper("vérifié le 4\u202fjuin", TEXTE, place) == ("vérifié ", "le 4\u00a0juin")


def test_un_saut_de_ligne_est_garde():
    assert couper("un\ndeux\n\ntrois", TEXTE, 300) == ("un ", "deux ", "trois")


def test_un_mot_trop_large_se_coupe_de_preference_apres_un_trait_d_union():
    place = TEXTE.mesure("Montpezat-de-Que")
    assert couper("Montpezat-de-Quercy", TEXTE, place) == ("Montpezat-de-", "Quercy")


def test_un_texte_vide_n_a_pas_de_ligne():
    assert couper("", TEXTE, 100) == couper(" \n ", TEXTE, 100) == ()


@pytest.mark.parametrize("place", [0.0, 1.0])
def test_une_place_nulle_donne_un_caractere_par_ligne(place):
    assert couper("abc", TEXTE, place) == ("a", "b", "c")


def test_un_titre_trop_long_finit_par_des_points_de_suspension():
    place = TEXTE.mesure("Cantine et garderie…")
    assert tronquer("Cantine et garderie périscolaires", TEXTE, place) == "Cantine et garderie…"
    assert tronquer("Cantine", TEXTE, place) == "Cantine"


def test_l_approche_compte_dans_la_largeur():
    assert EMPREINTE.mesure("3f9a51c2") > 8 * 0.24 + 8 * 3
