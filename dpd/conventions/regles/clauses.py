"""Les clauses d’une convention, telles que son texte les pose : des valeurs, aucune date de collectivité."""

from dataclasses import dataclass
from datetime import date

from dpd.conventions.enums import Depart, Forme, Partie, Preavis, Reconduction
from dpd.regles.calendrier import Territoire
from dpd.regles.mois import meme_quantieme

JourMois = tuple[int, int]  # (mois, jour)


@dataclass(frozen=True, slots=True)
class Clauses:
    """``duree_mois`` nulle : sans terme. Les articles disent d’où vient chaque clause, pour l’afficher.

    ``territoire`` : celui dont les jours fériés ferment les bureaux, avant une date limite.
    """

    depart: Depart
    reconduction: Reconduction
    preavis: Preavis
    forme: Forme
    duree_mois: int | None = None
    date_fixe: date | None = None
    renouvellement_mois: int | None = None
    preavis_mois: int | None = None
    limite_collectivite: JourMois | None = None
    limite_structure: JourMois | None = None
    fin_annuelle: JourMois | None = None
    hausse_mois: int | None = None
    article_duree: str = ""
    article_denonciation: str = ""
    article_hausse: str = ""
    territoire: Territoire = Territoire.METROPOLE

    def limite(self, partie: Partie) -> JourMois | None:
        return self.limite_collectivite if partie == Partie.COLLECTIVITE else self.limite_structure


def manques_par_champ(clauses: Clauses) -> list[tuple[str, str]]:
    """(clause, phrase) de tout ce qui manque ou se contredit ; vide si les clauses se tiennent."""
    regles = (
        (
            clauses.depart == Depart.DATE_FIXE and clauses.date_fixe is None,
            "date_fixe",
            "Une convention à date fixe demande cette date.",
        ),
        (
            clauses.reconduction != Reconduction.TACITE and clauses.duree_mois is None,
            "duree_mois",
            "Une convention qui ne se reconduit pas tacitement a une durée.",
        ),
        (
            clauses.duree_mois is not None and clauses.duree_mois < 1,
            "duree_mois",
            "La durée compte au moins un mois.",
        ),
        (
            clauses.reconduction == Reconduction.EXPRESSE and not clauses.renouvellement_mois,
            "renouvellement_mois",
            "Un renouvellement exprès demande combien de mois avant l’échéance il se notifie.",
        ),
        (
            clauses.preavis != Preavis.DATES_FIXES and not clauses.preavis_mois,
            "preavis_mois",
            "Ce préavis demande un nombre de mois.",
        ),
        (
            clauses.preavis == Preavis.AVANT_ECHEANCE and clauses.duree_mois is None,
            "duree_mois",
            "Un préavis avant l’échéance demande une durée.",
        ),
        (
            clauses.preavis == Preavis.DATES_FIXES
            and not (clauses.limite_collectivite and clauses.limite_structure and clauses.fin_annuelle),
            "limite_collectivite",
            "Des dates fixes demandent celle de chaque partie, et celle de l’effet.",
        ),
    )
    return [(champ, phrase) for fautive, champ, phrase in regles if fautive]


def manques(clauses: Clauses) -> list[str]:
    """Ce qui manque ou se contredit, en phrases ; vide si les clauses se tiennent."""
    return [phrase for _, phrase in manques_par_champ(clauses)]


def date_effet(clauses: Clauses, signatures: tuple[date | None, date | None]) -> date | None:
    """La date d’effet, une fois signée par les deux parties ; ``None`` tant qu’une signature manque."""
    collectivite, structure = signatures
    if collectivite is None or structure is None:
        return None
    return clauses.date_fixe if clauses.depart == Depart.DATE_FIXE else max(collectivite, structure)


def echeance(clauses: Clauses, effet: date, rang: int) -> date:
    """Le premier jour qui suit la période de rang donné (1 pour la première).

    Comptée depuis la date d’effet, jamais depuis l’échéance précédente : une convention du 29 février
    échoit le 28 les années communes et de nouveau le 29.

    :raises ValueError: si la convention n’a pas de durée ou si le rang n’est pas positif.
    """
    if clauses.duree_mois is None or rang < 1:
        raise ValueError("Une convention sans durée n’a pas d’échéance.")
    return meme_quantieme(effet, clauses.duree_mois * rang)


def rang_de_periode(clauses: Clauses, effet: date, jour: date) -> int:
    """Le rang de la période qui contient ``jour`` ; 1 avant l’effet."""
    rang = 1
    while echeance(clauses, effet, rang) <= jour:
        rang += 1
    return rang


def prochaine_echeance(clauses: Clauses, effet: date, jour: date) -> date | None:
    """La première échéance après ``jour`` ; ``None`` si la convention n’a pas de durée."""
    if clauses.duree_mois is None:
        return None
    return echeance(clauses, effet, rang_de_periode(clauses, effet, jour))
