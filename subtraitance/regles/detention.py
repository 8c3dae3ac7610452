"""Combien de temps la structure garde ce qu’elle détient pour une collectivité (RGPD art. 28-3 g).

Les durées sont celles de chaque convention : rien n’est écrit ici. Les jours ouvrés vont du lundi au
vendredi, hors jours fériés du territoire de la structure ; le jour de réception ne compte pas.
"""

from datetime import date

from dpd.regles.calendrier import Territoire
from dpd.regles.jours_ouvres import ajouter_jours_ouvres
from dpd.regles.mois import meme_quantieme
from subtraitance.enums import UniteDetention


def echeance_detention(
    recu_le: date,
    quantite: int | None,
    unite: UniteDetention,
    territoire: Territoire,
    fin_de_convention: date | None = None,
) -> date | None:
    """Le dernier jour où le lot peut être détenu ; ``None`` si rien ne le fixe encore.

    « le temps de l’intervention » : le jour même. « le temps de la convention » : son dernier jour.

    :raises ValueError: si une durée chiffrée n’a pas de quantité d’au moins un.
    """
    if unite == UniteDetention.INTERVENTION:
        return recu_le
    if unite == UniteDetention.CONVENTION:
        return fin_de_convention
    if quantite is None or quantite < 1:
        raise ValueError("La durée doit compter au moins une unité.")
    if unite == UniteDetention.JOURS_OUVRES:
        return ajouter_jours_ouvres(recu_le, quantite, territoire)
    mois = quantite * 12 if unite == UniteDetention.ANNEES else quantite
    return meme_quantieme(recu_le, mois)


def retard(echeance: date | None, detruit_le: date | None, jour: date) -> int:
    """Les jours de détention au-delà de l’échéance ; zéro si elle est tenue, ou si rien ne la fixe."""
    if echeance is None:
        return 0
    return max(0, ((detruit_le or jour) - echeance).days)
