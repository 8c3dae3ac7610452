"""L’état mensuel des journées : figé par la structure, validé ou contesté ligne à ligne."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType

from dpd.conventions.regles.tarifs import arrondir

CENTIEME = Decimal("0.01")
SILENCE_JOURS = 15  # jours francs de silence avant le rappel unique


class EtatLigne(StrEnum):
    A_VALIDER = "a_valider"
    VALIDEE = "validee"
    CONTESTEE = "contestee"
    RETIREE = "retiree"

    @property
    def label(self) -> str:
        return LIBELLES[self]


LIBELLES: Mapping[EtatLigne, str] = MappingProxyType(
    {
        EtatLigne.A_VALIDER: "À valider",
        EtatLigne.VALIDEE: "Validée",
        EtatLigne.CONTESTEE: "Contestée",
        EtatLigne.RETIREE: "Retirée",
    }
)


class GesteLigne(StrEnum):
    VALIDER = "valider"
    CONTESTER = "contester"
    CORRIGER = "corriger"
    MAINTENIR = "maintenir"
    RETIRER = "retirer"


_L, _G = EtatLigne, GesteLigne
# (état, geste) → (état suivant, geste de la structure, motif obligatoire)
TRANSITIONS: Mapping[tuple[EtatLigne, GesteLigne], tuple[EtatLigne, bool, bool]] = MappingProxyType(
    {
        (_L.A_VALIDER, _G.VALIDER): (_L.VALIDEE, False, False),
        (_L.A_VALIDER, _G.CONTESTER): (_L.CONTESTEE, False, True),
        (_L.CONTESTEE, _G.CORRIGER): (_L.A_VALIDER, True, True),
        (_L.CONTESTEE, _G.MAINTENIR): (_L.A_VALIDER, True, True),
        (_L.CONTESTEE, _G.RETIRER): (_L.RETIREE, True, True),
    }
)


def suite(etat: EtatLigne, geste: GesteLigne, *, motif: str = "") -> EtatLigne:
    """L’état où mène un geste.

    :raises ValueError: si le geste n’est pas permis, ou si son motif manque.
    """
    if (etat, geste) not in TRANSITIONS:
        raise ValueError(f"Ce geste n’est pas permis\u00a0: la ligne est «\u00a0{etat.label}\u00a0».")
    suivant, _, motif_obligatoire = TRANSITIONS[etat, geste]
    if motif_obligatoire and not motif.strip():
        raise ValueError("Dites pourquoi\u00a0: l’autre partie doit pouvoir vous répondre.")
    return suivant


def tout_est_tranche(etats: Iterable[EtatLigne]) -> bool:
    """Vrai si chaque ligne est validée ou retirée, et qu’il y en a."""
    liste = list(etats)
    return bool(liste) and all(e in (EtatLigne.VALIDEE, EtatLigne.RETIREE) for e in liste)


def relance_due(dernier_mouvement: date, jour: date, *, silence: int = SILENCE_JOURS) -> bool:
    """Vrai si la collectivité n’a rien dit d’un état depuis ``silence`` jours : on la relance alors.

    ``dernier_mouvement`` : le jour où l’état lui a été présenté, ou celui du dernier geste sur une de ses
    lignes. Aucun des textes ne fixe de délai : sans réponse, rien ne se valide tout seul.

    :raises ValueError: si le délai n’est pas d’un jour au moins.
    """
    if silence < 1:
        raise ValueError("Un délai de relance est d’un jour au moins.")
    return (jour - dernier_mouvement).days >= silence


def jours(minutes: int, minutes_par_jour: int) -> Decimal:
    """Des minutes en journées, au centième, la moitié vers le haut.

    :raises ValueError: si la durée est négative ou la journée nulle.
    """
    if minutes < 0 or minutes_par_jour <= 0:
        raise ValueError("Une durée est positive, et une journée dure plus de zéro minute.")
    return (Decimal(minutes) / Decimal(minutes_par_jour)).quantize(CENTIEME, ROUND_HALF_UP)


def montant(nombre_de_jours: Decimal, prix_jour: Decimal) -> Decimal:
    """Le prix de journées, au centime."""
    return arrondir(nombre_de_jours * prix_jour)
