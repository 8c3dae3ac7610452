"""Lire une cellule du pivot, de la même façon pour le CSV, le XLSX et l’ODS."""

import math
from collections.abc import Iterator
from itertools import chain

from dpd.documents.apropos import informations
from dpd.documents.modele import Cellule, Document, Feuille, Ligne, Style
from dpd.documents.surete import nom_de_feuille, sans_controle

Valeur = str | int | float

LARGEURS_A_PROPOS = (36, 80)


def valeur_sure(valeur: Valeur) -> Valeur:
    """Un texte sans caractère illégal, ou un nombre fini ; un booléen devient « oui » ou « non ».

    Une tabulation devient une espace : dans une cellule, les tableurs ne s’accordent pas à la relire.
    """
    if isinstance(valeur, str):
        return sans_controle(valeur).replace("\t", " ")
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float) and not math.isfinite(valeur):
        return ""
    return valeur


def lire(cellule: Valeur | Cellule) -> tuple[Valeur, Style, int]:
    """Valeur sûre, style, nombre de colonnes occupées (au moins une)."""
    if isinstance(cellule, Cellule):
        return valeur_sure(cellule.valeur), cellule.style, max(1, cellule.colonnes)
    return valeur_sure(cellule), Style.NORMAL, 1


def a_propos(document: Document) -> Feuille:
    """La première feuille de tout classeur : qui, quoi, quand, et l’empreinte."""

    def lignes() -> Iterator[Ligne]:
        yield (Cellule(document.entete.titre, Style.TITRE, colonnes=2),)
        for libelle, valeur in informations(document)[1:]:
            yield (Cellule(libelle, Style.LIBELLE), valeur)

    return Feuille("À propos", lignes, largeurs=LARGEURS_A_PROPOS)


def feuilles_nommees(document: Document) -> Iterator[tuple[str, Feuille]]:
    """« À propos » puis les feuilles du document, chacune avec un nom sûr et unique."""
    pris: set[str] = set()
    for feuille in chain((a_propos(document),), document.feuilles()):
        nom = nom_de_feuille(feuille.nom, pris)
        pris.add(nom.casefold())
        yield nom, feuille
