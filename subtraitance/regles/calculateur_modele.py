"""La question posée au calculateur d’échéances, et sa réponse jour par jour."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dpd.regles.calendrier import Territoire, jours_feries
from subtraitance.regles.calculateur_delais import Delai, Regle
from subtraitance.regles.horloges import Suspension

UN_JOUR = timedelta(days=1)
MOIS = frozenset({Delai.UN_MOIS, Delai.TROIS_MOIS})


class Nature(StrEnum):
    """Ce que fait un jour dans le délai."""

    DEPART = "depart"  # le jour du fait, qui ne compte pas
    COMPTE = "compte"
    FERME = "ferme"  # ni compté, ni travaillé
    SUSPENDU = "suspendu"
    REPORT = "report"  # fermé, il repousse (ou avance) l’échéance


@dataclass(frozen=True, slots=True)
class Jour:
    """``ferme`` : pourquoi on n’y travaille pas, vide sinon ; ``duree`` : sa part dans le délai."""

    jour: date
    nature: Nature
    ferme: str
    duree: timedelta = UN_JOUR

    @property
    def compte(self) -> timedelta:
        """Le temps qui s’écoule ce jour-là pour le délai."""
        return self.duree if self.nature is Nature.COMPTE else timedelta()


@dataclass(frozen=True, slots=True)
class Question:
    """``depart`` : un instant « aware » pour un délai en heures, un jour sinon (le terme, pour un préavis).

    ``local`` : reporter aussi sur les jours fériés du territoire, au choix du responsable ; ``mois`` : ceux
    du préavis.
    """

    delai: Delai
    depart: datetime | date
    territoire: Territoire = Territoire.METROPOLE
    suspension: Suspension | None = None
    local: bool = False
    mois: int = 3

    @property
    def calendrier(self) -> Territoire:
        """Celui dont les jours fériés comptent."""
        national = (self.delai in MOIS and not self.local) or self.delai is Delai.PREAVIS
        return Territoire.METROPOLE if national else self.territoire


@dataclass(frozen=True, slots=True)
class Resultat:
    """``dite`` : l’échéance en toutes lettres ; ``jours`` : du premier au dernier."""

    question: Question
    regle: Regle
    echeance: datetime | date
    dite: str
    jours: tuple[Jour, ...]
    remarques: tuple[str, ...]

    @property
    def fermes(self) -> tuple[Jour, ...]:
        """Les jours fermés qui changent le compte."""
        return tuple(j for j in self.jours if j.nature in (Nature.FERME, Nature.REPORT))

    @property
    def comptes_quand_meme(self) -> tuple[Jour, ...]:
        """Les jours fermés d’un délai en heures réelles, qui s’écoulent comme les autres."""
        return tuple(j for j in self.jours if j.ferme and j.nature is Nature.COMPTE)


class SaisieRefusee(ValueError):
    """Cette question n’a pas de réponse ; ``champ`` : celui à reprendre."""

    def __init__(self, champ: str, phrase: str):
        super().__init__(phrase)
        self.champ = champ


def pourquoi_ferme(jour: date, territoire: Territoire) -> str:
    """« week-end », « Ascension », « week-end, Assomption » ; vide pour un jour ouvré."""
    week_end = "week-end" if jour.weekday() > 4 else ""
    return ", ".join(
        raison for raison in (week_end, jours_feries(jour.year, territoire).get(jour, "")) if raison
    )
