"""Des contenus de fiche pour les tests : une complète, et de quoi en tirer au hasard."""

from dataclasses import fields
from typing import get_type_hints

from hypothesis import strategies as st

from registre.regles.contenu import (
    Duree,
    Fiche,
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
    Responsable,
)

RIB = LigneDonnees(
    categorie="bancaire",
    description="RIB pour le prélèvement",
    duree=Duree(13, "mois", "le dernier prélèvement"),
    sort_final="E",
)

CANTINE = Fiche(
    nom="Cantine et garderie périscolaires",
    description="Inscrire et accueillir les enfants, facturer les familles.",
    service="Écoles",
    logiciels="Portail familles",
    responsable=Responsable(
        denomination="Commune de Montpezat-de-Quercy",
        siren="218201317",
        representant="Bernard Lacaze, maire",
        coordonnees="Mairie, 82270 Montpezat-de-Quercy",
        dpd="Centre de gestion de Tarn-et-Garonne",
        dpd_coordonnees="dpd@cdg.example",
    ),
    coresponsables_reponse="aucun",
    finalites=(
        LigneFinalite("Inscrire et accueillir les enfants", "e", "Code de l’éducation, L.131-13", True),
        LigneFinalite("Facturer les familles", "c", "Comptabilité publique"),
    ),
    personnes=(
        LignePersonnes("mineurs", "environ 90 enfants", True),
        LignePersonnes("representants-legaux"),
    ),
    donnees=(
        LigneDonnees("identite", duree=Duree(1, "annee", "la fin de l’année scolaire"), sort_final="E"),
        LigneDonnees("sante", "PAI", Duree(0, "jour", "la fin de l’année scolaire"), "", "R", "g"),
        RIB,
    ),
    destinataires=(LigneDestinataire("interne", "services"), LigneDestinataire("externe", "comptable")),
    prestataires=(LignePrestataire("portail-famille", "Logi-Quercy"),),
    transferts_reponse="aucun",
    mesures=(LigneMesure("comptes-nominatifs"), LigneMesure("papier", "armoire fermée à clé")),
    information="Mention remise avec le dossier d’inscription.",
    decision_automatisee="non",
    aipd_type="scolaire-petite-enfance",
    aipd_conclusion="dispensee",
)

_CODES = {
    "categorie": ["", "bancaire", "sante", "nir", "services", "autre"],
    "base_legale": ["", "a", "c", "e", "f", "z"],
    "sort_final": ["", "E", "R", "?"],
    "exception_art9": ["", "g", "z"],
    "unite": ["", "jour", "mois", "annee", "permanente", "siècle"],
    "transferts_reponse": ["", "aucun", "oui", "inconnu"],
    "coresponsables_reponse": ["", "aucun", "oui"],
}


def objets(classe):
    """Stratégie : un objet quelconque de la classe, codes plausibles et textes courts."""
    types = get_type_hints(classe)
    return st.builds(
        classe, **{champ.name: _valeurs(champ.name, types[champ.name]) for champ in fields(classe)}
    )


def _valeurs(nom, attendu):
    if nom in _CODES:
        return st.sampled_from(_CODES[nom])
    simples = {str: st.text(max_size=6), bool: st.booleans(), int | None: st.none() | st.integers(0, 99)}
    if attendu in simples:
        return simples[attendu]
    if getattr(attendu, "__origin__", None) is tuple:
        element = attendu.__args__[0]
        return st.lists(_valeurs("", element), max_size=3).map(tuple)
    return objets(attendu)


FICHES = objets(Fiche)
