"""Les gestes que propose un dossier : chacun mène à sa page, à qui en a le droit."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from dpd.comptes.regles.capacites import Capacite
from violations.enums import EtatViolation
from violations.models import Violation
from violations.regles.faits_cnil import Rubrique
from violations.regles.rubriques import SANS_SOURCE

# Rubrique du téléservice → la page du dossier où elle se complète, et ce qu’il faut à son adresse.
PAGES: dict[int, tuple[str, ...]] = {
    **dict.fromkeys((4, 5, 6), ("saisie", "faits")),
    **dict.fromkeys((7, 8), ("saisie", "donnees")),
    **dict.fromkeys((9, 10), ("saisie", "consequences")),
    **dict.fromkeys((11, 13), ("saisie", "suites")),
    12: ("personnes",),
    14: ("joindre",),
}
RUBRIQUE_DES_DATES = 3
DATES, DECOUVERTE = ("instants",), ("saisie", "faits")


@dataclass(frozen=True, slots=True)
class GesteVu:
    libelle: str
    adresse: str
    icone: str


COMPLETER = (
    ("Corriger les instants", "instants", "clock"),
    ("Noter un prestataire", "impliquer", "boxes"),
    ("Choisir les traitements touchés", "traitements", "list-check"),
    ("Joindre une pièce", "joindre", "plus-lg"),
    ("Estimer la gravité (ENISA)", "enisa", "bar-chart-steps"),
)


def adresse(nom: str, violation: Violation, *suite) -> str:
    """L’adresse d’une page de ce dossier."""
    return reverse(
        f"violations:{nom}", args=[violation.collectivite.siren, violation.annee, violation.rang, *suite]
    )


def gestes(violation: Violation, peut: frozenset[Capacite]) -> list[GesteVu]:
    """Ce que la personne peut compléter ; rien une fois la violation close."""
    if violation.etat == EtatViolation.CLOSE or Capacite.TENIR_VIOLATIONS not in peut:
        return []
    return [GesteVu(libelle, adresse(nom, violation), icone) for libelle, nom, icone in COMPLETER]


def adresses_des_rubriques(violation: Violation, peut: frozenset[Capacite]) -> Callable[[Rubrique], str]:
    """Où compléter une rubrique ; vide à qui ne tient pas le dossier, ou s’il est clos."""
    if violation.etat == EtatViolation.CLOSE or Capacite.TENIR_VIOLATIONS not in peut:
        return lambda rubrique: ""

    def ou(rubrique: Rubrique) -> str:
        if rubrique.numero == RUBRIQUE_DES_DATES:
            page = DECOUVERTE if rubrique.manques == (SANS_SOURCE,) else DATES
        else:
            page = PAGES.get(rubrique.numero, ())
        return adresse(page[0], violation, *page[1:]) if page else ""

    return ou
