"""Relire une ligne écrite par ``registre.exports.champs`` : à l’identique, ou une erreur."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from dpd.regles.texte import normaliser
from registre.exports.champs import Champ, Rubrique
from registre.imports.codes import lire_champ
from registre.imports.modele import Illisible, Lecture
from registre.regles.contenu import Duree

PREFIXE_DUREE = "duree."


def reperer(entete: Sequence[str]) -> dict[str, int]:
    """Titre normalisé → rang de la colonne ; le premier l’emporte."""
    colonnes: dict[str, int] = {}
    for rang, titre in enumerate(entete):
        if mot := normaliser(titre):
            colonnes.setdefault(mot, rang)
    return colonnes


def cellule(colonnes: Mapping[str, int], cellules: Sequence[str], titre: str) -> str:
    """La cellule de la colonne, vide si elle ou la colonne manque."""
    rang = colonnes.get(_mot(titre))
    return cellules[rang] if rang is not None and rang < len(cellules) else ""


@cache
def _mot(titre: str) -> str:
    return normaliser(titre)


def lire_ligne(
    rubrique: Rubrique, colonnes: Mapping[str, int], cellules: Sequence[str], lieu: str, lecture: Lecture
) -> Any | None:
    """La ligne de la rubrique ; None si une de ses cellules est en erreur."""
    valeurs, fautes = lire_champs(rubrique.champs, colonnes, cellules)
    for faute in fautes:
        lecture.erreur(lieu, faute)
    return None if fautes else assembler(rubrique.classe, valeurs)


def lire_champs(
    champs: Sequence[Champ], colonnes: Mapping[str, int], cellules: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """Chemin → valeur, et les phrases d’erreur."""
    valeurs: dict[str, Any] = {}
    fautes: list[str] = []
    for champ in champs:
        try:
            valeurs[champ.chemin] = lire_champ(champ, cellule(colonnes, cellules, champ.titre))
        except Illisible as faute:
            fautes.append(f"{champ.titre}\u00a0: {faute}")
    return valeurs, fautes


def assembler(classe: type, valeurs: Mapping[str, Any]) -> Any:
    """L’objet fait de ces valeurs, sa durée comprise."""
    directes = {chemin: v for chemin, v in valeurs.items() if not chemin.startswith(PREFIXE_DUREE)}
    duree = {
        chemin.removeprefix(PREFIXE_DUREE): v
        for chemin, v in valeurs.items()
        if chemin.startswith(PREFIXE_DUREE)
    }
    return classe(**directes, duree=Duree(**duree)) if duree else classe(**directes)
