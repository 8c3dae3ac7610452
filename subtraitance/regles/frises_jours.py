"""Dessiner un délai jour par jour, la suspension et le report hachurés."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby, pairwise

from dpd.regles.calendrier import Territoire
from dpd.regles.typographie import INSECABLE, MOIS_COURTS
from subtraitance.regles.frises_formes import (
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
from subtraitance.regles.frises_phrases import jour_dit, jours_fermes_dits, phrase_jours
from subtraitance.regles.horloges import Suspension

SUSPENDU, REPORT = "délai suspendu", "échéance reportée au jour ouvré"


def frise_jours(
    debut: date,
    echeance: date,
    jour: date,
    territoire: Territoire,
    suspensions: Sequence[Suspension] = (),
    *,
    terme: date | None = None,
) -> tuple[Case, ...]:
    """Une case par jour du lendemain de ``debut`` à l’échéance ; suspension et report sont hachurés.

    :param jour: celui où l’on regarde : il est encore à venir. Une suspension en cours dure jusqu’à lui.
    :param terme: le dernier jour avant le report au jour ouvré ; vide s’il n’y a pas de report à montrer.
    """
    fin = max(echeance, jour, debut + UN_JOUR)
    total = (fin - debut).days
    jours = [debut + n * UN_JOUR for n in range(1, total + 1)]
    etats = [(_nature_du_jour(j, echeance, jour, suspensions, terme or echeance), j) for j in jours]
    pas = pas_pour(total)
    cases: list[Case] = []
    for (nature, quoi), groupe in groupby(etats, key=lambda paire: paire[0]):
        suite = [j for _, j in groupe]
        taille = len(suite) if nature is Nature.NEUTRE else pas
        for rang in range(0, len(suite), taille):
            part = suite[rang : rang + taille]
            avant, apres = part[0] - UN_JOUR - debut, part[-1] - debut
            dits = jours_fermes_dits(part[:1], territoire)
            dits += f" à {jour_dit(part[-1])}" if len(part) > 1 else ""
            ou = place(avant, apres, fin - debut, entiere=quoi == SUSPENDU)
            cases.append(Case(*ou, nature, f"{dits}, {quoi}" if quoi else dits))
    return tuple(cases)


def dessin_jours(
    debut: date,
    echeance: date,
    jour: date,
    territoire: Territoire,
    suspensions: Sequence[Suspension] = (),
    *,
    terme: date | None = None,
    arrete_le: date | None = None,
) -> Frise:
    """La frise des jours avec ses mois et sa phrase ; arrêtée, elle montre le jour qui l’a arrêtée."""
    vu = jour if arrete_le is None else arrete_le
    # Le jour qui a arrêté le délai est écoulé ; celui où l’on regarde est encore à venir.
    borne = vu if arrete_le is None or vu > echeance else vu + UN_JOUR
    fin = max(echeance, vu, debut + UN_JOUR)
    total = fin - debut
    bornes = [debut, *_fins_de_mois(debut, fin), fin]
    mots = [(d, f) for d, f in pairwise(bornes) if (f - d) / total >= LARGEUR_D_UN_MOT]
    limites = [*bornes[1:-1], *([echeance] if debut < echeance < fin else [])]
    jours = (debut + n * UN_JOUR for n in range(1, total.days + 1))
    natures = [_nature_du_jour(j, echeance, borne, suspensions, echeance)[0] for j in jours]
    return Frise(
        cases=frise_jours(debut, echeance, borne, territoire, suspensions, terme=terme),
        limites=tuple(pourcent((limite - debut) / total) for limite in limites),
        mots=tuple(Mot(pourcent(((d - debut) + (f - debut)) / 2 / total), _mois(f)) for d, f in mots),
        debut=_repere_jour(debut),
        fin=_repere_jour(fin),
        maintenant="" if arrete_le else pourcent(max((vu - debut).days - 0.5, 0) / total.days),
        phrase=phrase_jours(
            natures.count(Nature.PLEIN),
            (echeance - debut).days,
            (vu - echeance).days,
            sum(nature is Nature.NEUTRE for nature in natures),
            (terme or echeance, echeance),
            territoire,
        ),
    )


def _nature_du_jour(
    j: date, echeance: date, vu: date, suspensions: Sequence[Suspension], terme: date
) -> tuple[Nature, str]:
    if j > echeance:
        return Nature.HORS, "hors délai"
    if any(s.debut < j <= (s.fin or max(vu, s.debut)) for s in suspensions):
        return Nature.NEUTRE, SUSPENDU
    if j > terme:
        return Nature.NEUTRE, REPORT
    return (Nature.PLEIN if j < vu else Nature.RESTE), ""


def _fins_de_mois(debut: date, fin: date) -> list[date]:
    """Les derniers jours de mois strictement entre deux dates."""
    jours = (debut + n * UN_JOUR for n in range(1, (fin - debut).days))
    return [jour for jour in jours if (jour + UN_JOUR).day == 1]


def _mois(jour: date) -> str:
    return MOIS_COURTS[jour.month - 1]


def _repere_jour(jour: date) -> str:
    """« Ven. 20 nov. »."""
    return f"{jour_court(jour).capitalize()}{INSECABLE}{_mois(jour)}"
