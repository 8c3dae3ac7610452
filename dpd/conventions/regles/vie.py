"""Ce que devient une convention : sa fin, son état, les exercices qu’elle couvre, sa phase."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dpd.conventions.enums import Reconduction, ReglePhase
from dpd.conventions.regles.clauses import Clauses, echeance
from dpd.conventions.regles.tarifs import Phase
from dpd.regles.delais import date_limite_preavis
from dpd.regles.mois import meme_quantieme

_VEILLE = timedelta(days=1)


class EtatConvention(StrEnum):
    """``ETEINTE`` : arrivée à son terme ; ``TERMINEE`` : quelqu’un y a mis fin avant.

    ``ABANDONNEE`` : le projet n’a jamais été signé par les deux parties.
    """

    PROJET = "projet"
    ABANDONNEE = "abandonnee"
    A_VENIR = "a_venir"
    EN_VIGUEUR = "en_vigueur"
    DENONCEE = "denoncee"
    ETEINTE = "eteinte"
    TERMINEE = "terminee"

    @property
    def label(self) -> str:
        return LIBELLES[self]


LIBELLES = {
    EtatConvention.PROJET: "À signer",
    EtatConvention.ABANDONNEE: "Projet abandonné",
    EtatConvention.A_VENIR: "Signée, pas encore en vigueur",
    EtatConvention.EN_VIGUEUR: "En vigueur",
    EtatConvention.DENONCEE: "Dénoncée, encore en vigueur",
    EtatConvention.ETEINTE: "Éteinte",
    EtatConvention.TERMINEE: "Terminée",
}


def dernier_jour(
    clauses: Clauses, effet: date | None, *, renouvellements: int = 0, fin_anticipee: date | None = None
) -> date | None:
    """Le dernier jour en vigueur, ou ``None`` si rien ne met encore fin à la convention.

    Une reconduction tacite n’a pas de fin tant que personne ne dénonce ; un renouvellement exprès non
    notifié éteint la convention à son terme, sans qu’il faille le constater.
    """
    if effet is None:
        return None
    terme = None
    if clauses.reconduction != Reconduction.TACITE:
        rang = 1 + (renouvellements if clauses.reconduction == Reconduction.EXPRESSE else 0)
        terme = echeance(clauses, effet, rang) - _VEILLE
    return min((f for f in (terme, fin_anticipee) if f is not None), default=None)


def etat(effet: date | None, fin: date | None, fin_anticipee: date | None, jour: date) -> EtatConvention:
    """L’état à une date. ``fin`` : le dernier jour ; ``fin_anticipee`` : celui d’une dénonciation."""
    if effet is None:
        return EtatConvention.PROJET
    if fin is not None and jour > fin:
        return EtatConvention.TERMINEE if fin == fin_anticipee else EtatConvention.ETEINTE
    if jour < effet:
        return EtatConvention.A_VENIR
    return EtatConvention.DENONCEE if fin_anticipee is not None else EtatConvention.EN_VIGUEUR


@dataclass(frozen=True, slots=True)
class FenetreRenouvellement:
    """Notifier au plus tard le ``limite`` ; ``agir_avant`` est le dernier jour ouvré qui précède."""

    echeance: date
    limite: date
    agir_avant: date


def fenetre_de_renouvellement(clauses: Clauses, effet: date, renouvellements: int) -> FenetreRenouvellement:
    """Jusqu’à quand renouveler expressément la période en cours.

    À rebours de l’échéance, même quantième ou fin de mois, jamais reportée après un jour non ouvré.

    :raises ValueError: si la convention n’est pas à renouvellement exprès.
    """
    if clauses.reconduction != Reconduction.EXPRESSE or not clauses.renouvellement_mois:
        raise ValueError("Cette convention ne se renouvelle pas expressément.")
    visee = echeance(clauses, effet, 1 + renouvellements)
    mois = clauses.renouvellement_mois
    agir_avant = date_limite_preavis(visee, mois, clauses.territoire)
    return FenetreRenouvellement(visee, meme_quantieme(visee, -mois), agir_avant)


def exercices(effet: date | None, fin: date | None, jusqu_a: int) -> range:
    """Les exercices civils touchés, du premier à ``jusqu_a`` ou à celui de la fin.

    Un exercice se compte en entier, aussi deux conventions d’une même collectivité ne peuvent-elles en
    partager un.
    """
    if effet is None:
        return range(0)
    dernier = jusqu_a if fin is None else min(jusqu_a, fin.year)
    return range(effet.year, dernier + 1)


def partagent_un_exercice(premiere: tuple[date, date | None], seconde: tuple[date, date | None]) -> bool:
    """Vrai si deux conventions (effet, dernier jour) touchent le même exercice civil."""
    debut = max(premiere[0].year, seconde[0].year)
    fins = [fin.year for _, fin in (premiere, seconde) if fin is not None]
    return not fins or debut <= min(fins)


def phase_de_l_exercice(exercice: int, *, effet: date, bascule_le: date | None, regle: ReglePhase) -> Phase:
    """La phase que paie un exercice.

    ``PREMIER_EXERCICE`` : celui de la date d’effet est la mise en place, les suivants l’accompagnement.
    ``BASCULE`` : la mise en place jusqu’à l’exercice de la bascule compris.
    """
    if regle == ReglePhase.PREMIER_EXERCICE:
        return Phase.MISE_EN_PLACE if exercice <= effet.year else Phase.ACCOMPAGNEMENT
    passee = bascule_le is not None and bascule_le.year < exercice
    return Phase.ACCOMPAGNEMENT if passee else Phase.MISE_EN_PLACE


def phase_au_jour(jour: date, *, effet: date, bascule_le: date | None, regle: ReglePhase) -> Phase:
    """La phase où l’on est un jour donné ; une bascule décidée l’emporte toujours."""
    if bascule_le is not None:
        return Phase.ACCOMPAGNEMENT if jour >= bascule_le else Phase.MISE_EN_PLACE
    if regle == ReglePhase.PREMIER_EXERCICE and jour >= meme_quantieme(effet, 12):
        return Phase.ACCOMPAGNEMENT
    return Phase.MISE_EN_PLACE
