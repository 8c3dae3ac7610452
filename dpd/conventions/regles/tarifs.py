"""Le prix d’une tranche de population, et sa révision sur indice."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

__all__ = [
    "Indice",
    "Phase",
    "Tranche",
    "arrondir",
    "prix_tranche",
    "reviser",
    "tranche_de",
    "verifier_grille",
]

CENTIME = Decimal("0.01")
PRECISION = 50  # chiffres : une division ne perd rien avant l’arrondi au centime


class Phase(StrEnum):
    """La première année se paie au prix de la mise en place, les suivantes à celui de l’accompagnement."""

    MISE_EN_PLACE = "mise_en_place"
    ACCOMPAGNEMENT = "accompagnement"

    @property
    def label(self) -> str:
        return "Mise en place" if self is Phase.MISE_EN_PLACE else "Accompagnement"


@dataclass(frozen=True, slots=True)
class Tranche:
    """Bornes incluses, en habitants (population totale) ; prix en euros par an."""

    minimum: int
    maximum: int
    mise_en_place: Decimal
    accompagnement: Decimal

    def prix(self, phase: Phase) -> Decimal:
        return self.mise_en_place if phase == Phase.MISE_EN_PLACE else self.accompagnement


@dataclass(frozen=True, slots=True)
class Indice:
    """La valeur d’un indice dans sa série ; deux séries ne se comparent pas sans règle de raccord."""

    valeur: Decimal
    serie: str


def verifier_grille(grille: Sequence[Tranche]) -> list[Tranche]:
    """Les tranches dans l’ordre, si elles se suivent de 0 habitant à la dernière borne.

    :raises ValueError: qui nomme les bornes, si la grille est vide, commence après 0, laisse un trou,
        se chevauche, porte une tranche à l’envers ou un prix négatif.
    """
    if not grille:
        raise ValueError("La grille ne contient aucune tranche.")
    tranches = sorted(grille, key=lambda t: (t.minimum, t.maximum))
    attendu = 0
    for tranche in tranches:
        if tranche.maximum < tranche.minimum:
            raise ValueError(f"La tranche {tranche.minimum}-{tranche.maximum} est à l’envers.")
        if min(tranche.mise_en_place, tranche.accompagnement) < 0:
            raise ValueError(f"La tranche {tranche.minimum}-{tranche.maximum} porte un prix négatif.")
        if tranche.minimum > attendu:
            raise ValueError(f"La grille laisse un trou de {attendu} à {tranche.minimum - 1} habitants.")
        if tranche.minimum < attendu:
            raise ValueError(f"Deux tranches se chevauchent à {tranche.minimum} habitants.")
        attendu = tranche.maximum + 1
    return tranches


def tranche_de(grille: Sequence[Tranche], population: int | None) -> Tranche | None:
    """La tranche d’une population totale ; ``None`` au-delà de la grille ou sans population.

    :raises ValueError: si la population est négative ou la grille mal formée.
    """
    tranches = verifier_grille(grille)
    if population is None:
        return None
    if isinstance(population, bool) or not isinstance(population, int) or population < 0:
        raise ValueError("La population est un nombre entier d’habitants, positif ou nul.")
    return next((t for t in tranches if population <= t.maximum), None)


def prix_tranche(grille: Sequence[Tranche], population: int | None, phase: Phase) -> Decimal | None:
    """Le prix annuel, en euros, pour une population totale ; ``None`` veut dire sur devis.

    Bornes incluses (300 et 301 ne paient pas le même prix). Au-delà de la dernière tranche, ou sans
    population, le prix est établi sur devis.

    :raises ValueError: si la population est négative ou la grille trouée.
    """
    tranche = tranche_de(grille, population)
    return tranche.prix(phase) if tranche else None


def arrondir(montant: Decimal) -> Decimal:
    """Au centime, la moitié vers le haut : l’arrondi commercial, jamais celui du banquier."""
    return montant.quantize(CENTIME, ROUND_HALF_UP)


def reviser(prix: Decimal, nouveau: Indice, ancien: Indice) -> Decimal:
    """P1 = P0 × S1 ÷ S0, arrondi au centime en une fois.

    :raises ValueError: si les deux indices ne sont pas de la même série, si l’un n’est pas strictement
        positif, ou si le prix est négatif.
    """
    if nouveau.serie != ancien.serie:
        raise ValueError(
            f"Les indices sont de deux séries ({ancien.serie}, {nouveau.serie})\u00a0: "
            "le calcul attend une règle de raccord délibérée."
        )
    if not (nouveau.valeur > 0 and ancien.valeur > 0):
        raise ValueError("Un indice est strictement positif.")
    if prix < 0:
        raise ValueError("Un prix n’est pas négatif.")
    with localcontext(prec=PRECISION):
        return arrondir(prix * nouveau.valeur / ancien.valeur)
