"""Mesurer, avant de l’ouvrir, le rectangle que couvre une feuille de classeur.

Le lecteur réserve d’un coup une case par position, de la première à la dernière cellule remplie. On
lit donc les balises au fil de l’eau, sans les interpréter, en comptant comme lui.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO

TAILLE_LUE = 1_000_000
CELLULES_MAXIMALES = 5_000_000  # par feuille, cases vides comprises

# Un « > » entre guillemets ne ferme pas la balise.
_ATTRIBUTS = rb"""((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>"""
_BALISE_XLSX = re.compile(rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])" + _ATTRIBUTS)
_CELLULE = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_CELLULE_SITUEE = re.compile(rb"""<(?:[\w.-]+:)?c r="([A-Z]{1,3})([0-9]{1,7})\"""")
_BALISE_ODS = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])" + _ATTRIBUTS
)
_POSITION = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_REPETITION = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,9})["']""")


def etendue_xlsx(ouvrir: Callable[[], IO[bytes]]) -> int:
    """Le nombre de cases d’une feuille, vides comprises ; ``ouvrir`` en rouvre le flux."""
    with ouvrir() as flux:
        majorant = _majorant_xlsx(flux)
    if majorant is not None and majorant <= CELLULES_MAXIMALES:
        return majorant
    with ouvrir() as flux:
        return _etendue_exacte_xlsx(flux)


def _majorant_xlsx(flux: IO[bytes]) -> int | None:
    """Une majoration rapide, cellules vides comprises ; rien si une cellule tait sa position."""
    lignes: set[bytes] = set()
    colonnes: set[bytes] = set()
    for texte in _par_balises(flux):
        situees = _CELLULE_SITUEE.findall(texte)
        if len(situees) < len(_CELLULE.findall(texte)):
            return None
        colonnes.update(lettres for lettres, _ in situees)
        lignes.update(rang for _, rang in situees)
    return max(map(int, lignes), default=0) * max(map(_colonne, colonnes), default=0)


def _etendue_exacte_xlsx(flux: IO[bytes]) -> int:
    hauteur = largeur = ligne = colonne = 0
    for texte in _par_balises(flux):
        for nom, attributs in _BALISE_XLSX.findall(texte):
            positions = _POSITION.findall(attributs)
            if nom == b"row":
                ligne = max((int(rang) for _, rang in positions), default=ligne + 1)
                colonne = 0
                continue
            # Une cellule sans position suit la précédente.
            colonne = max((_colonne(lettres) for lettres, _ in positions), default=colonne + 1)
            if not attributs.endswith(b"/"):
                hauteur = max(hauteur, ligne, *(int(rang) for _, rang in positions))
                largeur = max(largeur, colonne)
    return hauteur * largeur


def _colonne(lettres: bytes) -> int:
    """« A » vaut 1, « XFD » 16 384."""
    rang = 0
    for lettre in lettres:
        rang = rang * 26 + lettre - 64
    return rang


def etendue_ods(ouvrir: Callable[[], IO[bytes]]) -> int:
    """Le nombre de cases de la plus grande feuille, répétitions comprises."""
    mesure = _MesureOds()
    with ouvrir() as flux:
        for texte in _par_balises(flux):
            for fermante, nom, attributs in _BALISE_ODS.findall(texte):
                mesure.recevoir(nom, attributs, bool(fermante))
    return mesure.etendue


class _MesureOds:
    """Compte lignes et colonnes jusqu’à la dernière cellule remplie de chaque feuille."""

    def __init__(self) -> None:
        self.etendue = 0
        self.commencer()

    def commencer(self) -> None:
        """Une feuille commence ou finit."""
        self._lignes = self._largeur = 0
        self._colonne = self._remplies = 0
        self._repetition = 1

    def recevoir(self, nom: bytes, attributs: bytes, fermante: bool) -> None:
        if nom == b"table":
            self.commencer()
        elif nom != b"table-row":
            self.cellule(attributs, fermante)
        elif fermante:
            self.finir_ligne()
        else:
            self.ouvrir_ligne(attributs)

    def ouvrir_ligne(self, attributs: bytes) -> None:
        self._colonne = self._remplies = 0
        self._repetition = _repetition(attributs)
        if attributs.endswith(b"/"):
            self.finir_ligne()

    def cellule(self, attributs: bytes, fermante: bool) -> None:
        if fermante:
            return
        self._colonne += _repetition(attributs)
        if not attributs.endswith(b"/") or b"value" in attributs:
            self._remplies = self._colonne

    def finir_ligne(self) -> None:
        self._lignes += self._repetition
        if self._remplies:
            self._largeur = max(self._largeur, self._remplies)
            self.etendue = max(self.etendue, self._lignes * self._largeur)


def _repetition(attributs: bytes) -> int:
    return max((int(nombre) for nombre in _REPETITION.findall(attributs)), default=1)


def _par_balises(flux: IO[bytes]) -> Iterator[bytes]:
    """Le flux par morceaux qui ne coupent jamais une balise."""
    reste = b""
    while lu := flux.read(TAILLE_LUE):
        morceau = reste + lu
        coupe = morceau.rfind(b"<")
        coupe = coupe if coupe > 0 else len(morceau)
        yield morceau[:coupe]
        reste = morceau[coupe:]
    yield reste
