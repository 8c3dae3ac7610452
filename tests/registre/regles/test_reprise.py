"""Reprendre une durée du modèle : jamais d’un clic groupé sur une donnée que le droit traite à part."""

from dataclasses import replace

import pytest
from hypothesis import given

from dpd.vocabulaire import ENCADREE, SENSIBLE, CategorieDonnees
from registre.regles.contenu import Duree, Fiche, LigneDonnees
from registre.regles.reprise import (
    CATEGORIES_UNE_A_UNE,
    est_vide,
    partager,
    remplit,
    reprendre,
)
from tests.registre.regles.fiches import FICHES

DIX_ANS = {
    "objet": "Factures",
    "duree": {"nombre": 10, "unite": "annee"},
    "point_de_depart": "la clôture",
    "sort_final": "E",
    "intermediaire": "5 ans",
}
ORDINAIRES = [c for c in CategorieDonnees.values if c not in SENSIBLE | ENCADREE | {CategorieDonnees.IMAGE}]


def fiche_de(*categories):
    return Fiche(donnees=tuple(LigneDonnees(categorie) for categorie in categories))


def durees(fiche):
    return [ligne.duree.nombre for ligne in fiche.donnees]


def test_les_categories_une_a_une_suivent_le_vocabulaire():
    assert SENSIBLE | ENCADREE | {CategorieDonnees.IMAGE} == CATEGORIES_UNE_A_UNE


@pytest.mark.parametrize("categorie", [*sorted(CATEGORIES_UNE_A_UNE), ""])
def test_une_reprise_groupee_ne_touche_jamais_une_donnee_traitee_a_part(categorie):
    fiche = fiche_de("identite", categorie, "bancaire")
    reprise = reprendre(fiche, "*|0", [DIX_ANS])
    assert durees(reprise) == [10, None, 10]
    assert reprise.donnees[1] == fiche.donnees[1]


@pytest.mark.parametrize("categorie", ORDINAIRES)
def test_une_reprise_groupee_remplit_toute_ligne_ordinaire_vide(categorie):
    (ligne,) = reprendre(fiche_de(categorie), "*|0", [DIX_ANS]).donnees
    assert ligne.duree == Duree(10, "annee", "la clôture")
    assert (ligne.sort_final, ligne.archivage) == ("E", "5 ans")


@pytest.mark.parametrize("categorie", sorted(CATEGORIES_UNE_A_UNE))
def test_la_meme_donnee_se_reprend_seule(categorie):
    fiche = fiche_de("identite", categorie, categorie)
    assert durees(reprendre(fiche, f"{categorie}-2|0", [DIX_ANS])) == [None, None, 10]


@given(FICHES)
def test_une_reprise_groupee_ne_change_que_l_ensemble_annonce(fiche):
    apres = reprendre(fiche, "*|0", [DIX_ANS]).donnees
    changees = {rang for rang, (a, b) in enumerate(zip(fiche.donnees, apres, strict=True)) if a != b}
    partage = partager(fiche.donnees)
    assert changees == set(partage.ensemble)
    assert not changees & set(partage.une_a_une)
    assert not {fiche.donnees[rang].categorie for rang in changees} & CATEGORIES_UNE_A_UNE
    vides = {rang for rang, ligne in enumerate(fiche.donnees) if est_vide(ligne)}
    assert vides == set(partage.ensemble) | set(partage.une_a_une)


@pytest.mark.parametrize(
    "repondue",
    [
        LigneDonnees("identite", duree=Duree(1, "annee")),
        LigneDonnees("identite", duree=Duree(inconnue=True)),
        LigneDonnees("identite", sort_final="E"),
        LigneDonnees("identite", sort_inconnu=True),
    ],
)
def test_une_reponse_deja_donnee_n_est_jamais_ecrasee_en_groupe(repondue):
    fiche = Fiche(donnees=(repondue,))
    assert partager(fiche.donnees).ensemble == ()
    assert reprendre(fiche, "*|0", [DIX_ANS]) == fiche


def test_une_reprise_garde_ce_que_la_proposition_ne_dit_pas():
    ligne = LigneDonnees("identite", archivage="3 ans", sort_inconnu=True, duree=Duree(evenement="le départ"))
    (sans_sort,) = reprendre(
        Fiche(donnees=(ligne,)), "identite-1|0", [{"duree": {"nombre": 2, "unite": "mois"}}]
    ).donnees
    assert sans_sort == replace(ligne, duree=Duree(2, "mois", "le départ"))
    (avec_sort,) = reprendre(Fiche(donnees=(ligne,)), "identite-1|0", [{"sort_final": "C"}]).donnees
    assert (avec_sort.sort_final, avec_sort.sort_inconnu) == ("C", False)
    assert avec_sort.duree == ligne.duree


@pytest.mark.parametrize("demande", ["identite-1|1", "*|x", "*|", "*|²", "*|0000", "n’importe quoi"])
def test_une_proposition_inconnue_est_refusee(demande):
    with pytest.raises(ValueError, match="n’existe plus dans le modèle"):
        reprendre(fiche_de("identite"), demande, [DIX_ANS])


def test_une_cible_inconnue_ne_change_rien():
    fiche = fiche_de("identite")
    assert reprendre(fiche, "bancaire-1|0", [DIX_ANS]) == fiche


@pytest.mark.parametrize(
    ("proposition", "attendu"),
    [
        (DIX_ANS, True),
        ({"sort_final": "C"}, True),
        ({"intermediaire": "10 ans"}, True),
        ({"duree": None, "sort_final": "", "intermediaire": "", "base_active": "1 an"}, False),
        ({}, False),
    ],
)
def test_une_proposition_sans_rien_a_poser_ne_remplit_pas(proposition, attendu):
    assert remplit(proposition) is attendu
