"""Les catégories de données rangées par famille, pour trouver la sienne sans les lire toutes.

Un rangement d’écran, sans effet de droit : une catégorie est dans une famille et une seule. Les données
que le droit protège le plus (RGPD, art. 9 et 10 ; loi du 6 janvier 1978, art. 30) ont leur famille, en
dernier.
"""

from typing import NamedTuple


class Famille(NamedTuple):
    """``categories`` sont des codes, dans l’ordre où les montrer."""

    titre: str
    categories: tuple[str, ...]


FAMILLES = (
    Famille(
        "Identité et coordonnées",
        ("identite", "coordonnees", "piece-identite", "nationalite", "identifiants", "signature"),
    ),
    Famille(
        "Famille et vie quotidienne",
        (
            "situation-familiale",
            "vie-personnelle",
            "scolarite",
            "difficultes-sociales",
            "consommation",
            "animal",
            "deces",
        ),
    ),
    Famille(
        "Travail et mandats",
        ("vie-professionnelle", "carriere", "temps-travail", "mandat", "election"),
    ),
    Famille(
        "Argent, logement et biens",
        ("economique", "bancaire", "fiscal", "patrimoine", "logement", "vehicule"),
    ),
    Famille(
        "Échanges, images et traces",
        ("correspondance", "image", "connexion", "localisation"),
    ),
    Famille(
        "Données très protégées",
        (
            "sante",
            "nir",
            "infractions",
            "opinions-politiques",
            "syndical",
            "religion",
            "origine",
            "vie-sexuelle",
            "biometrie",
            "genetique",
        ),
    ),
)
