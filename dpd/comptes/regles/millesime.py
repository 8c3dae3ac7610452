"""Le millésime d’une population : l’année du recensement qu’elle décrit, pas celle où elle vaut.

Les populations de référence publiées en décembre N décrivent le 1er janvier N-2 et valent à partir du
1er janvier N+1 (loi n° 2002-276 du 27 février 2002, art. 156 ; décret annuel d’authentification).
"""

from datetime import date

DECALAGE = 3  # du 1er janvier décrit au 1er janvier d’entrée en vigueur, en années
PREMIER = 2006  # première population légale issue du recensement rénové


def entree_en_vigueur(millesime: int) -> date:
    """Le jour où la population de ce millésime commence à valoir."""
    return date(millesime + DECALAGE, 1, 1)


def dernier_millesime(jour: date) -> int:
    """Le plus récent millésime qui puisse être publié à ce jour : en décembre N paraît celui de N-2."""
    return jour.year - (DECALAGE - 1 if jour.month == 12 else DECALAGE)


def millesime_en_vigueur(annee: int) -> int:
    """Le millésime qui vaut toute une année civile."""
    return annee - DECALAGE
