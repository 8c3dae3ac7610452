"""Reprendre du modèle une durée et un sort final : sur une ligne, ou d’un coup sur les lignes vides.

Une durée ne vaut que pour la donnée qu’elle vise (RGPD, art. 5-1 e). Celle d’un dossier ordinaire ne se
pose jamais d’un clic sur une donnée que le droit traite à part : sensible (art. 9), infraction
(art. 10), numéro de sécurité sociale (loi du 6 janvier 1978, art. 30), image ou voix (un mois au plus
en vidéoprotection, code de la sécurité intérieure, L. 252-5). Celles-là se reprennent une à une, comme
une ligne dont la catégorie n’est pas dite.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registre.regles.bases_legales import CATEGORIE_INFRACTIONS, CATEGORIE_NIR, CATEGORIES_SENSIBLES
from registre.regles.contenu import Duree, Fiche, LigneDonnees

TOUTES = "*"
CATEGORIES_UNE_A_UNE = CATEGORIES_SENSIBLES | {CATEGORIE_NIR, CATEGORIE_INFRACTIONS, "image"}


@dataclass(frozen=True, slots=True)
class Partage:
    """Les lignes vides, par leur rang dans la fiche (à partir de zéro).

    ``ensemble`` : celles qu’une reprise groupée remplit. ``une_a_une`` : celles qu’elle laisse.
    """

    ensemble: tuple[int, ...]
    une_a_une: tuple[int, ...]


def est_vide(ligne: LigneDonnees) -> bool:
    """Vrai si rien n’est répondu, ni durée ni sort ; « je ne sais pas » est une réponse."""
    return not (ligne.duree.unite or ligne.duree.inconnue or ligne.sort_final or ligne.sort_inconnu)


def partager(lignes: Sequence[LigneDonnees]) -> Partage:
    """Ce qu’une reprise groupée remplirait et ce qu’elle laisserait à traiter une à une."""
    vides = [rang for rang, ligne in enumerate(lignes) if est_vide(ligne)]
    return Partage(
        ensemble=tuple(rang for rang in vides if not _se_reprend_seule(lignes[rang])),
        une_a_une=tuple(rang for rang in vides if _se_reprend_seule(lignes[rang])),
    )


def remplit(proposition: Mapping[str, Any]) -> bool:
    """Vrai si la proposition du modèle a quelque chose à poser : une durée, un sort ou un archivage."""
    duree = proposition.get("duree") or {}
    return bool(duree.get("unite") or proposition.get("sort_final") or proposition.get("intermediaire"))


def reprendre(fiche: Fiche, demande: str, durees: Sequence[Mapping[str, Any]]) -> Fiche:
    """La fiche où une durée proposée par le modèle est appliquée ; ``demande`` = « cible|indice ».

    La cible est « catégorie-rang », le rang comptant à partir de un dans la catégorie, ou « * » pour
    toutes les lignes vides ordinaires. ValueError si l’indice n’est pas celui d’une proposition.
    """
    cible, _, indice = demande.partition("|")
    if not (indice.isascii() and indice.isdigit() and len(indice) < 4) or int(indice) >= len(durees):
        raise ValueError("Cette proposition n’existe plus dans le modèle.")
    vises = partager(fiche.donnees).ensemble if cible == TOUTES else _rangs_de(fiche.donnees, cible)
    proposition = durees[int(indice)]
    return replace(
        fiche,
        donnees=tuple(
            _appliquer(ligne, proposition) if rang in vises else ligne
            for rang, ligne in enumerate(fiche.donnees)
        ),
    )


def _se_reprend_seule(ligne: LigneDonnees) -> bool:
    return not ligne.categorie or ligne.categorie in CATEGORIES_UNE_A_UNE


def _rangs_de(lignes: Sequence[LigneDonnees], cible: str) -> tuple[int, ...]:
    rangs: dict[str, int] = {}
    trouves = []
    for rang, ligne in enumerate(lignes):
        rangs[ligne.categorie] = rangs.get(ligne.categorie, 0) + 1
        if cible == f"{ligne.categorie}-{rangs[ligne.categorie]}":
            trouves.append(rang)
    return tuple(trouves)


def _appliquer(ligne: LigneDonnees, proposition: Mapping[str, Any]) -> LigneDonnees:
    duree = proposition.get("duree") or {}
    sort = proposition.get("sort_final") or ""
    nouvelle = replace(
        ligne,
        sort_final=sort or ligne.sort_final,
        archivage=proposition.get("intermediaire") or ligne.archivage,
        sort_inconnu=ligne.sort_inconnu and not sort,
    )
    if duree.get("unite"):
        evenement = proposition.get("point_de_depart") or ligne.duree.evenement
        nouvelle = replace(nouvelle, duree=Duree(duree.get("nombre"), duree["unite"], evenement))
    return nouvelle
