"""À qualifier d’abord : le texte qui régit une demande, son délai s’il est connu, et où la contester.

Un délai ou un recours que rien ne source ici reste vide : l’écran renvoie au texte plutôt que d’inventer.
Tant qu’une demande n’est pas qualifiée, son mois se compte par prudence, mais rien ne s’affirme de son texte.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from dpd.regles.mois import meme_quantieme
from subtraitance.enums import RegimeDemande
from subtraitance.regles.recours import CADA, CNIL, Recours

A_QUALIFIER = "un mois par prudence, tant qu’elle n’est pas qualifiée"


@dataclass(frozen=True, slots=True)
class Regime:
    """``mois`` : le délai de réponse depuis la réception ; ``prolongeable`` : suit l’article 12-3 du RGPD.

    ``recours`` : où contester un refus ou un silence ; vide, personne ne le dit ici.
    """

    texte: str
    mois: int | None
    prolongeable: bool
    conseil: str
    recours: Recours | None = None


REGIMES: Mapping[RegimeDemande, Regime] = MappingProxyType(
    {
        RegimeDemande.RGPD: Regime(
            "RGPD, art. 12-3",
            1,
            True,
            "Une personne agit sur ses propres données\u00a0: un mois, sans frais.",
            CNIL,
        ),
        RegimeDemande.CADA: Regime(
            "CRPA, art. L.311-1 et R.311-13",
            1,
            False,
            "Un document de la mairie\u00a0: un mois de silence vaut refus, puis la CADA sous deux mois.",
            CADA,
        ),
        RegimeDemande.ETAT_CIVIL: Regime(
            "Textes de l’état civil",
            None,
            False,
            "Un acte se demande au service de l’état civil, selon ses propres règles.",
        ),
        RegimeDemande.LISTE_ELECTORALE: Regime(
            "Code électoral, art. L.37",
            None,
            False,
            "La liste électorale se consulte et se copie selon le code électoral.",
        ),
    }
)


def regime_qualifie(valeur: str) -> Regime | None:
    """Celui d’une demande qualifiée ; ``None`` avant : rien ne s’affirme."""
    return REGIMES[RegimeDemande(valeur)] if valeur else None


def suit_le_rgpd(valeur: str) -> bool:
    """Vrai d’une demande qualifiée ainsi : elle seule se suspend, se prolonge, et relève de la CNIL."""
    regime = regime_qualifie(valeur)
    return regime is not None and regime.prolongeable


def recours_de(valeur: str) -> Recours | None:
    """La voie de ce régime ; ``None`` s’il n’est pas choisi, ou si rien ici ne la source."""
    regime = regime_qualifie(valeur)
    return regime.recours if regime else None


def texte_dit(valeur: str) -> str:
    """Le texte que l’on peut citer à côté d’une date limite."""
    regime = regime_qualifie(valeur)
    return regime.texte if regime else A_QUALIFIER


def echeance_du_regime(regime: Regime, reception: date) -> date | None:
    """Le dernier jour pour répondre hors RGPD, sans compter sur un report ; ``None`` s’il n’est pas connu."""
    return None if regime.mois is None else meme_quantieme(reception, regime.mois)
