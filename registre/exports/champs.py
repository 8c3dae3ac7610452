"""Les colonnes d’une fiche dans un tableur, déclarées une fois pour l’écrire et pour la relire.

Chaque rubrique de ``registre.regles.contenu.Fiche`` a ses champs : un titre de colonne, le chemin de
la valeur, et sa nature. Ensemble ils portent tout le contenu, sauf le responsable (art. 30-1 a), que
donne toujours le compte de la collectivité.
"""

from collections.abc import Mapping
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from dpd.vocabulaire import NatureDestinataire, UniteDuree
from registre.enums import ReponseCoresponsables, ReponseDecision, ReponseTransferts
from registre.libelles import VOCABULAIRES
from registre.regles import contenu as pivot
from registre.regles.aipd import AUCUN_TYPE, LIBELLES
from registre.regles.listes_aipd import CAS_ARTICLE_35_3, CRITERES_WP248, TYPES_DISPENSES, TYPES_REQUIS

TEXTE, ENTIER, OUI = "texte", "entier", "oui"
CRITERES = "aipd_criteres"  # plusieurs codes, un libellé par ligne

CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {nom: dict(choix.choices) for nom, choix in VOCABULAIRES.items()}
    | {
        "unites": dict(UniteDuree.choices),
        "natures": dict(NatureDestinataire.choices),
        "reponses_transferts": dict(ReponseTransferts.choices),
        "reponses_coresponsables": dict(ReponseCoresponsables.choices),
        "reponses_decision": dict(ReponseDecision.choices),
        "aipd_types": {
            AUCUN_TYPE: "Dans aucune de ces listes",
            **CAS_ARTICLE_35_3,
            **TYPES_REQUIS,
            **TYPES_DISPENSES,
        },
        CRITERES: dict(CRITERES_WP248),
        "aipd_conclusions": dict(LIBELLES),
    }
)


class Champ(NamedTuple):
    """``chemin`` : attribut de la ligne (« duree.nombre ») ; ``nature`` : texte, entier, oui, vocabulaire."""

    titre: str
    chemin: str
    nature: str = TEXTE


class Rubrique(NamedTuple):
    """Une liste de la fiche : son nom dans le contenu, son titre, la classe et les champs de ses lignes."""

    cle: str
    titre: str
    classe: type
    champs: tuple[Champ, ...]


DUREE = (
    Champ("Durée (nombre)", "duree.nombre", ENTIER),
    Champ("Durée (unité)", "duree.unite", "unites"),
    Champ("Après", "duree.evenement"),
    Champ("Durée demandée au DPD", "duree.inconnue", OUI),
)

RUBRIQUES: tuple[Rubrique, ...] = (
    Rubrique(
        "finalites",
        "Finalités",
        pivot.LigneFinalite,
        (
            Champ("Finalité", "libelle"),
            Champ("Base légale", "base_legale", "bases_legales"),
            Champ("Texte", "texte"),
            Champ("Principale", "principale", OUI),
        ),
    ),
    Rubrique(
        "personnes",
        "Personnes concernées",
        pivot.LignePersonnes,
        (
            Champ("Catégorie de personnes", "categorie", "categories_personnes"),
            Champ("Précisions", "precision"),
            Champ("Personnes vulnérables", "vulnerables", OUI),
        ),
    ),
    Rubrique(
        "donnees",
        "Données et durées",
        pivot.LigneDonnees,
        (
            Champ("Catégorie précise", "categorie", "categories_donnees"),
            Champ("Précision", "description"),
            *DUREE,
            Champ("Archivage intermédiaire", "archivage"),
            Champ("Sort final", "sort_final", "sorts_finaux"),
            Champ("Sort demandé au DPD", "sort_inconnu", OUI),
            Champ("Exception (RGPD, art. 9-2)", "exception_art9", "exceptions_art9"),
            Champ("Alinéa du décret NIR", "alinea_nir"),
            Champ("Source", "source"),
        ),
    ),
    Rubrique(
        "destinataires",
        "Destinataires",
        pivot.LigneDestinataire,
        (
            Champ("Catégorie de destinataire", "categorie", "destinataires"),
            Champ("Précision", "precision"),
            Champ("Dans ou hors de l’organisme", "nature", "natures"),
        ),
    ),
    Rubrique(
        "prestataires",
        "Prestataires",
        pivot.LignePrestataire,
        (Champ("Type de prestataire", "type", "sous_traitants"), Champ("Nom du prestataire", "nom")),
    ),
    Rubrique(
        "transferts",
        "Transferts",
        pivot.LigneTransfert,
        (
            Champ("Destinataire", "destinataire"),
            Champ("Pays", "pays", "pays"),
            Champ("Type de garanties", "outil", "outils_transfert"),
            Champ("Lien vers la documentation", "lien"),
        ),
    ),
    Rubrique(
        "mesures",
        "Sécurité",
        pivot.LigneMesure,
        (Champ("Mesure", "mesure", "mesures_securite"), Champ("Précisions", "precision")),
    ),
)
PAR_CLE: Mapping[str, Rubrique] = MappingProxyType({rubrique.cle: rubrique for rubrique in RUBRIQUES})

# Ce qu’une fiche dit une seule fois ; le nom est ailleurs, il identifie la fiche.
SERVICE = Champ("Service", "service")
SIMPLES: tuple[Champ, ...] = (
    SERVICE,
    Champ("Description", "description"),
    Champ("Logiciels et supports", "logiciels"),
    Champ("Responsabilité conjointe", "coresponsables_reponse", "reponses_coresponsables"),
    Champ("Responsables conjoints", "coresponsables"),
    Champ("Des données sortent-elles d’Europe", "transferts_reponse", "reponses_transferts"),
    Champ("Information des personnes", "information"),
    Champ("Décision automatisée", "decision_automatisee", "reponses_decision"),
    Champ("Logique de la décision", "decision_logique"),
    Champ("Analyse d’impact\u00a0: liste", "aipd_type", "aipd_types"),
    Champ("Analyse d’impact\u00a0: critères", "aipd_criteres", CRITERES),
    Champ("Analyse d’impact\u00a0: conclusion", "aipd_conclusion", "aipd_conclusions"),
    Champ("Analyse d’impact\u00a0: motif", "aipd_motif"),
)


def mot(vocabulaire: str, code: str) -> str:
    """Le libellé d’un code ; le code lui-même s’il vient d’une version plus récente, vide s’il l’est."""
    return CODES[vocabulaire].get(code, code)


def valeur_de(champ: Champ, ligne: Any) -> Any:
    """Ce que la ligne dit de ce champ."""
    return _acces(champ.chemin)(ligne)


_acces = cache(attrgetter)  # une cellule se lit des milliers de fois par le même chemin


def ecrire(champ: Champ, ligne: Any) -> str | int:
    """La cellule d’un champ : le texte, le nombre, « oui », ou le libellé du code."""
    valeur = valeur_de(champ, ligne)
    if champ.nature == TEXTE:
        return str(valeur)
    if champ.nature == ENTIER:
        return "" if valeur is None else int(valeur)
    if champ.nature == OUI:
        return "oui" if valeur else ""
    if champ.nature == CRITERES:
        return "\n".join(mot(CRITERES, code) for code in valeur)
    return mot(champ.nature, valeur)
