"""L’avancement de la mise en place : ce qui est fait, ce qui bloque et depuis quand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EtatEtape:
    """Une étape est faite, sans objet (on dit pourquoi), bloquée depuis une date, ou à faire."""

    code: str
    libelle: str
    faite_le: date | None = None
    sans_objet: bool = False
    bloquee_depuis: date | None = None

    @property
    def close(self) -> bool:
        return self.faite_le is not None or self.sans_objet


@dataclass(frozen=True, slots=True)
class Avancement:
    faites: int
    total: int  # sans les étapes sans objet
    bloquantes: tuple[EtatEtape, ...]  # la plus ancienne d’abord
    restantes: tuple[EtatEtape, ...]

    @property
    def achevee(self) -> bool:
        return not self.restantes


def avancement(etapes: Iterable[EtatEtape]) -> Avancement:
    """Où en est la liste ; une étape sans objet ne compte ni comme faite ni comme à faire."""
    liste = list(etapes)
    retenues = [e for e in liste if not e.sans_objet]
    restantes = tuple(e for e in retenues if not e.close)
    bloquees = [(e.bloquee_depuis, e) for e in restantes if e.bloquee_depuis is not None]
    return Avancement(
        faites=len(retenues) - len(restantes),
        total=len(retenues),
        bloquantes=tuple(e for _, e in sorted(bloquees, key=lambda paire: paire[0])),
        restantes=restantes,
    )


def jours_de_blocage(etape: EtatEtape, jour: date) -> int:
    """Depuis combien de jours une étape est bloquée ; 0 si elle ne l’est pas."""
    return (jour - etape.bloquee_depuis).days if etape.bloquee_depuis else 0
