"""À qualifier d’abord : le texte qui régit une demande, son délai s’il est connu, et où la porter.

Un délai que rien ne source ici reste vide : l’écran renvoie au texte plutôt que d’inventer un chiffre.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from dpd.regles.mois import meme_quantieme
from subtraitance.enums import RegimeDemande


@dataclass(frozen=True, slots=True)
class Regime:
    """``mois`` : le délai de réponse depuis la réception ; ``prolongeable`` : suit l’article 12-3 du RGPD."""

    texte: str
    mois: int | None
    prolongeable: bool
    conseil: str


REGIMES: Mapping[RegimeDemande, Regime] = MappingProxyType(
    {
        RegimeDemande.RGPD: Regime(
            "RGPD, art. 12-3",
            1,
            True,
            "Une personne agit sur ses propres données\u00a0: un mois, sans frais.",
        ),
        RegimeDemande.CADA: Regime(
            "CRPA, art. L.311-1 et R.311-13",
            1,
            False,
            "Un document de la mairie\u00a0: un mois de silence vaut refus, puis la CADA sous deux mois.",
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


def echeance_du_regime(regime: Regime, reception: date) -> date | None:
    """Le dernier jour pour répondre hors RGPD, sans compter sur un report ; ``None`` s’il n’est pas connu."""
    return None if regime.mois is None else meme_quantieme(reception, regime.mois)
