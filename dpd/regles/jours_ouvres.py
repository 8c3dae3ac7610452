"""Compter en jours ouvrés, sans parcourir le calendrier.

Une table par territoire couvre le siècle : pour chaque jour, le nombre de jours ouvrés écoulés ;
pour chaque rang, le jour ouvré. Ajouter n jours coûte alors deux lectures, quel que soit n.
"""

from array import array
from collections.abc import Sequence
from datetime import date, timedelta

from dpd.regles.calendrier import Territoire, est_ouvre, exiger_date, territoire_connu

PREMIER_JOUR = date(2000, 1, 1)
DERNIER_JOUR = date(2099, 12, 31)
_ORIGINE = PREMIER_JOUR.toordinal()
_UN_JOUR = timedelta(days=1)

Table = tuple[Sequence[int], Sequence[date]]
_TABLES: dict[Territoire, Table] = {}


def ajouter_jours_ouvres(jour: date, n: int, territoire: Territoire) -> date:
    """Le n-ième jour ouvré après ``jour``, qui n’est pas compté ; le délai expire ce jour-là à 24 h.

    Ouvré : du lundi au vendredi hors jours fériés. ``jour`` lui-même si n = 0.
    ValueError si ``jour`` n’est pas une date, si n est négatif ou si le territoire est inconnu.
    """
    if type(jour) is not date:
        exiger_date(jour, "Le jour")
    if n < 1:
        return _sans_avancer(jour, n)
    rangs, ouvres = _TABLES.get(territoire) or _table(territoire_connu(territoire))
    indice = jour.toordinal() - _ORIGINE
    if indice >= 0:
        try:
            return ouvres[rangs[indice] + n - 1]
        except IndexError:  # au-delà du siècle couvert
            pass
    return _pas_a_pas(jour, n, territoire)


def reporter_apres(jour: date, territoire: Territoire) -> date:
    """Le jour s’il est ouvré, sinon le premier jour ouvré qui suit (règlement 1182/71, art. 3-4)."""
    while not est_ouvre(jour, territoire):
        jour += _UN_JOUR
    return jour


def avancer_avant(jour: date, territoire: Territoire) -> date:
    """Le jour s’il est ouvré, sinon le dernier jour ouvré qui précède."""
    while not est_ouvre(jour, territoire):
        jour -= _UN_JOUR
    return jour


def _sans_avancer(jour: date, n: int) -> date:
    if n < 0:
        raise ValueError("Le nombre de jours ouvrés ne peut pas être négatif.")
    return jour


def _table(territoire: Territoire) -> Table:
    rangs, ouvres = array("H"), []
    for ordinal in range(_ORIGINE, DERNIER_JOUR.toordinal() + 1):
        jour = date.fromordinal(ordinal)
        if est_ouvre(jour, territoire):
            ouvres.append(jour)
        rangs.append(len(ouvres))
    return _TABLES.setdefault(territoire, (rangs, ouvres))


def _pas_a_pas(jour: date, n: int, territoire: Territoire) -> date:
    """Hors du siècle couvert par les tables : rare, donc simplement jour après jour."""
    while n:
        if jour == date.max:
            raise ValueError("Date hors du calendrier.")
        jour += _UN_JOUR
        n -= est_ouvre(jour, territoire)
    return jour
