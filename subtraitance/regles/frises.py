"""Dessiner un délai : heure par heure, ou jour par jour, ce qui ne compte pas étant hachuré.

Une frise va du départ à l’échéance, ou à ce qui l’a dépassée. Rien ici ne calcule d’échéance : on dessine
celle qu’on reçoit.
"""

from subtraitance.regles.frises_formes import Case, Frise, Mot, Nature
from subtraitance.regles.frises_heures import dessin_heures, frise_heures, temps_compte
from subtraitance.regles.frises_jours import dessin_jours, frise_jours
from subtraitance.regles.frises_phrases import duree_dite, jour_dit, pourquoi_ferme

__all__ = [
    "Case",
    "Frise",
    "Mot",
    "Nature",
    "dessin_heures",
    "dessin_jours",
    "duree_dite",
    "frise_heures",
    "frise_jours",
    "jour_dit",
    "pourquoi_ferme",
    "temps_compte",
]
