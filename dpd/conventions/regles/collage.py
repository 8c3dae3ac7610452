"""Lire une grille collée depuis un tableur ou une délibération : quatre nombres par ligne."""

import re
from decimal import Decimal, InvalidOperation

from dpd.conventions.regles.tarifs import Tranche

_COLONNES = re.compile(r"[\t;|]+|\s{2,}")
_UNITES = re.compile(r"€|euros?|eur\b|hab(?:itants?|\.)?", re.IGNORECASE)
_BORNES = re.compile(r"\s*(?:-|–|—|‑|/|à|a|et)\s*", re.IGNORECASE)
_NOMBRE = re.compile(r"\d+(?:[.,]\d{1,2})?")
_DE = re.compile(r"^(?:de|entre)\s+", re.IGNORECASE)
LIGNES_MAX = 60


def lire_grille(texte: str) -> list[Tranche]:
    """Les tranches d’un tableau collé, dans l’ordre du texte.

    Une ligne par tranche : « 901 à 2 000 », mise en place, accompagnement ; ou les deux bornes en deux
    colonnes. Un titre sans chiffre et une ligne « sur devis » sont passés.

    :raises ValueError: qui nomme la première ligne illisible, ou si rien ne se lit.
    """
    tranches = []
    for rang, ligne in enumerate(texte.splitlines(), 1):
        if _est_a_passer(ligne):
            continue
        try:
            tranches.append(_tranche(ligne))
        except (ValueError, InvalidOperation) as erreur:
            raise ValueError(
                f"Ligne {rang}, «\u00a0{ligne.strip()[:60]}\u00a0»\u00a0: il faut deux bornes et deux prix."
            ) from erreur
    if not tranches:
        raise ValueError("Ce texte ne contient aucune tranche.")
    if len(tranches) > LIGNES_MAX:
        raise ValueError(f"Une grille compte {LIGNES_MAX} tranches au plus.")
    return tranches


def _est_a_passer(ligne: str) -> bool:
    return not any(c.isdigit() for c in ligne) or "devis" in ligne.casefold()


def _tranche(ligne: str) -> Tranche:
    cellules = [c.strip() for c in _COLONNES.split(_UNITES.sub(" ", ligne.strip())) if c.strip()]
    if len(cellules) == 1:  # tout est séparé par une seule espace
        cellules = _BORNES.sub("-", _DE.sub("", cellules[0])).split()
    if len(cellules) == 3:
        cellules = [*_BORNES.split(_DE.sub("", cellules[0]), maxsplit=1), *cellules[1:]]
    minimum, maximum, mise_en_place, accompagnement = (_nombre(c) for c in cellules)
    if minimum % 1 or maximum % 1:
        raise ValueError("Une borne est un nombre entier d’habitants.")
    return Tranche(int(minimum), int(maximum), mise_en_place, accompagnement)


def _nombre(cellule: str) -> Decimal:
    """« 2 000 », « 1 040,50 » : les espaces séparent les milliers."""
    serre = "".join(cellule.split())
    if not _NOMBRE.fullmatch(serre):
        raise ValueError("Ce n’est pas un nombre.")
    return Decimal(serre.replace(",", "."))
