"""La vie d’un devis : la collectivité demande, la structure étudie et propose, la collectivité décide."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class EtatDevis(StrEnum):
    DEMANDE = "demande"
    AUDIT = "audit"
    PROPOSE = "propose"
    ACCEPTE = "accepte"
    REFUSE = "refuse"
    DECLINE = "decline"
    RETIRE = "retire"

    @property
    def label(self) -> str:
        return LIBELLES[self]


LIBELLES: Mapping[EtatDevis, str] = MappingProxyType(
    {
        EtatDevis.DEMANDE: "Demandé",
        EtatDevis.AUDIT: "Besoins à l’étude",
        EtatDevis.PROPOSE: "Proposé, à décider",
        EtatDevis.ACCEPTE: "Accepté",
        EtatDevis.REFUSE: "Refusé par la collectivité",
        EtatDevis.DECLINE: "Décliné par la structure",
        EtatDevis.RETIRE: "Demande retirée",
    }
)


class GesteDevis(StrEnum):
    ETUDIER = "etudier"
    PROPOSER = "proposer"
    REPRENDRE = "reprendre"  # la proposition est à revoir
    ACCEPTER = "accepter"
    REFUSER = "refuser"
    DECLINER = "decliner"  # faute de moyens : la structure peut ne pas donner suite
    RETIRER = "retirer"


class Transition(NamedTuple):
    suivant: EtatDevis
    par_la_structure: bool
    motif_obligatoire: bool = False


_D, _G = EtatDevis, GesteDevis
TRANSITIONS: Mapping[tuple[EtatDevis, GesteDevis], Transition] = MappingProxyType(
    {
        (_D.DEMANDE, _G.ETUDIER): Transition(_D.AUDIT, par_la_structure=True),
        (_D.AUDIT, _G.PROPOSER): Transition(_D.PROPOSE, par_la_structure=True),
        (_D.PROPOSE, _G.REPRENDRE): Transition(_D.AUDIT, par_la_structure=True, motif_obligatoire=True),
        (_D.DEMANDE, _G.DECLINER): Transition(_D.DECLINE, par_la_structure=True, motif_obligatoire=True),
        (_D.AUDIT, _G.DECLINER): Transition(_D.DECLINE, par_la_structure=True, motif_obligatoire=True),
        (_D.PROPOSE, _G.ACCEPTER): Transition(_D.ACCEPTE, par_la_structure=False),
        (_D.PROPOSE, _G.REFUSER): Transition(_D.REFUSE, par_la_structure=False, motif_obligatoire=True),
        (_D.DEMANDE, _G.RETIRER): Transition(_D.RETIRE, par_la_structure=False, motif_obligatoire=True),
        (_D.AUDIT, _G.RETIRER): Transition(_D.RETIRE, par_la_structure=False, motif_obligatoire=True),
    }
)


def suite(etat: EtatDevis, geste: GesteDevis, *, motif: str = "") -> EtatDevis:
    """L’état où mène un geste.

    :raises ValueError: si le geste n’est pas permis dans cet état, ou si son motif manque.
    """
    transition = TRANSITIONS.get((etat, geste))
    if transition is None:
        raise ValueError(f"Ce geste n’est pas permis\u00a0: le devis est «\u00a0{etat.label}\u00a0».")
    if transition.motif_obligatoire and not motif.strip():
        raise ValueError("Dites pourquoi\u00a0: l’autre partie doit pouvoir le comprendre.")
    return transition.suivant


def gestes_permis(etat: EtatDevis, *, structure: bool) -> list[GesteDevis]:
    """Les gestes ouverts à la structure, ou à la collectivité."""
    return [g for (e, g), t in TRANSITIONS.items() if e == etat and t.par_la_structure == structure]


def est_expiree(valable_jusqu_au: date | None, jour: date) -> bool:
    """Vrai passé le dernier jour où une proposition s’accepte ; sans date, elle n’expire pas."""
    return valable_jusqu_au is not None and jour > valable_jusqu_au
