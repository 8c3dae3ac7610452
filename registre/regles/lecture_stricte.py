"""Relire des objets figés depuis un contenu JSON sans rien deviner : type faux ou clé inconnue se refusent.

Les objets sont des ``dataclass`` faites de textes, de nombres, de booléens, d’objets et de suites d’objets.
Leurs types ne se regardent qu’une fois : tout un registre y passe à chaque export.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import product
from operator import itemgetter
from typing import Any, get_args, get_origin, get_type_hints

_FEUILLES = {str, int, bool, type(None)}
_ATTENDU = {str: "un texte", bool: "vrai ou faux", int: "un nombre entier"}


def lire(classe: Any, valeur: Any, nom: str) -> Any:
    """L’objet de ``classe`` que décrit ``valeur`` ; une clé absente prend sa valeur par défaut.

    ``nom`` : comment dire l’ensemble dans un refus. ValueError qui nomme la rubrique fautive.
    """
    try:
        return _lecteur(classe)(valeur)
    except _Ecart as ecart:
        raise ValueError(f"{nom}{ecart.chemin}\u00a0: {ecart.quoi}") from None


class _Ecart(ValueError):
    """Un contenu qui n’a pas la forme attendue ; son chemin se complète en remontant."""

    def __init__(self, chemin: str, quoi: str):
        super().__init__(chemin, quoi)
        self.chemin, self.quoi = chemin, quoi


_Lecteur = Callable[[Any], Any]


@cache
def _lecteur(attendu: Any) -> _Lecteur:
    """De quoi lire ce type, préparé une fois."""
    if is_dataclass(attendu):
        return _lecteur_d_objet(attendu)
    if get_origin(attendu) is tuple:
        return _lecteur_de_liste(_lecteur(get_args(attendu)[0]))
    possibles = get_args(attendu) or (attendu,)
    quoi = f"{_ATTENDU[possibles[0]]} est attendu."

    def lire(valeur: Any) -> Any:
        if type(valeur) in possibles or (attendu is str and isinstance(valeur, str)):
            return valeur
        raise _Ecart("", quoi)

    return lire


def _lecteur_d_objet(classe: Any) -> _Lecteur:
    types = get_type_hints(classe)
    lecteurs = {champ.name: _lecteur(types[champ.name]) for champ in fields(classe)}
    prendre = itemgetter(*lecteurs)
    # Une ligne entière dont chaque valeur a le type voulu : le cas de presque toutes, reconnu d’un coup.
    possibles = [get_args(types[nom]) or (types[nom],) for nom in lecteurs]
    permis = set(product(*possibles)) if set().union(*possibles) <= _FEUILLES else set()

    def lire(valeur: Any) -> Any:
        if permis and type(valeur) is dict and valeur.keys() == lecteurs.keys():
            valeurs = prendre(valeur)
            if tuple(map(type, valeurs)) in permis:
                return classe(*valeurs)
        if not isinstance(valeur, Mapping):
            raise _Ecart("", "un ensemble de rubriques est attendu.")
        lus = {}
        for cle, brut in valeur.items():
            if (lecteur := lecteurs.get(cle)) is None:
                inconnues = sorted(str(c) for c in valeur if c not in lecteurs)
                raise _Ecart("", f"rubrique inconnue {', '.join(inconnues)}.")
            try:
                lus[cle] = lecteur(brut)
            except _Ecart as ecart:
                raise _Ecart(f".{cle}{ecart.chemin}", ecart.quoi) from None
        return classe(**lus)

    return lire


def _lecteur_de_liste(lecteur: _Lecteur) -> _Lecteur:
    def lire(valeur: Any) -> Any:
        if not isinstance(valeur, list | tuple):
            raise _Ecart("", "une liste est attendue.")
        lus = []
        for rang, element in enumerate(valeur, 1):
            try:
                lus.append(lecteur(element))
            except _Ecart as ecart:
                raise _Ecart(f"[{rang}]{ecart.chemin}", ecart.quoi) from None
        return tuple(lus)

    return lire
