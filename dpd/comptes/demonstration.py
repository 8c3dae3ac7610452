"""« Entrer comme… » : les personnes fictives du jeu de démonstration."""

from typing import NamedTuple


class Personne(NamedTuple):
    cle: str
    courriel: str
    libelle: str
    description: str


PERSONNES = (
    Personne(
        "referente",
        "sylvie.delmas@montpezat.example",
        "Sylvie Delmas, référente de Montpezat-de-Quercy",
        "Elle tient le registre de sa commune et prépare les fiches.",
    ),
    Personne(
        "dpd",
        "nadege.roucoules@cdg82.example",
        "Nadège Roucoules, déléguée à la protection des données",
        "Elle conseille les communes de Tarn-et-Garonne et rend ses avis.",
    ),
    Personne(
        "maire",
        "helene.lacaze@montpezat.example",
        "Hélène Lacaze, maire de Montpezat-de-Quercy",
        "Elle adopte les fiches et décide des suites.",
    ),
    Personne(
        "gestionnaire",
        "gilles.pradel@cdg82.example",
        "Gilles Pradel, gestionnaire au centre de gestion",
        "Il suit les collectivités, sans voir les registres.",
    ),
    Personne(
        "agent",
        "theo.marty@cdg82.example",
        "Théo Marty, agent d’assistance",
        "Il aide les communes et trace ses interventions.",
    ),
)


def personne(cle: str) -> Personne | None:
    return next((personne for personne in PERSONNES if personne.cle == cle), None)
