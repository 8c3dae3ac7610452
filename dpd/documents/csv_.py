"""CSV pour tableur français : « ; », UTF-8 avec BOM, une formule n’y est jamais exécutée.

D’abord le bloc d’identité de l’export, une ligne vide, puis la première feuille du document.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO

from dpd.documents.apropos import informations
from dpd.documents.cellules import Valeur, lire, valeur_sure
from dpd.documents.modele import Cellule, Document, Ligne
from dpd.documents.morceaux import regrouper
from dpd.documents.surete import neutraliser

SEPARATEUR = ";"
BOM = "\ufeff"  # sans lui, Excel lit l’UTF-8 comme du Windows-1252


def ecrire(document: Document, sortie: BinaryIO) -> None:
    """Écrit le document au fil de l’eau dans ``sortie``."""
    for morceau in morceaux(document):
        sortie.write(morceau)


def morceaux(document: Document) -> Iterator[bytes]:
    """Le même fichier, par morceaux, pour une réponse qui part avant d’être finie."""
    return regrouper(_textes(document))


def _textes(document: Document) -> Iterator[str]:
    tampon = StringIO(newline="")
    ecrivain = csv.writer(tampon, delimiter=SEPARATEUR, lineterminator="\r\n")
    yield BOM
    for ligne in _lignes(document):
        ecrivain.writerow(ligne)
        yield tampon.getvalue()
        tampon.seek(0)
        tampon.truncate()


def _lignes(document: Document) -> Iterator[list[str]]:
    for libelle, valeur in informations(document):
        yield [*_champs(libelle), *_champs(valeur)]
    feuille = next(iter(document.feuilles()), None)
    if feuille is None:
        return
    yield []
    for ligne in feuille.lignes():
        yield _champs_de(ligne)


def _champs_de(ligne: Ligne) -> list[str]:
    champs: list[str] = []
    for cellule in ligne:
        if type(cellule) is str:  # presque toutes : un registre en a des centaines de milliers
            champs.append(neutraliser(str(valeur_sure(cellule))))
        else:
            champs += _champs(cellule)
    return champs


def _champs(cellule: Valeur | Cellule) -> list[str]:
    """Les champs d’une cellule : son texte, puis un vide par colonne qu’elle recouvre."""
    valeur, _, colonnes = lire(cellule)
    texte = neutraliser(valeur) if isinstance(valeur, str) else str(valeur).replace(".", ",")
    return [texte] + [""] * (colonnes - 1)
