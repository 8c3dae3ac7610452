"""Les quatre structures des conventions, et leur équipe inventée.

Les noms sont ceux des conventions. Seul le SIREN de la Communauté d’agglomération du Centre Littoral
est connu : les trois autres sont **fictifs**, à clé juste, et l’adresse le dit. Les courriels sont en
« .example » (RFC 2606) et les téléphones pris dans les blocs que l’ARCEP réserve à la fiction
(décision n° 2018-0881) : ni les uns ni les autres ne joignent personne.
"""

from typing import NamedTuple

from dpd.comptes.enums import Role
from dpd.regles.calendrier import Territoire
from dpd.regles.texte import normaliser


class Membre(NamedTuple):
    nom: str  # prénom puis nom
    role: Role
    fonction: str


class StructureDemo(NamedTuple):
    """``telephone`` : les six premiers chiffres de son bloc réservé."""

    sigle: str
    nom: str
    siren: str
    territoire: Territoire
    departement: str
    adresse: str
    domaine: str
    telephone: str
    horaires: str
    equipe: tuple[Membre, ...]


def courriel(nom: str, domaine: str) -> str:
    """« Jean-Noël L’Hermitte », « auvillar » → « jean-noel.l-hermitte@auvillar.example »."""
    prenom, _, famille = nom.partition(" ")
    return f"{'.'.join('-'.join(normaliser(mot).split()) for mot in (prenom, famille))}@{domaine}.example"


def telephone(bloc: str, rang: int) -> str:
    """Le numéro de rang donné dans un bloc réservé à la fiction : « 05 36 49 00 07 »."""
    return f"{bloc} {rang // 100:02} {rang % 100:02}"


A_TRANCHES = "CDG 82"  # celle dont la convention tarife par tranches de population
STRUCTURES = (
    StructureDemo(
        "CDG 82",
        "Centre de gestion de Tarn-et-Garonne",
        "288200017",  # fictif
        Territoire.METROPOLE,
        "82",
        "82000 Montauban (démonstration : SIREN et délégués fictifs)",
        "cdg82",
        "05 36 49",
        "du lundi au vendredi, de 9 h à 12 h et de 14 h à 17 h",
        (
            Membre("Nadège Roucoules", Role.DPD, "Déléguée à la protection des données"),
            Membre("Gilles Pradel", Role.GESTIONNAIRE, "Gestionnaire des conventions"),
            Membre("Théo Marty", Role.AGENT, "Agent d’assistance"),
        ),
    ),
    StructureDemo(
        "CDG 47",
        "Centre de gestion de Lot-et-Garonne",
        "284700010",  # fictif
        Territoire.METROPOLE,
        "47",
        "47000 Agen (démonstration : SIREN et délégués fictifs)",
        "cdg47",
        "05 36 49",
        "du lundi au jeudi, de 8 h 30 à 12 h 30",
        (
            Membre("Benoît Castaing", Role.DPD, "Délégué à la protection des données"),
            Membre("Claire Duprat", Role.GESTIONNAIRE, "Responsable du pôle numérique"),
            Membre("Inès Labadie", Role.AGENT, "Technicienne d’assistance"),
        ),
    ),
    StructureDemo(
        "CACL",
        "Communauté d’agglomération du Centre Littoral",
        "249730045",  # réel : liste des EPCI (DGCL)
        Territoire.GUYANE,
        "973",
        "Guyane (démonstration : délégués fictifs)",
        "cacl",
        "01 99 00",
        "du lundi au vendredi, de 8 h à 13 h, heure de Cayenne",
        (
            Membre("Marie-Josée Sainte-Rose", Role.DPD, "Déléguée à la protection des données"),
            Membre("Rodrigue Adélaïde", Role.GESTIONNAIRE, "Chargé des mutualisations"),
            Membre("Kévin Élisée", Role.AGENT, "Agent d’assistance informatique"),
        ),
    ),
    StructureDemo(
        "ATDA",
        "Agence technique départementale de l’Allier",
        "250300019",  # fictif
        Territoire.METROPOLE,
        "03",
        "Allier (démonstration : SIREN et délégués fictifs)",
        "atda",
        "04 65 71",
        "du lundi au vendredi, de 8 h 30 à 12 h 30 et de 13 h 30 à 17 h 30",
        (
            Membre("Fabrice Montagnier", Role.DPD, "Délégué à la protection des données"),
            Membre("Odette Chamberlain", Role.GESTIONNAIRE, "Responsable administrative"),
            Membre("Lucas Perrot", Role.AGENT, "Technicien d’assistance aux logiciels"),
        ),
    ),
)
