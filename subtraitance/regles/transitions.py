"""La vie d’une demande de droits : reçue, transmise, instruite, répondue, close.

Donner suite appartient à la collectivité : son référent satisfait une demande, seul le responsable la
refuse ou prend plus de temps. Le DPD prépare et conseille, l’agent de la structure transmet. Rien ne se
rejette tout seul.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from subtraitance.enums import EtatDemande as Etat


class Geste(StrEnum):
    QUALIFIER = "qualifier"
    TRANSMETTRE = "transmettre"
    SUSPENDRE = "suspendre"
    REPRENDRE = "reprendre"
    CHERCHER = "chercher"
    PROLONGER = "prolonger"
    REPONDRE = "repondre"
    REFUSER = "refuser"
    CLORE = "clore"
    ROUVRIR = "rouvrir"


class Transition(NamedTuple):
    suivant: Etat
    roles: frozenset[str]
    motif_obligatoire: bool = False


_AGENT = frozenset({"agent"})
_REFERENT, _DECIDEUR, _DPD = frozenset({"referent"}), frozenset({"decideur"}), frozenset({"dpd"})
_INSTRUIRE = _REFERENT | _DPD | _DECIDEUR
_COLLECTIVITE = _REFERENT | _DECIDEUR

TRANSITIONS: Mapping[tuple[Etat, Geste], Transition] = MappingProxyType(
    {
        (Etat.RECUE, Geste.QUALIFIER): Transition(Etat.RECUE, _INSTRUIRE | _AGENT),
        (Etat.RECUE, Geste.TRANSMETTRE): Transition(Etat.TRANSMISE, _DPD | _AGENT),
        (Etat.RECUE, Geste.SUSPENDRE): Transition(Etat.IDENTITE, _INSTRUIRE, motif_obligatoire=True),
        (Etat.RECUE, Geste.CHERCHER): Transition(Etat.RECHERCHE, _INSTRUIRE),
        (Etat.RECUE, Geste.PROLONGER): Transition(Etat.RECUE, _DECIDEUR, motif_obligatoire=True),
        (Etat.RECUE, Geste.REPONDRE): Transition(Etat.REPONDUE, _COLLECTIVITE),
        (Etat.RECUE, Geste.REFUSER): Transition(Etat.REPONDUE, _DECIDEUR, motif_obligatoire=True),
        (Etat.TRANSMISE, Geste.QUALIFIER): Transition(Etat.TRANSMISE, _INSTRUIRE),
        (Etat.TRANSMISE, Geste.SUSPENDRE): Transition(Etat.IDENTITE, _INSTRUIRE, motif_obligatoire=True),
        (Etat.TRANSMISE, Geste.CHERCHER): Transition(Etat.RECHERCHE, _INSTRUIRE),
        (Etat.TRANSMISE, Geste.PROLONGER): Transition(Etat.TRANSMISE, _DECIDEUR, motif_obligatoire=True),
        (Etat.TRANSMISE, Geste.REPONDRE): Transition(Etat.REPONDUE, _COLLECTIVITE),
        (Etat.TRANSMISE, Geste.REFUSER): Transition(Etat.REPONDUE, _DECIDEUR, motif_obligatoire=True),
        (Etat.IDENTITE, Geste.TRANSMETTRE): Transition(Etat.IDENTITE, _DPD | _AGENT),
        (Etat.IDENTITE, Geste.REPRENDRE): Transition(Etat.RECHERCHE, _INSTRUIRE),
        (Etat.IDENTITE, Geste.REPONDRE): Transition(Etat.REPONDUE, _COLLECTIVITE, motif_obligatoire=True),
        (Etat.IDENTITE, Geste.REFUSER): Transition(Etat.REPONDUE, _DECIDEUR, motif_obligatoire=True),
        (Etat.RECHERCHE, Geste.QUALIFIER): Transition(Etat.RECHERCHE, _INSTRUIRE),
        (Etat.RECHERCHE, Geste.TRANSMETTRE): Transition(Etat.RECHERCHE, _DPD | _AGENT),
        (Etat.RECHERCHE, Geste.CHERCHER): Transition(Etat.RECHERCHE, _INSTRUIRE),
        (Etat.RECHERCHE, Geste.SUSPENDRE): Transition(Etat.IDENTITE, _INSTRUIRE, motif_obligatoire=True),
        (Etat.RECHERCHE, Geste.PROLONGER): Transition(Etat.RECHERCHE, _DECIDEUR, motif_obligatoire=True),
        (Etat.RECHERCHE, Geste.REPONDRE): Transition(Etat.REPONDUE, _COLLECTIVITE),
        (Etat.RECHERCHE, Geste.REFUSER): Transition(Etat.REPONDUE, _DECIDEUR, motif_obligatoire=True),
        (Etat.REPONDUE, Geste.CLORE): Transition(Etat.CLOSE, _INSTRUIRE),
        (Etat.REPONDUE, Geste.REPONDRE): Transition(Etat.REPONDUE, _COLLECTIVITE, motif_obligatoire=True),
        (Etat.REPONDUE, Geste.REFUSER): Transition(Etat.REPONDUE, _DECIDEUR, motif_obligatoire=True),
        (Etat.CLOSE, Geste.ROUVRIR): Transition(Etat.RECHERCHE, _INSTRUIRE, motif_obligatoire=True),
    }
)
REFUS: Mapping[tuple[Etat, Geste], str] = MappingProxyType(
    {
        (Etat.RECUE, Geste.CLORE): "Une demande se clôt une fois la réponse envoyée.",
        (Etat.TRANSMISE, Geste.CLORE): "Une demande se clôt une fois la réponse envoyée.",
        (Etat.RECHERCHE, Geste.CLORE): "Une demande se clôt une fois la réponse envoyée.",
        (Etat.TRANSMISE, Geste.TRANSMETTRE): "Cette demande est déjà transmise.",
        (Etat.IDENTITE, Geste.SUSPENDRE): "Le délai est déjà suspendu.",
    }
)


SANS_MOTIF = "Dites pourquoi\u00a0: ce motif reste au registre."


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
        raise TransitionRefusee(SANS_MOTIF)
    return trouvee.suivant
