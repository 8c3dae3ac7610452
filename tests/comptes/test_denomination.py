"""Le nom qu’on imprime, le nom des listes, la clé sous laquelle on cherche."""

import pytest

from dpd.comptes.regles.denomination import (
    cle_de_recherche,
    denomination_commune,
    denomination_epci,
    denomination_liee,
    nom_affiche,
)


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("Montpezat-de-Quercy", "Commune de Montpezat-de-Quercy"),
        ("Auvillar", "Commune d’Auvillar"),
        ("Le Fau", "Commune du Fau"),
        ("Les Barthes", "Commune des Barthes"),
        ("La Salvetat-Belmontet", "Commune de La Salvetat-Belmontet"),
        ("L’Honor-de-Cos", "Commune de L’Honor-de-Cos"),
    ],
)
def test_la_denomination_d_une_commune_s_elide_et_se_contracte(nom, attendu):
    assert denomination_commune(nom) == attendu


@pytest.mark.parametrize(
    ("nature", "nom", "attendu"),
    [
        (
            "CC",
            "CC du Quercy Caussadais",
            ("Communauté de communes du Quercy Caussadais", "Quercy Caussadais"),
        ),
        ("CA", "CA Grand Montauban", ("Communauté d’agglomération Grand Montauban", "Grand Montauban")),
        ("CU", "CU d'Arras", ("Communauté urbaine d’Arras", "Arras")),
        ("METRO", "Métropole Nice Côte d'Azur", ("Métropole Nice Côte d’Azur", "Métropole Nice Côte d’Azur")),
        ("CC", "Pays sans sigle", ("Pays sans sigle", "Pays sans sigle")),
    ],
)
def test_la_denomination_d_une_intercommunalite_dit_sa_nature(nature, nom, attendu):
    assert denomination_epci(nature, nom) == attendu


def test_un_ccas_et_une_caisse_des_ecoles_prennent_le_nom_de_leur_commune():
    assert denomination_liee("ccas", "Auvillar") == (
        "Centre communal d’action sociale d’Auvillar",
        "CCAS d’Auvillar",
    )
    assert denomination_liee("caisse_ecoles", "Le Fau") == (
        "Caisse des écoles du Fau",
        "Caisse des écoles du Fau",
    )


def test_un_syndicat_ne_se_rattache_pas_a_une_commune():
    with pytest.raises(ValueError, match="ne se rattache pas"):
        denomination_liee("syndicat", "Auvillar")


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("L'Abergement-Clémenciat", "L’Abergement-Clémenciat"),
        ("CA de Blois ''Agglopolys''", "CA de Blois «\u00a0Agglopolys\u00a0»"),
        ('CA "Saintes - Grandes Rives - L\'Agglo"', "CA «\u00a0Saintes - Grandes Rives - L’Agglo\u00a0»"),
    ],
)
def test_un_nom_s_affiche_avec_nos_apostrophes_et_nos_guillemets(nom, attendu):
    assert nom_affiche(nom) == attendu


def test_saint_se_cherche_en_abrege_comme_en_entier():
    assert cle_de_recherche("St-Antonin Noble Val") == cle_de_recherche("Saint-Antonin-Noble-Val")
    assert cle_de_recherche("Ste-Mère-Église") == "sainte mere eglise"
