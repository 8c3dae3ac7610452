"""Droit × base légale : une aide à la lecture, jamais un rejet.

Tableau publié par la CNIL. Un droit « exclu » l’est en principe : le responsable lit la demande, regarde le
traitement et décide (RGPD art. 12-4 : un refus se motive).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Ouverture(StrEnum):
    OUVERT = "ouvert"
    CONDITION = "condition"
    EXCLU = "exclu"


class Indication(NamedTuple):
    """Ce que le tableau dit d’un droit pour une base ; ``pourquoi`` cite l’article."""

    ouverture: Ouverture
    pourquoi: str = ""


class _Regle(NamedTuple):
    """Ce qui vaut pour ces bases (lettres de l’article 6-1), et ce qui vaut pour les autres."""

    bases: str
    pour_elles: Indication
    sinon: Indication


_OUI = Indication(Ouverture.OUVERT)
_TOUJOURS = _Regle("abcdef", _OUI, _OUI)


def _si(pourquoi: str) -> Indication:
    return Indication(Ouverture.CONDITION, pourquoi)


def _non(pourquoi: str) -> Indication:
    return Indication(Ouverture.EXCLU, pourquoi)


# Les droits sont ceux de ``subtraitance.enums.Droit``.
_REGLES: Mapping[str, _Regle] = MappingProxyType(
    {
        "acces": _TOUJOURS,
        "rectification": _TOUJOURS,
        "limitation": _TOUJOURS,
        "effacement": _Regle(
            "abdf",
            _si("Si un motif de l’article 17-1 est rempli"),
            _non("Obligation légale ou mission d’intérêt public (art. 17-3 b)"),
        ),
        "portabilite": _Regle(
            "ab",
            _si("Traitement automatisé, données qu’elle a fournies (art. 20-1)"),
            _non("Seulement si la base est le consentement ou le contrat (art. 20-1)"),
        ),
        "opposition": _Regle(
            "ef",
            _si("Pour des raisons tenant à sa situation (art. 21-1)"),
            _non("Seulement pour une mission publique ou un intérêt légitime (art. 21-1)"),
        ),
        "retrait": _Regle("a", _OUI, _non("Il n’y a pas de consentement à retirer (art. 7-3)")),
    }
)
RETRAIT_VAUT_OPPOSITION = _si("Elle retire son consentement (art. 7-3)")
HORS_TABLEAU = _si("À examiner au cas par cas")


def indication(droit: str, base: str) -> Indication:
    """Ce que dit le tableau ; ce qu’il ne couvre pas s’examine au cas par cas."""
    if (droit, base) == ("opposition", "a"):
        return RETRAIT_VAUT_OPPOSITION
    regle = _REGLES.get(droit)
    if regle is None:
        return HORS_TABLEAU
    return regle.pour_elles if base in regle.bases else regle.sinon
