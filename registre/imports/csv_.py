"""Relire un CSV dont le séparateur se devine mal : le bon est celui qui fait reconnaître les titres.

Des cellules de plusieurs lignes pleines de virgules font prendre la virgule pour le séparateur d’un
fichier qui emploie le point-virgule.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from dpd.documents.lecteur import SEPARATEURS, Classeur, FeuilleLue
from dpd.documents.surete import restaurer, sans_controle
from registre.imports.colonnes import trouver_l_entete

ENCODAGES = ("utf-8-sig", "cp1252")  # ceux de nos exports et d’un tableur français


def reprendre(nom: str, classeur: Classeur, contenu: bytes) -> Classeur:
    """Le classeur déjà lu s’il a une ligne de titres, sinon la première autre lecture qui en a une."""
    if any(trouver_l_entete(feuille.lignes) for feuille in classeur.feuilles):
        return classeur
    autres = (lignes for lignes in _lectures(contenu) if trouver_l_entete(lignes))
    lignes = next(autres, None)
    return classeur if lignes is None else Classeur((FeuilleLue(nom, lignes),))


def _lectures(contenu: bytes) -> Iterator[tuple[tuple[str, ...], ...]]:
    texte = _decoder(contenu)
    for separateur in SEPARATEURS:
        try:
            lues = list(csv.reader(StringIO(texte, newline=""), delimiter=separateur))
        except csv.Error:
            continue
        yield tuple(tuple(sans_controle(restaurer(champ)) for champ in ligne) for ligne in lues)


def _decoder(contenu: bytes) -> str:
    for encodage in ENCODAGES:
        try:
            return contenu.decode(encodage)
        except UnicodeDecodeError:
            continue
    return ""
