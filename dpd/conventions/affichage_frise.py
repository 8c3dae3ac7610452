"""La place d’une population dans la grille, en une échelle de cases égales."""

from collections.abc import Sequence
from dataclasses import dataclass

from dpd.conventions.regles.calcul import Marge
from dpd.conventions.regles.tarifs import Tranche, verifier_grille
from dpd.regles.typographie import compte, nombre

ECART = 0.5  # entre deux cases, en centièmes de la largeur
RANGS = (
    *("première", "deuxième", "troisième", "quatrième", "cinquième"),
    *("sixième", "septième", "huitième", "neuvième", "dixième"),
)


@dataclass(frozen=True, slots=True)
class Case:
    x: float
    largeur: float
    ici: bool


@dataclass(frozen=True, slots=True)
class Repere:
    x: float
    texte: str
    ancre: str  # start, middle, end


@dataclass(frozen=True, slots=True)
class Frise:
    """Positions en centièmes de la largeur ; ``phrase`` dit ce que l’image montre."""

    cases: tuple[Case, ...]
    position: Repere
    bornes: tuple[Repere, ...]
    phrase: str


def frise(grille: Sequence[Tranche], tranche: Tranche, population: int) -> Frise:
    """Une case par tranche, celle de la population pleine, ses bornes dessous."""
    tranches = verifier_grille(grille)
    rang, pas = tranches.index(tranche), 100 / len(tranches)
    cases = tuple(Case(i * pas + ECART / 2, pas - ECART, i == rang) for i in range(len(tranches)))
    bornes = [Repere(0, nombre(tranches[0].minimum), "start")]
    if rang > 0:
        bornes.append(Repere(rang * pas, nombre(tranche.minimum - 1), "middle"))
    if rang < len(tranches) - 1:
        bornes.append(Repere((rang + 1) * pas, nombre(tranche.maximum), "middle"))
    bornes.append(Repere(100, nombre(tranches[-1].maximum), "end"))
    phrase = (
        f"La commune est dans la {ordinal(rang + 1)} des {len(tranches)} tranches, "
        f"de {nombre(tranche.minimum)} à {nombre(tranche.maximum)} habitants"
    )
    return Frise(cases, Repere((rang + 0.5) * pas, nombre(population), "middle"), tuple(bornes), phrase)


def phrase_de_marge(marge: Marge, derniere: bool) -> str:
    """« Marge : il faudrait 656 habitants de moins ou 445 de plus pour changer de tranche. »"""
    but = "sortir de la grille" if derniere and marge.moins is None else "changer de tranche"
    if marge.moins is None:
        return f"Marge\u00a0: il faudrait {compte(marge.plus, 'habitant')} de plus pour {but}."
    suite = " ou sortir de la grille" if derniere else ""
    moins = compte(marge.moins, "habitant")
    return f"Marge\u00a0: il faudrait {moins} de moins ou {nombre(marge.plus)} de plus pour {but}{suite}."


def ordinal(rang: int) -> str:
    """« cinquième », et au-delà de dix « 11e »."""
    return RANGS[rang - 1] if rang <= len(RANGS) else f"{rang}e"
