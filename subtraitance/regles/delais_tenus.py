"""Les délais tenus, année par année : des nombres bruts, et le temps médian."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from dpd.regles.calendrier import Territoire, fuseau
from subtraitance.regles.frises_heures import temps_compte


@dataclass(frozen=True, slots=True)
class Fait:
    """Ce qu’il faut savoir d’une demande. ``suspendue`` : son délai de réponse ne court pas."""

    annee: int
    recue_le: datetime
    limite_transmission: datetime | None
    transmise_le: datetime | None
    limite: date | None
    repondue_le: date | None
    suspendue: bool
    prolongee: bool
    territoire: Territoire
    territoire_structure: Territoire


@dataclass(frozen=True, slots=True)
class Tenus:
    """``sur`` : celles qui ont abouti ou dont le délai est passé ; ``mediane`` : de celles qui ont abouti."""

    tenues: int
    sur: int
    mediane: timedelta | None


@dataclass(frozen=True, slots=True)
class Annee:
    """L’année est celle de la réception. La transmission se mesure en temps ouvré, la réponse en jours."""

    annee: int
    recues: int
    prolongees: int
    transmissions: Tenus
    reponses: Tenus


def delais_tenus(faits: Iterable[Fait], maintenant: datetime) -> list[Annee]:
    """Une ligne par année, la plus récente d’abord."""
    par_annee: dict[int, list[Fait]] = {}
    for fait in faits:
        par_annee.setdefault(fait.annee, []).append(fait)
    return [_annee(annee, par_annee[annee], maintenant) for annee in sorted(par_annee, reverse=True)]


def _annee(annee: int, faits: list[Fait], maintenant: datetime) -> Annee:
    return Annee(
        annee=annee,
        recues=len(faits),
        prolongees=sum(fait.prolongee for fait in faits),
        transmissions=_transmissions(faits, maintenant),
        reponses=_reponses(faits, maintenant),
    )


def _transmissions(faits: list[Fait], maintenant: datetime) -> Tenus:
    tenues, sur = 0, 0
    durees: list[timedelta] = []
    for fait in faits:
        limite, faite = fait.limite_transmission, fait.transmise_le
        if limite is None:
            continue
        if faite is not None:
            tenues, sur = tenues + (faite <= limite), sur + 1
            durees.append(temps_compte(fait.recue_le, faite, fait.territoire_structure))
        elif fait.repondue_le is None and maintenant > limite:
            sur += 1
    return Tenus(tenues, sur, _mediane(durees))


def _reponses(faits: list[Fait], maintenant: datetime) -> Tenus:
    tenues, sur = 0, 0
    durees: list[timedelta] = []
    for fait in faits:
        zone, faite = fuseau(fait.territoire), fait.repondue_le
        if fait.limite is None:
            continue
        if faite is not None:
            tenues, sur = tenues + (faite <= fait.limite), sur + 1
            durees.append(faite - fait.recue_le.astimezone(zone).date())
        elif not fait.suspendue and maintenant.astimezone(zone).date() > fait.limite:
            sur += 1
    return Tenus(tenues, sur, _mediane(durees))


def _mediane(durees: list[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(duree.total_seconds() for duree in durees)) if durees else None
