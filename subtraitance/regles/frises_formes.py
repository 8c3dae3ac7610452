"""Ce que partagent les frises : leurs cases, leurs repères, et l’échelle qui les place.

Les positions sont des pourcentages de la largeur, écrits pour un attribut SVG (« 9.14% »).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dpd.regles.typographie import INSECABLE, JOURS

UN_JOUR = timedelta(days=1)
PAS = (1, 2, 3, 6, 12, 24, 48, 168, 720)  # heures, ou jours, que vaut une case
CASES_MAX = 100
PLEIN = 0.78  # la part de chaque case qui est peinte ; le reste la sépare de la suivante
LARGEUR_D_UN_MOT = 0.13  # en deçà, deux jours écrits se toucheraient


class Nature(StrEnum):
    """La valeur est la classe de la case : écoulée, à venir, qui ne compte pas, écoulée hors délai."""

    PLEIN = "passe"
    RESTE = "reste"
    NEUTRE = "neutre"
    HORS = "hors"


@dataclass(frozen=True, slots=True)
class Case:
    """``x`` et ``largeur`` en % ; ``libelle`` : ce qu’elle est, en clair (« samedi 21 et dimanche 22 »)."""

    x: str
    largeur: str
    nature: Nature
    libelle: str


@dataclass(frozen=True, slots=True)
class Mot:
    """Un jour ou un mois écrit sous la frise, centré en ``x``."""

    x: str
    texte: str


@dataclass(frozen=True, slots=True)
class Frise:
    """Un dessin complet, à rendre par ``subtraitance/_demande_frise.html``.

    ``limites`` : les minuits ou les débuts de mois, et l’échéance dépassée ; ``maintenant`` : vide si le
    délai est arrêté ; ``phrase`` : ce que dit le dessin à qui ne le voit pas.
    """

    cases: tuple[Case, ...]
    limites: tuple[str, ...]
    mots: tuple[Mot, ...]
    debut: str
    fin: str
    maintenant: str
    phrase: str


def pas_pour(unites: float) -> int:
    """Ce que vaut une case, pour qu’il n’y en ait jamais plus qu’on n’en distingue."""
    return next((pas for pas in PAS if unites / pas <= CASES_MAX), PAS[-1])


def place(debut: timedelta, fin: timedelta, total: timedelta, *, entiere: bool = False) -> tuple[str, str]:
    return pourcent(debut / total), pourcent((fin - debut) / total * (1 if entiere else PLEIN))


def jour_court(jour: date) -> str:
    return f"{JOURS[jour.weekday()][:3]}.{INSECABLE}{jour.day}"


def pourcent(part: float) -> str:
    return f"{part * 100:.2f}%"
