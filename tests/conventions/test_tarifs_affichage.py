"""Ce que l’affichage dit aux bords : bouts de la grille, nombres rares, convention sans effet."""

from dataclasses import replace
from decimal import Decimal

import pytest

from dpd.conventions.affichage import SANS_EFFET, contexte_tarif
from dpd.conventions.affichage_baremes import apercu, lire_populations
from dpd.conventions.affichage_etapes import etapes
from dpd.conventions.affichage_formules import abreger, decimales, formule, quantite
from dpd.conventions.affichage_frise import frise, ordinal, phrase_de_marge
from dpd.conventions.affichage_modele import Contexte
from dpd.conventions.affichage_revision import parution
from dpd.conventions.enums import NatureBareme, SensForfait
from dpd.conventions.regles.calcul import Marge, calculer
from tests.conventions.conftest import creer_bareme, creer_convention
from tests.conventions.regles.grilles import GRILLE
from tests.conventions.regles.sources_types import en_2024, en_2027, par_journees


@pytest.mark.parametrize(
    ("rang", "bornes"),
    [
        (0, ["0", "300", "10\u202f000"]),
        (4, ["0", "900", "2\u202f000", "10\u202f000"]),
        (7, ["0", "5\u202f000", "10\u202f000"]),
    ],
)
def test_la_frise_ne_repete_pas_les_bouts(rang, bornes):
    dessin = frise(GRILLE, GRILLE[rang], GRILLE[rang].minimum)
    assert [b.texte for b in dessin.bornes] == bornes
    assert [c.ici for c in dessin.cases].index(True) == rang
    assert sum(c.ici for c in dessin.cases) == 1
    assert dessin.cases[-1].x + dessin.cases[-1].largeur <= 100


@pytest.mark.parametrize(
    ("marge", "derniere", "fin"),
    [
        (Marge(None, 1), False, "1\u00a0habitant de plus pour changer de tranche."),
        (Marge(656, 445), False, "656\u00a0habitants de moins ou 445 de plus pour changer de tranche."),
        (
            Marge(5, 1),
            True,
            "5\u00a0habitants de moins ou 1 de plus pour changer de tranche ou sortir de la grille.",
        ),
        (Marge(None, 9), True, "9\u00a0habitants de plus pour sortir de la grille."),
    ],
)
def test_la_marge_se_dit_aux_bouts_de_la_grille(marge, derniere, fin):
    assert phrase_de_marge(marge, derniere) == f"Marge\u00a0: il faudrait {fin}"


def test_au_dela_de_dix_l_annee_s_ecrit_en_chiffres():
    assert [ordinal(n) for n in (1, 10, 11)] == ["première", "dixième", "11e"]


@pytest.mark.parametrize(
    ("valeur", "ecrite"),
    [("307.0", "307,0"), ("0.979750", "0,97975"), ("0.980000", "0,98"), ("2.000000", "2"), ("250", "250")],
)
def test_un_coefficient_perd_les_zeros_de_la_base(valeur, ecrite):
    assert decimales(Decimal(valeur)) == ecrite


@pytest.mark.parametrize(
    ("valeur", "ecrite"),
    [
        ("1", "1\u00a0jour"),
        ("1.50", "1,5\u00a0jour"),
        ("2.00", "2\u00a0jours"),
        ("0", "0\u00a0jour"),
        ("100.00", "100\u00a0jours"),
    ],
)
def test_une_quantite_s_accorde(valeur, ecrite):
    assert quantite(Decimal(valeur), "jour") == ecrite


def test_un_mois_s_abrege_meme_elide():
    assert abreger("indice d’octobre 2024") == "indice oct. 2024"
    assert abreger("raccord des séries") == "raccord des séries"


def test_un_indice_de_decembre_parait_l_annee_suivante():
    assert parution("décembre 2026") == "fin janvier 2027"
    assert parution("novembre 2026") == "fin décembre 2026"


def test_une_formule_conclue_donne_son_resultat_ou_s_arrete():
    complete = calculer(en_2024()).lignes[0]
    assert formule(complete, "mise en place", conclue=True).termes[-1].valeur == "1\u202f368,82\u00a0€"
    attendue = calculer(en_2027()).lignes[0]
    assert formule(attendue, "prix", conclue=True).termes[-1].libelle == "indice nov. 2019"


def test_une_population_sans_millesime_ne_pretend_pas_en_avoir_un():
    sources = en_2024(millesime=None, millesime_attendu=None, population_source="")
    premiere = etapes(sources, calculer(sources), Contexte(rang=1))[0]
    assert premiere.textes == ("Population totale.",)


def test_un_bareme_sans_source_ne_cite_que_son_nom():
    sources = replace(par_journees("estime"), source="", cout_journee=None)
    journees = etapes(sources, calculer(sources), Contexte(rang=1))[0]
    assert journees.textes == (
        "Mise en place\u00a0: les journées passées, validées dans les états mensuels.",
    )
    gratuit = replace(sources, nature="gratuit")
    assert "Études et conseil." in etapes(gratuit, calculer(gratuit), Contexte(rang=1))[0].textes


@pytest.mark.django_db
def test_une_convention_qui_n_a_pas_pris_effet_n_a_pas_de_tarif(collectivite, modele_tranches, rf):
    projet = creer_convention(collectivite, modele_tranches, None)
    tarif = contexte_tarif(projet, 2026, rf.get("/"))["tarif"]
    assert (tarif.message, tarif.etapes, tarif.exercices) == (SANS_EFFET, (), ())


@pytest.mark.django_db
def test_sans_jour_les_onglets_s_arretent_a_l_exercice_suivant(convention, bareme_tranches, rf):
    assert contexte_tarif(convention, 2025, rf.get("/"))["tarif"].exercices == (2024, 2025, 2026)
    lointain = contexte_tarif(convention, 2031, rf.get("/"))["tarif"].exercices
    assert lointain == (2029, 2030, 2031, 2032)


@pytest.mark.django_db
def test_une_grille_publiee_mal_formee_se_dit_au_lieu_de_se_calculer(convention, structure, rf):
    creer_bareme(structure, NatureBareme.TRANCHES, tranches=((0, 10, 1, 1), (20, 30, 1, 1)))
    tarif = contexte_tarif(convention, 2026, rf.get("/"))["tarif"]
    assert "un trou de 11 à 19" in tarif.message


@pytest.mark.django_db
def test_des_journees_sans_prix_n_ont_pas_d_apercu(structure, maintenant):
    bareme = creer_bareme(structure, NatureBareme.FORFAIT_JOURNEES, sens_forfait=SensForfait.ESTIME)
    assert apercu(bareme, maintenant.date()) is None
    assert lire_populations("") == []
