"""La vie d’une violation : rien ne se supprime, une violation se clôt une fois décidée."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from violations.enums import EtatViolation as Etat


class Geste(StrEnum):
    RENDRE_AVIS = "rendre_avis"
    DECIDER = "decider"
    NOTIFIER = "notifier"
    COMPLETER = "completer"
    CLORE = "clore"
    ROUVRIR = "rouvrir"


class Transition(NamedTuple):
    suivant: Etat
    roles: frozenset[str]
    motif_obligatoire: bool = False


_REFERENT, _DECIDEUR, _DPD = frozenset({"referent"}), frozenset({"decideur"}), frozenset({"dpd"})
_TENIR = _REFERENT | _DPD

TRANSITIONS: Mapping[tuple[Etat, Geste], Transition] = MappingProxyType(
    {
        (Etat.DECLAREE, Geste.RENDRE_AVIS): Transition(Etat.A_DECIDER, _DPD),
        (Etat.A_DECIDER, Geste.RENDRE_AVIS): Transition(Etat.A_DECIDER, _DPD),
        (Etat.DECIDEE, Geste.RENDRE_AVIS): Transition(Etat.A_DECIDER, _DPD, motif_obligatoire=True),
        # Une fois la CNIL notifiée, le DPD conseille encore : informer les personnes reste ouvert.
        (Etat.NOTIFIEE, Geste.RENDRE_AVIS): Transition(Etat.NOTIFIEE, _DPD),
        # Le responsable peut décider sans attendre l’avis : l’horloge, elle, n’attend personne.
        (Etat.DECLAREE, Geste.DECIDER): Transition(Etat.DECIDEE, _DECIDEUR),
        (Etat.A_DECIDER, Geste.DECIDER): Transition(Etat.DECIDEE, _DECIDEUR),
        (Etat.DECIDEE, Geste.DECIDER): Transition(Etat.DECIDEE, _DECIDEUR, motif_obligatoire=True),
        (Etat.DECIDEE, Geste.NOTIFIER): Transition(Etat.NOTIFIEE, _TENIR | _DECIDEUR),
        (Etat.NOTIFIEE, Geste.COMPLETER): Transition(Etat.NOTIFIEE, _TENIR | _DECIDEUR),
        (Etat.NOTIFIEE, Geste.DECIDER): Transition(Etat.NOTIFIEE, _DECIDEUR, motif_obligatoire=True),
        (Etat.DECIDEE, Geste.CLORE): Transition(Etat.CLOSE, _TENIR | _DECIDEUR),
        (Etat.NOTIFIEE, Geste.CLORE): Transition(Etat.CLOSE, _TENIR | _DECIDEUR),
        (Etat.CLOSE, Geste.ROUVRIR): Transition(Etat.A_DECIDER, _TENIR | _DECIDEUR, motif_obligatoire=True),
    }
)


class TransitionRefusee(ValueError):
    """Le geste n’est pas permis ; le message le dit à qui l’a tenté."""


def transition(etat: Etat, geste: Geste, roles: frozenset[str], motif: str = "") -> Etat:
    """L’état où mène un geste.

    :raises TransitionRefusee: si l’état ne le permet pas, si aucun rôle ne le peut, ou sans motif.
    """
    trouvee = TRANSITIONS.get((etat, geste))
    if trouvee is None:
        raise TransitionRefusee(REFUS.get((etat, geste), "Ce geste n’est pas possible à cette étape."))
    if not trouvee.roles & roles:
        raise TransitionRefusee("Votre rôle ne permet pas ce geste.")
    if trouvee.motif_obligatoire and not motif.strip():
        raise TransitionRefusee("Dites pourquoi\u00a0: ce motif reste au registre.")
    return trouvee.suivant


REFUS: Mapping[tuple[Etat, Geste], str] = MappingProxyType(
    {
        (Etat.DECLAREE, Geste.CLORE): "Une violation se clôt une fois les deux décisions prises.",
        (Etat.A_DECIDER, Geste.CLORE): "Une violation se clôt une fois les deux décisions prises.",
        (Etat.NOTIFIEE, Geste.NOTIFIER): "La notification initiale est déjà enregistrée.",
        (Etat.DECLAREE, Geste.NOTIFIER): "Le responsable de traitement décide d’abord de notifier.",
        (Etat.A_DECIDER, Geste.NOTIFIER): "Le responsable de traitement décide d’abord de notifier.",
    }
)
