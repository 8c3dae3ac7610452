"""Les colonnes d’un tableau « une ligne par fiche », reconnues par leur nom, avec ou sans accents."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dpd.regles.texte import normaliser
from registre.exports.champs import SIMPLES

# Clé → titres admis ; les nôtres d’abord, puis ceux d’autres tableaux. Une clé avec un point n’existe pas.
TITRES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "numero": ("N°", "Numéro", "N° / REF", "Référence"),
        "nom": (
            *("Nom de la fiche", "Nom du traitement", "Nom", "Intitulé", "Traitement", "Activité"),
            *("Nom / sigle du traitement", "Nom de l’activité"),
        ),
        "base": ("Base légale principale", "Base légale", "Base juridique", "Fondement"),
        "finalites": ("Finalités", "Finalité", "Finalité principale", "Objectifs", "Objectif"),
        "personnes": (
            "Personnes concernées",
            "Catégories de personnes",
            "Catégories de personnes concernées",
        ),
        "donnees": ("Données", "Catégories de données", "Données traitées", "Données collectées"),
        "durees": (
            *("Durées de conservation", "Durée de conservation", "Durées", "Durée"),
            *("Délai d’effacement", "Délais d’effacement"),
        ),
        "destinataires": ("Destinataires", "Catégories de destinataires", "Destinataire"),
        "prestataires": ("Prestataires", "Prestataire", "Sous-traitants", "Sous-traitant"),
        "transferts": ("Transferts hors UE", "Transferts", "Transfert hors UE"),
        "mesures": ("Mesures de sécurité", "Sécurité", "Mesures"),
    }
)
AUTRES_TITRES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "service": ("Service gestionnaire", "Service responsable"),
        "logiciels": ("Logiciel", "Logiciels", "Application"),
        "description": ("Descriptif", "Objet"),
    }
)
_TABLE = {
    normaliser(titre): cle
    for cle, titres in (
        *TITRES.items(),
        *((champ.chemin, (champ.titre, *AUTRES_TITRES.get(champ.chemin, ()))) for champ in SIMPLES),
    )
    for titre in titres
}
COLONNES_MINIMALES = 2
LIGNES_AVANT_L_ENTETE = 40


def reconnaitre(ligne: Sequence[str]) -> dict[str, int] | None:
    """Clé → rang de colonne si la ligne est un en-tête : un nom de fiche et au moins une autre colonne."""
    colonnes: dict[str, int] = {}
    for rang, titre in enumerate(ligne):
        if cle := _TABLE.get(normaliser(titre)):
            colonnes.setdefault(cle, rang)
    return colonnes if "nom" in colonnes and len(colonnes) >= COLONNES_MINIMALES else None


def trouver_l_entete(lignes: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """Le rang de l’en-tête et ses colonnes, cherché dans le haut de la feuille."""
    for rang, ligne in enumerate(lignes[:LIGNES_AVANT_L_ENTETE]):
        if colonnes := reconnaitre(ligne):
            return rang, colonnes
    return None
