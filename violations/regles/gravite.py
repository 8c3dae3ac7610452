"""Deux aides à l’évaluation, jamais converties en décision : l’échelle CNIL et la méthode de l’ENISA.

ENISA, « Recommendations for a methodology of the assessment of severity of personal data breaches »,
2013 : SE = DPC × EI + CB. Ce score ne dit ni le niveau CNIL, ni s’il faut notifier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from violations.enums import Risque


class ContexteDonnees(StrEnum):
    """DPC : ce que disent les données, avant ajustement."""

    SIMPLES = "simples"
    COMPORTEMENT = "comportement"
    FINANCIERES = "financieres"
    SENSIBLES = "sensibles"


class Identification(StrEnum):
    """EI : à quel point on retrouve la personne."""

    NEGLIGEABLE = "negligeable"
    LIMITEE = "limitee"
    IMPORTANTE = "importante"
    MAXIMALE = "maximale"


class Atteinte(StrEnum):
    """CB, pour chacune des trois propriétés."""

    AUCUNE = "aucune"
    LIMITEE = "limitee"  # à des destinataires connus, ou réversible
    ETENDUE = "etendue"  # à un nombre inconnu, ou irréversible


class SeveriteEnisa(StrEnum):
    FAIBLE = "faible"
    MOYENNE = "moyenne"
    ELEVEE = "elevee"
    TRES_ELEVEE = "tres_elevee"


DPC: Mapping[ContexteDonnees, int] = MappingProxyType(
    {
        ContexteDonnees.SIMPLES: 1,
        ContexteDonnees.COMPORTEMENT: 2,
        ContexteDonnees.FINANCIERES: 3,
        ContexteDonnees.SENSIBLES: 4,
    }
)
EI: Mapping[Identification, Decimal] = MappingProxyType(
    {
        Identification.NEGLIGEABLE: Decimal("0.25"),
        Identification.LIMITEE: Decimal("0.5"),
        Identification.IMPORTANTE: Decimal("0.75"),
        Identification.MAXIMALE: Decimal(1),
    }
)
CB: Mapping[Atteinte, Decimal] = MappingProxyType(
    {
        Atteinte.AUCUNE: Decimal(0),
        Atteinte.LIMITEE: Decimal("0.25"),
        Atteinte.ETENDUE: Decimal("0.5"),
    }
)
MALVEILLANCE = Decimal("0.5")
SEUIL_PERSONNES = 100  # au-delà, l’ENISA demande de le signaler à côté du score


@dataclass(frozen=True, slots=True)
class CotationEnisa:
    """``score`` : SE ; ``nombreuses`` et ``inintelligibles`` l’accompagnent sans le changer."""

    dpc: int
    ei: Decimal
    cb: Decimal
    score: Decimal
    severite: SeveriteEnisa
    nombreuses: bool
    inintelligibles: bool


def cotation_enisa(
    contexte: ContexteDonnees,
    identification: Identification,
    *,
    confidentialite: Atteinte = Atteinte.AUCUNE,
    integrite: Atteinte = Atteinte.AUCUNE,
    disponibilite: Atteinte = Atteinte.AUCUNE,
    malveillance: bool = False,
    ajustement: int = 0,
    personnes: int | None = None,
    inintelligibles: bool = False,
) -> CotationEnisa:
    """SE = DPC × EI + CB. ``ajustement`` : de -3 à +3 sur DPC, qui reste entre 1 et 4.

    :raises ValueError: si l’ajustement sort de cet intervalle ou si le nombre est négatif.
    """
    if not -3 <= ajustement <= 3:
        raise ValueError("L’ajustement du contexte va de -3 à +3.")
    if personnes is not None and personnes < 0:
        raise ValueError("Un nombre de personnes n’est pas négatif.")
    dpc = min(4, max(1, DPC[contexte] + ajustement))
    cb = CB[confidentialite] + CB[integrite] + CB[disponibilite] + (MALVEILLANCE if malveillance else 0)
    score = dpc * EI[identification] + cb
    return CotationEnisa(
        dpc,
        EI[identification],
        cb,
        score,
        _severite(score),
        personnes is not None and personnes > SEUIL_PERSONNES,
        inintelligibles,
    )


def _severite(score: Decimal) -> SeveriteEnisa:
    if score < 2:
        return SeveriteEnisa.FAIBLE
    if score < 3:
        return SeveriteEnisa.MOYENNE
    return SeveriteEnisa.ELEVEE if score < 4 else SeveriteEnisa.TRES_ELEVEE


@dataclass(frozen=True, slots=True)
class Obligations:
    """Ce que demande le droit pour un risque donné ; la décision reste au responsable (art. 24)."""

    documenter: bool
    notifier: bool
    informer: bool
    source: str


_ORDRE = (Risque.IMPROBABLE, Risque.PROBABLE, Risque.ELEVE)


def obligations(risque: Risque, seuil: Risque = Risque.PROBABLE) -> Obligations:
    """Documenter toujours (art. 33-5), notifier sauf risque improbable (33-1), informer si élevé (34-1).

    ``seuil`` : le risque à partir duquel notifier, tiré des paramètres en vigueur à T0.
    """
    return Obligations(
        documenter=True,
        notifier=_ORDRE.index(risque) >= _ORDRE.index(seuil),
        informer=risque == Risque.ELEVE,
        source="RGPD, art. 33-1, 33-5 et 34-1",
    )
