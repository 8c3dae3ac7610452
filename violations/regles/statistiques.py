"""Le bilan annuel des violations : ce qui se compte, dans les tranches et les listes de la CNIL.

Tranches de personnes : jeu ouvert « Notifications à la CNIL de violations de données à caractère
personnel ».
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from violations.enums import Cause, NatureViolation, Origine

Code = TypeVar("Code", bound=str)


class Tranche(StrEnum):
    CINQ = "0_5"
    CINQUANTE = "6_50"
    TROIS_CENTS = "51_300"
    CINQ_MILLE = "301_5000"
    AU_DELA = "5001"
    INCONNUE = "inconnue"


LIBELLES: Mapping[Tranche, str] = {
    Tranche.CINQ: "De 0 à 5 personnes",
    Tranche.CINQUANTE: "De 6 à 50 personnes",
    Tranche.TROIS_CENTS: "De 51 à 300 personnes",
    Tranche.CINQ_MILLE: "De 301 à 5\u202f000 personnes",
    Tranche.AU_DELA: "Plus de 5\u202f000 personnes",
    Tranche.INCONNUE: "Nombre pas encore connu",
}
_PLAFONDS = (
    (5, Tranche.CINQ),
    (50, Tranche.CINQUANTE),
    (300, Tranche.TROIS_CENTS),
    (5000, Tranche.CINQ_MILLE),
)


class Suite(StrEnum):
    """Ce que sont devenues les 72 heures (RGPD art. 33-1)."""

    DANS_LES_TEMPS = "dans_les_temps"
    EN_RETARD = "en_retard"
    ECARTEE = "ecartee"
    EN_COURS = "en_cours"
    DEPASSEE = "depassee"


SUITES: Mapping[Suite, str] = {
    Suite.DANS_LES_TEMPS: "Notifiées dans les 72 heures",
    Suite.EN_RETARD: "Notifiées après 72 heures",
    Suite.ECARTEE: "Sans notification, sur décision du responsable",
    Suite.EN_COURS: "Dont les 72 heures courent",
    Suite.DEPASSEE: "Pas encore notifiées, délai dépassé",
}


@dataclass(frozen=True, slots=True)
class Fait:
    """Une violation, réduite à ce qui se compte. ``origine`` et ``cause`` : un code, ou vide."""

    annee: int
    natures: Sequence[str]
    origine: str
    cause: str
    suite: Suite
    informees: bool
    personnes_min: int | None = None
    personnes_max: int | None = None


@dataclass(slots=True)
class Bilan:
    """Une année. Une violation compte dans chacune de ses natures : leur somme peut dépasser le total."""

    annee: int
    total: int = 0
    informees: int = 0
    natures: Counter[str] = field(default_factory=Counter)
    origines: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    suites: Counter[Suite] = field(default_factory=Counter)
    tranches: Counter[Tranche] = field(default_factory=Counter)

    @property
    def notifiees(self) -> int:
        return self.suites[Suite.DANS_LES_TEMPS] + self.suites[Suite.EN_RETARD]


@dataclass(frozen=True, slots=True)
class Part:
    """Une ligne d’un tableau : ``part`` de 0 à 100, rapportée au total de l’année."""

    libelle: str
    nombre: int
    part: int


def tranche(au_moins: int | None, au_plus: int | None) -> Tranche:
    """La tranche du nombre le plus haut que l’on connaisse.

    :raises ValueError: si le nombre est négatif.
    """
    nombre = au_plus if au_plus is not None else au_moins
    if nombre is None:
        return Tranche.INCONNUE
    if nombre < 0:
        raise ValueError("Un nombre de personnes n’est pas négatif.")
    return next((t for plafond, t in _PLAFONDS if nombre <= plafond), Tranche.AU_DELA)


def bilans(faits: Iterable[Fait]) -> dict[int, Bilan]:
    """{année: bilan}, la plus récente d’abord."""
    par_annee: dict[int, Bilan] = {}
    for fait in faits:
        bilan = par_annee.setdefault(fait.annee, Bilan(fait.annee))
        bilan.total += 1
        bilan.informees += fait.informees
        bilan.natures.update(fait.natures)
        bilan.origines[fait.origine] += 1
        bilan.causes[fait.cause] += 1
        bilan.suites[fait.suite] += 1
        bilan.tranches[tranche(fait.personnes_min, fait.personnes_max)] += 1
    return dict(sorted(par_annee.items(), reverse=True))


def parts(bilan: Bilan) -> dict[str, list[Part]]:
    """Les tableaux d’une année ; les délais, les natures et les tranches en entier, le reste s’il existe."""
    return {
        "suites": _parts(bilan, bilan.suites, SUITES, toutes=True),
        "natures": _parts(bilan, bilan.natures, dict(NatureViolation.choices), toutes=True),
        "origines": _parts(bilan, bilan.origines, {**dict(Origine.choices), "": "Pas encore précisée"}),
        "causes": _parts(bilan, bilan.causes, {**dict(Cause.choices), "": "Pas encore précisée"}),
        "tranches": _parts(bilan, bilan.tranches, LIBELLES, toutes=True),
    }


def _parts(
    bilan: Bilan, comptes: Mapping[Code, int], libelles: Mapping[Code, str], toutes: bool = False
) -> list[Part]:
    return [
        Part(str(libelle), comptes[code], round(100 * comptes[code] / bilan.total) if bilan.total else 0)
        for code, libelle in libelles.items()
        if toutes or comptes[code]
    ]


def evolution(bilan: Bilan, precedent: Bilan | None) -> int | None:
    """De combien le nombre change, en pour cent ; ``None`` si l’année d’avant n’en compte aucune."""
    if precedent is None or precedent.annee != bilan.annee - 1 or not precedent.total:
        return None
    return round(100 * (bilan.total - precedent.total) / precedent.total)
