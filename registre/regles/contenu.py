"""Le contenu d’une fiche de registre, tel que le demande le RGPD, art. 30-1.

C’est le pivot de la complétude, des comparaisons, des instantanés, des exports et des imports :
une fiche et un modèle ont le même contenu, et deux contenus égaux ont la même empreinte.
Un texte vide vaut « non renseigné » ; un code est l’identifiant d’un vocabulaire, jamais un libellé.
L’ordre des lignes fait partie du contenu.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from dpd.regles.empreintes import empreinte_du_contenu
from registre.regles.lecture_stricte import lire

PERMANENTE = "permanente"
UNITES_DE_DUREE = ("jour", "mois", "annee", PERMANENTE)


@dataclass(frozen=True, slots=True)
class Duree:
    """Combien de temps une donnée est gardée, et depuis quel événement (art. 5-1 e, 30-1 f).

    ``unite`` : jour, mois, annee, permanente ou vide. ``evenement`` complète « après » : « le dernier
    prélèvement ». ``inconnue`` : la personne a répondu « je ne sais pas ».
    """

    nombre: int | None = None
    unite: str = ""
    evenement: str = ""
    inconnue: bool = False


@dataclass(frozen=True, slots=True)
class LigneFinalite:
    """Un but et la base légale qui le permet : une seule par finalité (art. 6-1), de « a » à « f »."""

    libelle: str = ""
    base_legale: str = ""
    texte: str = ""
    principale: bool = False


@dataclass(frozen=True, slots=True)
class LignePersonnes:
    """Une catégorie de personnes concernées (art. 30-1 c)."""

    categorie: str = ""
    precision: str = ""
    vulnerables: bool = False


@dataclass(frozen=True, slots=True)
class LigneDonnees:
    """Une catégorie de données et son sort : durée, archivage intermédiaire et sort final sont distincts.

    ``sort_final`` : E, T, C, X, R ou vide. ``exception_art9`` : « a » à « j » (art. 9-2).
    ``alinea_nir`` : alinéa du décret n° 2019-341 qui permet le numéro de sécurité sociale.
    """

    categorie: str = ""
    description: str = ""
    duree: Duree = field(default_factory=Duree)
    archivage: str = ""
    sort_final: str = ""
    exception_art9: str = ""
    alinea_nir: str = ""
    source: str = ""
    sort_inconnu: bool = False


@dataclass(frozen=True, slots=True)
class LigneDestinataire:
    """Qui reçoit les données (art. 30-1 d) ; ``nature`` : interne ou externe."""

    nature: str = ""
    categorie: str = ""
    precision: str = ""


@dataclass(frozen=True, slots=True)
class LignePrestataire:
    """Un sous-traitant (art. 28) : son type dans le vocabulaire, son nom s’il est connu."""

    type: str = ""
    nom: str = ""


@dataclass(frozen=True, slots=True)
class LigneTransfert:
    """Un transfert hors de l’Espace économique européen et l’outil qui l’encadre (art. 44 à 49)."""

    destinataire: str = ""
    pays: str = ""
    outil: str = ""
    lien: str = ""


@dataclass(frozen=True, slots=True)
class LigneMesure:
    """Une mesure de sécurité (art. 30-1 g, 32-1)."""

    mesure: str = ""
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Responsable:
    """Le responsable de traitement et son délégué, avec leurs coordonnées (art. 30-1 a)."""

    denomination: str = ""
    siren: str = ""
    representant: str = ""
    coordonnees: str = ""
    dpd: str = ""
    dpd_coordonnees: str = ""


@dataclass(frozen=True, slots=True)
class Fiche:
    """Tout ce que contient une fiche de traitement (art. 30-1), et de quoi la tenir."""

    nom: str = ""
    description: str = ""
    service: str = ""
    logiciels: str = ""
    responsable: Responsable = field(default_factory=Responsable)
    coresponsables: str = ""
    coresponsables_reponse: str = ""  # aucun, oui ou vide
    finalites: tuple[LigneFinalite, ...] = ()
    personnes: tuple[LignePersonnes, ...] = ()
    donnees: tuple[LigneDonnees, ...] = ()
    destinataires: tuple[LigneDestinataire, ...] = ()
    prestataires: tuple[LignePrestataire, ...] = ()
    transferts_reponse: str = ""  # aucun, oui, inconnu ou vide
    transferts: tuple[LigneTransfert, ...] = ()
    mesures: tuple[LigneMesure, ...] = ()
    information: str = ""
    decision_automatisee: str = ""  # non, oui ou vide (art. 22)
    decision_logique: str = ""
    aipd_type: str = ""
    aipd_criteres: tuple[str, ...] = ()
    aipd_conclusion: str = ""
    aipd_motif: str = ""


def en_dict(fiche: Fiche) -> dict[str, Any]:
    """Le contenu de la fiche, prêt pour JSON (textes, entiers, booléens, listes, None)."""
    contenu: dict[str, Any] = _ecrire(fiche)
    return contenu


def depuis_dict(contenu: Mapping[str, Any]) -> Fiche:
    """La fiche décrite par ``contenu``, à l’identique de celle qui l’a écrit.

    Une clé absente prend sa valeur vide, pour relire un instantané plus ancien que la dernière
    rubrique ajoutée. ValueError qui nomme la rubrique si une clé est inconnue ou un type faux.
    """
    fiche: Fiche = lire(Fiche, contenu, "fiche")
    return fiche


def lignes_de(contenu: Mapping[str, Any], rubrique: str) -> tuple[Any, ...]:
    """Les lignes d’une seule rubrique (« donnees »), lues comme dans la fiche entière.

    ValueError qui nomme la rubrique si une clé est inconnue ou un type faux ; KeyError si ce n’est pas une
    rubrique faite de lignes.
    """
    lignes: tuple[Any, ...] = lire(_SUITES[rubrique], contenu.get(rubrique, ()), rubrique)
    return lignes


def completer(contenu: Mapping[str, Any]) -> dict[str, Any]:
    """Le même contenu, chaque clé absente à sa valeur vide ; ce que donne la fiche qu’on en lirait.

    Rien n’est vérifié : le contenu a été écrit par une fiche, peut-être avant qu’une rubrique s’ajoute.
    """
    entier = {**_VIDES["fiche"], **contenu}
    for rubrique in _LISTES:
        vide = _VIDES[rubrique]
        if any(len(ligne) < len(vide) for ligne in entier[rubrique]):
            entier[rubrique] = [{**vide, **ligne} for ligne in entier[rubrique]]
    if any(len(ligne["duree"]) < len(_VIDES["duree"]) for ligne in entier["donnees"]):
        entier["donnees"] = [
            {**ligne, "duree": {**_VIDES["duree"], **ligne["duree"]}} for ligne in entier["donnees"]
        ]
    entier["responsable"] = {**_VIDES["responsable"], **entier["responsable"]}
    return entier


def empreinte(fiche: Fiche) -> str:
    """SHA-256 hexadécimal de la forme canonique."""
    return empreinte_du_contenu(en_dict(fiche))


@cache
def _noms(classe: Any) -> tuple[str, ...] | None:
    return tuple(champ.name for champ in fields(classe)) if is_dataclass(classe) else None


def _ecrire(valeur: Any) -> Any:
    if isinstance(valeur, tuple):
        return [_ecrire(element) for element in valeur]
    classe: Any = type(valeur)
    if (champs := _noms(classe)) is not None:
        return {nom: _ecrire(getattr(valeur, nom)) for nom in champs}
    return valeur


# Chaque rubrique qui est une liste de lignes, et la classe de ses lignes.
_LISTES: dict[str, Any] = {
    nom: get_args(attendu)[0]
    for nom, attendu in get_type_hints(Fiche).items()
    if get_origin(attendu) is tuple and is_dataclass(get_args(attendu)[0])
}
_SUITES: dict[str, Any] = {nom: get_type_hints(Fiche)[nom] for nom in _LISTES}
_VIDES: dict[str, dict[str, Any]] = {
    nom: _ecrire(classe())
    for nom, classe in {"fiche": Fiche, "responsable": Responsable, "duree": Duree, **_LISTES}.items()
}
