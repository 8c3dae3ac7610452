"""Dessiner un calcul d’échéance : une case par jour, ce qui ne compte pas étant hachuré.

Les positions sont des pourcentages de la largeur, écrits pour un attribut SVG (« 9.14% »).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dpd.regles.durees import duree_en_heures
from dpd.regles.typographie import INSECABLE, JOURS, MOIS_COURTS, compte
from subtraitance.regles.calculateur_modele import Jour, Nature, Resultat

PLEIN = 0.86  # la part de chaque case qui est peinte ; le reste la sépare de la suivante
JOURS_ECRITS = 9  # jusque-là, chaque jour s’écrit ; au-delà, les lundis, puis les débuts de mois
LUNDIS_ECRITS = 45
ECART = 0.12  # deux mots plus proches se toucheraient
CLASSES = {Nature.COMPTE: "passe"}


@dataclass(frozen=True, slots=True)
class Case:
    """``classe`` : « passe » si le jour compte, « neutre » sinon."""

    x: str
    largeur: str
    classe: str


@dataclass(frozen=True, slots=True)
class Mot:
    x: str
    texte: str


@dataclass(frozen=True, slots=True)
class Frise:
    """``debut`` et ``fin`` : les repères écrits aux deux bouts ; ``phrase`` : ce qui remplace le dessin."""

    cases: tuple[Case, ...]
    mots: tuple[Mot, ...]
    debut: str
    fin: str
    phrase: str


def frise_du_calcul(resultat: Resultat) -> Frise:
    """Du premier au dernier jour du calcul, à l’échelle du temps réel."""
    jours = resultat.jours
    total = sum((jour.duree for jour in jours), timedelta()) or timedelta(days=1)
    bornes = list(_bornes(jours, total))
    return Frise(
        cases=tuple(
            Case(_pourcent(debut), _pourcent(largeur * PLEIN), CLASSES.get(jour.nature, "neutre"))
            for jour, debut, largeur in bornes
        ),
        mots=tuple(_mots(bornes)),
        debut=_jour_dit(jours[0].jour) if jours else "",
        fin=_jour_dit(jours[-1].jour) if jours else "",
        phrase=_phrase(resultat),
    )


def _bornes(jours: tuple[Jour, ...], total: timedelta) -> Iterator[tuple[Jour, float, float]]:
    passe = timedelta()
    for jour in jours:
        yield jour, passe / total, jour.duree / total
        passe += jour.duree


def _mots(bornes: list[tuple[Jour, float, float]]) -> Iterator[Mot]:
    dernier = -1.0
    for jour, debut, largeur in bornes:
        texte, milieu = _texte(jour.jour, len(bornes)), debut + largeur / 2
        if texte and milieu - dernier >= ECART and milieu <= 1 - ECART / 3:
            dernier = milieu
            yield Mot(_pourcent(milieu), texte)


def _texte(jour: date, nombre: int) -> str:
    if nombre <= JOURS_ECRITS:
        return f"{JOURS[jour.weekday()][:3]}.{INSECABLE}{jour.day}"
    if nombre <= LUNDIS_ECRITS:
        return f"lun.{INSECABLE}{jour.day}" if jour.weekday() == 0 else ""
    return f"{MOIS_COURTS[jour.month - 1]}" if jour.day == 1 else ""


def _jour_dit(jour: date) -> str:
    return f"{JOURS[jour.weekday()][:3].capitalize()}. {jour.day}{INSECABLE}{MOIS_COURTS[jour.month - 1]}"


def _phrase(resultat: Resultat) -> str:
    fermes = len(resultat.fermes)
    ecartes = (
        f", dont {compte(fermes, 'jour')} qui ne compte{'nt' if fermes > 1 else ''} pas" if fermes else ""
    )
    return f"{compte(len(resultat.jours), 'jour')} du départ à l’échéance{ecartes}"


def temps_dit(jour: Jour, *, en_heures: bool = False) -> str:
    """« compte 14 h 45 », « compte », « ne compte pas » : une ligne du jour par jour."""
    if jour.nature is Nature.COMPTE:
        if not en_heures:
            return "compte"
        return f"compte {duree_en_heures(round(jour.duree.total_seconds() / 60))}"
    return {
        Nature.DEPART: "jour de départ, ne compte pas",
        Nature.FERME: "ne compte pas",
        Nature.SUSPENDU: "suspendu",
        Nature.REPORT: "fermé, l’échéance se déplace",
    }[jour.nature]


def _pourcent(part: float) -> str:
    return f"{part * 100:.2f}%"
