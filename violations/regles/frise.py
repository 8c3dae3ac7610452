"""La frise d’une horloge : chaque heure a sa case, les nuits sont marquées, le retard dépasse.

Toutes les positions sont des pourcentages de la largeur, écrits pour un attribut SVG (« 9.14% »).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from dpd.regles.typographie import INSECABLE, JOURS, MOIS_COURTS, heure
from violations.regles.horloges import Horloge

HEURE = timedelta(hours=1)
# L’échelle s’élargit quand l’horloge a tant débordé que les cases ne se verraient plus.
PAS = tuple(timedelta(hours=h) for h in (1, 2, 3, 6, 12, 24, 48, 168, 720))
CASES_MAX = 100
PLEIN = 0.78  # la part de chaque case qui est peinte ; le reste la sépare de la suivante
LARGEUR_D_UN_JOUR_ECRIT = 0.14  # en deçà, deux jours voisins se toucheraient
LARGEUR_D_UN_JOUR_BORNE = 0.02
SEMAINE = timedelta(days=6)  # au-delà, « ven. » ne dit plus quel vendredi


class Genre(StrEnum):
    """L’état d’une case : passée dans le délai, à venir, ou passée hors délai."""

    PASSE = "passe"
    RESTE = "reste"
    HORS = "hors"


@dataclass(frozen=True, slots=True)
class Case:
    x: str
    largeur: str
    genre: Genre


@dataclass(frozen=True, slots=True)
class Jour:
    x: str
    texte: str


@dataclass(frozen=True, slots=True)
class Frise:
    """``limites`` : les minuits, et l’échéance dépassée ; ``maintenant`` : vide si l’horloge est arrêtée."""

    cases: tuple[Case, ...]
    limites: tuple[str, ...]
    jours: tuple[Jour, ...]
    debut: str
    fin: str
    maintenant: str


def frise(horloge: Horloge, maintenant: datetime, fuseau: tzinfo) -> Frise:
    """Dessine l’horloge à cet instant ; jours et heures se lisent dans ``fuseau``.

    L’échelle va du départ à l’échéance, ou à ce qui l’a dépassée. Une case est passée quand son heure est
    entièrement écoulée ; un retard se voit dès sa première minute.
    """
    duree = horloge.duree
    ecoule = max(horloge.ecoule(maintenant), timedelta(0))
    total = max(duree, ecoule, HEURE)
    depart = horloge.depart.astimezone(UTC)
    bornes = [timedelta(0), *_minuits(depart, depart + total, fuseau), total]
    visibles = timedelta(days=1) / total >= LARGEUR_D_UN_JOUR_BORNE
    limites = bornes[1:-1] if visibles else []
    if ecoule > duree:
        limites.append(duree)
    return Frise(
        cases=tuple(_cases(duree, ecoule, total)),
        limites=tuple(_pourcent(limite / total) for limite in limites),
        jours=tuple(_jours(depart, bornes, fuseau)),
        debut=_repere(depart.astimezone(fuseau), total),
        fin=_repere((depart + total).astimezone(fuseau), total),
        maintenant="" if horloge.arretee_le is not None else _pourcent(ecoule / total),
    )


def _cases(duree: timedelta, ecoule: timedelta, total: timedelta) -> Iterator[Case]:
    pas = next((pas for pas in PAS if total / pas <= CASES_MAX), PAS[-1])
    for debut, fin in _decouper(timedelta(0), duree, pas):
        yield _case(debut, fin, total, Genre.PASSE if fin <= ecoule else Genre.RESTE)
    for debut, fin in _decouper(duree, ecoule, pas):
        yield _case(debut, fin, total, Genre.HORS)


def _decouper(debut: timedelta, fin: timedelta, pas: timedelta) -> Iterator[tuple[timedelta, timedelta]]:
    """De ``debut`` à ``fin``, pas à pas ; la dernière part est ce qui reste."""
    while debut < fin:
        suite = min(debut + pas, fin)
        yield debut, suite
        debut = suite


def _case(debut: timedelta, fin: timedelta, total: timedelta, genre: Genre) -> Case:
    return Case(_pourcent(debut / total), _pourcent((fin - debut) / total * PLEIN), genre)


def _minuits(depart: datetime, arrivee: datetime, fuseau: tzinfo) -> Iterator[timedelta]:
    """Les minuits du fuseau entre deux instants, en temps réel depuis le départ."""
    jour = depart.astimezone(fuseau).date() + timedelta(days=1)
    while (ecart := _minuit(jour, fuseau) - depart) < arrivee - depart:
        yield ecart
        jour += timedelta(days=1)


def _minuit(jour: date, fuseau: tzinfo) -> datetime:
    return datetime(jour.year, jour.month, jour.day, tzinfo=fuseau).astimezone(UTC)


def _jours(depart: datetime, bornes: list[timedelta], fuseau: tzinfo) -> Iterator[Jour]:
    """Le nom des jours assez larges pour qu’on l’écrive."""
    total = bornes[-1]
    for debut, fin in pairwise(bornes):
        if (fin - debut) / total >= LARGEUR_D_UN_JOUR_ECRIT:
            milieu = (debut + fin) / 2
            local = (depart + milieu).astimezone(fuseau)
            yield Jour(_pourcent(milieu / total), f"{_jour_court(local)}{INSECABLE}{local.day}")


def _repere(local: datetime, total: timedelta) -> str:
    """« Ven. 17 h 25 » ; sur plus d’une semaine, « 20 nov., 17 h 25 »."""
    if total <= SEMAINE:
        return f"{_jour_court(local).capitalize()} {heure(local)}"
    return f"{local.day}{INSECABLE}{MOIS_COURTS[local.month - 1]}, {heure(local)}"


def _jour_court(local: datetime) -> str:
    return f"{JOURS[local.weekday()][:3]}."


def _pourcent(part: float) -> str:
    return f"{part * 100:.2f}%"
