"""Dessiner un délai heure par heure, les jours fermés hachurés."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise

from dpd.regles.calendrier import Territoire, est_ouvre, fuseau
from dpd.regles.typographie import INSECABLE, heure
from subtraitance.regles.frises_formes import (
    CASES_MAX,
    LARGEUR_D_UN_MOT,
    UN_JOUR,
    Case,
    Frise,
    Mot,
    Nature,
    jour_court,
    pas_pour,
    place,
    pourcent,
)
from subtraitance.regles.frises_phrases import jour_dit, jours_fermes_dits, phrase_heures

HEURE, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Part:
    """Un morceau du temps réel, tout entier ouvert ou tout entier fermé ; instants en UTC."""

    debut: datetime
    fin: datetime
    ouvert: bool
    jours: tuple[date, ...]


def temps_compte(debut: datetime, fin: datetime, territoire: Territoire) -> timedelta:
    """Le temps ouvré entre deux instants : du lundi au vendredi non férié, 24 heures par jour.

    :raises ValueError: si un instant est naïf.
    """
    parts = _parts(_en_utc(debut), _en_utc(fin), territoire)
    return sum((part.fin - part.debut for part in parts if part.ouvert), timedelta())


def frise_heures(
    t0: datetime, echeance: datetime, maintenant: datetime, territoire: Territoire
) -> tuple[Case, ...]:
    """Une case par heure ouvrée ; une seule, hachurée, par suite de jours fermés.

    ``maintenant`` : l’instant où l’on regarde, ou celui qui a arrêté l’horloge. Une heure est écoulée une
    fois finie ; un retard se voit dès sa première minute.

    :raises ValueError: si un instant est naïf.
    """
    depart, terme, vu = _en_utc(t0), _en_utc(echeance), _en_utc(maintenant)
    fin = max(terme, vu, depart + MINUTE)
    pas = pas_pour((fin - depart) / HEURE) * HEURE
    cases: list[Case] = []
    for part in _parts(depart, fin, territoire):
        if not part.ouvert:
            ou = place(part.debut - depart, part.fin - depart, fin - depart, entiere=True)
            cases.append(Case(*ou, Nature.NEUTRE, jours_fermes_dits(part.jours, territoire)))
            continue
        for debut, suite in _decouper(part, pas, terme):
            nature = Nature.HORS if debut >= terme else Nature.PLEIN if suite <= vu else Nature.RESTE
            local = debut.astimezone(fuseau(territoire))
            ou = place(debut - depart, suite - depart, fin - depart)
            cases.append(Case(*ou, nature, f"{jour_dit(local.date())}, {heure(local)}"))
    return tuple(cases)


def dessin_heures(
    t0: datetime,
    echeance: datetime,
    maintenant: datetime,
    territoire: Territoire,
    *,
    arretee_le: datetime | None = None,
) -> Frise:
    """La frise des heures avec ses jours et sa phrase ; arrêtée, elle montre l’instant qui l’a arrêtée."""
    depart, terme, vu = _en_utc(t0), _en_utc(echeance), _en_utc(arretee_le or maintenant)
    fin = max(terme, vu, depart + MINUTE)
    total, zone = fin - depart, fuseau(territoire)
    bornes = [depart, *_minuits(depart, fin, territoire), fin]
    larges = [(d, f) for d, f in pairwise(bornes) if (f - d) / total >= LARGEUR_D_UN_MOT]
    limites = bornes[1:-1] if len(bornes) <= CASES_MAX else []
    if depart < terme < fin:
        limites.append(terme)
    fermes = tuple(j for p in _parts(depart, max(terme, depart), territoire) if not p.ouvert for j in p.jours)
    return Frise(
        cases=frise_heures(t0, echeance, arretee_le or maintenant, territoire),
        limites=tuple(pourcent((limite - depart) / total) for limite in limites),
        mots=tuple(
            Mot(pourcent((d - depart + (f - d) / 2) / total), jour_court(d.astimezone(zone).date()))
            for d, f in larges
        ),
        debut=_repere_heure(depart.astimezone(zone)),
        fin=_repere_heure(fin.astimezone(zone), minuit_la_veille=True),
        maintenant="" if arretee_le else pourcent(max(vu - depart, timedelta()) / total),
        phrase=phrase_heures(
            temps_compte(depart, min(vu, terme), territoire),
            temps_compte(depart, terme, territoire),
            max(vu - terme, timedelta()),
            fermes,
            territoire,
        ),
    )


def _parts(debut: datetime, fin: datetime, territoire: Territoire) -> Iterator[_Part]:
    """Le temps de ``debut`` à ``fin``, coupé là où l’on passe d’un jour ouvré à un jour fermé."""
    zone = fuseau(territoire)
    bornes = [debut, *_minuits(debut, fin, territoire), fin]
    jours = [(d, f, d.astimezone(zone).date()) for d, f in pairwise(bornes) if d < f]
    for ouvert, suite in groupby(jours, key=lambda trois: est_ouvre(trois[2], territoire)):
        liste = list(suite)
        yield _Part(liste[0][0], liste[-1][1], ouvert, tuple(j for _, _, j in liste))


def _decouper(part: _Part, pas: timedelta, terme: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Une part ouverte, pas à pas ; l’échéance y coupe une case, et la dernière est ce qui reste."""
    debut = part.debut
    while debut < part.fin:
        suite = min(debut + pas, part.fin)
        if debut < terme < suite:
            suite = terme
        yield debut, suite
        debut = suite


def _minuits(debut: datetime, fin: datetime, territoire: Territoire) -> Iterator[datetime]:
    """Les minuits du territoire strictement entre deux instants, en UTC."""
    zone = fuseau(territoire)
    jour = debut.astimezone(zone).date() + UN_JOUR
    while (minuit := datetime(jour.year, jour.month, jour.day, tzinfo=zone).astimezone(UTC)) < fin:
        yield minuit
        jour += UN_JOUR


def _en_utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("Un instant à dessiner doit porter son fuseau horaire.")
    return instant.astimezone(UTC)


def _repere_heure(local: datetime, *, minuit_la_veille: bool = False) -> str:
    """« Ven. 20, 16 h 30 » ; un délai qui finit à minuit finit la veille à 24 h 00."""
    if minuit_la_veille and (local.hour, local.minute) == (0, 0):
        return f"{jour_court(local.date() - UN_JOUR).capitalize()}, 24{INSECABLE}h{INSECABLE}00"
    return f"{jour_court(local.date()).capitalize()}, {heure(local)}"
