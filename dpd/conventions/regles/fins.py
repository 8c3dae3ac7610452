"""La fin qu’une demande obtient : dénonciation, hausse, commun accord ou dissolution."""

from dataclasses import dataclass
from datetime import date

from dpd.conventions.enums import CauseFin, Partie, Preavis
from dpd.conventions.regles.clauses import Clauses
from dpd.conventions.regles.denonciation import HorsDelai, fin_apres_denonciation, fin_apres_hausse
from dpd.conventions.regles.en_clair import le_jour

REGLES_SANS_DELAI = {
    CauseFin.ACCORD: "d’un commun accord, à la date convenue",
    CauseFin.DISSOLUTION: "par dissolution d’une partie, à sa date",
}


@dataclass(frozen=True, slots=True)
class Demande:
    """``fin_voulue`` : celle de la lettre, ou celle dont on convient ; ``hausse_le`` : sa notification."""

    cause: CauseFin
    par: Partie
    notifiee_le: date
    fin_voulue: date | None = None
    hausse_le: date | None = None


@dataclass(frozen=True, slots=True)
class Fin:
    """Le dernier jour en vigueur, et la règle qui le donne, article compris."""

    jour: date
    regle: str


def fin_retenue(clauses: Clauses, effet: date, demande: Demande) -> Fin:
    """Le dernier jour en vigueur que donne une demande.

    :raises HorsDelai: trop tard ; l’exception porte la règle, l’article et la première fin possible.
    :raises ValueError: si la demande n’est pas de celles que la convention permet.
    """
    if demande.cause in REGLES_SANS_DELAI:
        return _convenue(effet, demande)
    if demande.cause == CauseFin.HAUSSE:
        return _apres_hausse(clauses, effet, demande)
    return _ordinaire(clauses, effet, demande)


def _convenue(effet: date, demande: Demande) -> Fin:
    if demande.fin_voulue is None:
        raise ValueError("Indiquez le dernier jour en vigueur.")
    if demande.fin_voulue < effet:
        raise ValueError(f"Une convention ne finit pas avant d’avoir pris effet, le {le_jour(effet)}.")
    return Fin(demande.fin_voulue, REGLES_SANS_DELAI[demande.cause])


def _apres_hausse(clauses: Clauses, effet: date, demande: Demande) -> Fin:
    if demande.par != Partie.COLLECTIVITE:
        raise ValueError("Seule la collectivité dénonce après une hausse de tarif.")
    if demande.hausse_le is None:
        raise ValueError("Choisissez la hausse notifiée.")
    ouverte = fin_apres_hausse(clauses, demande.hausse_le, demande.notifiee_le)
    return Fin(max(ouverte.fin, effet), ouverte.regle)


def _ordinaire(clauses: Clauses, effet: date, demande: Demande) -> Fin:
    voulue = demande.fin_voulue
    ouverte = fin_apres_denonciation(clauses, effet, demande.par, demande.notifiee_le, voulue)
    if voulue is None or voulue == ouverte.fin:
        return Fin(ouverte.fin, ouverte.regle)
    if clauses.preavis == Preavis.GLISSANT:
        return Fin(voulue, ouverte.regle)
    raise HorsDelai(
        f"Cette convention ne prend pas fin le {le_jour(voulue)}\u00a0: elle se dénonce {ouverte.regle}. "
        f"La fin qui suit cette notification est le {le_jour(ouverte.fin)}.",
        ouverte,
    )
