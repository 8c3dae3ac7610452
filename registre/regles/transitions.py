"""La vie d’une version de fiche : qui peut faire quoi, et ce qui s’ensuit.

Le DPD conseille et rend un avis, il ne valide jamais (RGPD, art. 38-3 et 39-1) : seul le responsable
de traitement adopte (art. 24). Il peut adopter sans attendre l’avis ou s’en écarter, en disant pourquoi.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Etat(StrEnum):
    BROUILLON = "brouillon"
    TRANSMISE = "transmise"
    AVIS_RENDU = "avis_rendu"
    ADOPTEE = "adoptee"
    REMPLACEE = "remplacee"
    ABROGEE = "abrogee"
    RETIREE = "retiree"


class Geste(StrEnum):
    TRANSMETTRE = "transmettre"
    REPRENDRE = "reprendre"
    RENDRE_AVIS = "rendre_avis"
    ADOPTER = "adopter"
    RENVOYER = "renvoyer"
    ABROGER = "abroger"
    ABANDONNER = "abandonner"  # retirer un brouillon ; il reste dans l’historique
    REMPLACER = "remplacer"  # suite de l’adoption de la version suivante, jamais d’un clic


class Transition(NamedTuple):
    """Où mène un geste, quels rôles le peuvent (aucun : automatique), et s’il faut dire pourquoi."""

    suivant: Etat
    roles: frozenset[str]
    motif_obligatoire: bool = False


_REFERENT = frozenset({"referent"})
_DPD = frozenset({"dpd"})
_DECIDEUR = frozenset({"decideur"})
_PERSONNE: frozenset[str] = frozenset()

TRANSITIONS: Mapping[tuple[Etat, Geste], Transition] = MappingProxyType(
    {
        (Etat.BROUILLON, Geste.TRANSMETTRE): Transition(Etat.TRANSMISE, _REFERENT | _DPD),
        (Etat.BROUILLON, Geste.ABANDONNER): Transition(Etat.RETIREE, _REFERENT | _DPD),
        (Etat.TRANSMISE, Geste.REPRENDRE): Transition(Etat.BROUILLON, _REFERENT | _DPD),
        (Etat.AVIS_RENDU, Geste.REPRENDRE): Transition(Etat.BROUILLON, _REFERENT | _DPD),
        (Etat.TRANSMISE, Geste.RENDRE_AVIS): Transition(Etat.AVIS_RENDU, _DPD),
        (Etat.TRANSMISE, Geste.ADOPTER): Transition(Etat.ADOPTEE, _DECIDEUR, motif_obligatoire=True),
        (Etat.AVIS_RENDU, Geste.ADOPTER): Transition(Etat.ADOPTEE, _DECIDEUR),
        (Etat.TRANSMISE, Geste.RENVOYER): Transition(Etat.BROUILLON, _DECIDEUR, motif_obligatoire=True),
        (Etat.AVIS_RENDU, Geste.RENVOYER): Transition(Etat.BROUILLON, _DECIDEUR, motif_obligatoire=True),
        (Etat.ADOPTEE, Geste.ABROGER): Transition(Etat.ABROGEE, _DECIDEUR, motif_obligatoire=True),
        (Etat.ADOPTEE, Geste.REMPLACER): Transition(Etat.REMPLACEE, _PERSONNE),
    }
)

_ETATS_DITS: Mapping[Etat, str] = MappingProxyType(
    {
        Etat.BROUILLON: "à l’état de brouillon",
        Etat.TRANSMISE: "transmise au DPD",
        Etat.AVIS_RENDU: "en attente de décision",
        Etat.ADOPTEE: "adoptée",
        Etat.REMPLACEE: "remplacée par une version plus récente",
        Etat.ABROGEE: "abrogée",
        Etat.RETIREE: "retirée",
    }
)
_GESTES_DITS: Mapping[Geste, str] = MappingProxyType(
    {
        Geste.TRANSMETTRE: "la transmettre",
        Geste.REPRENDRE: "la reprendre",
        Geste.RENDRE_AVIS: "rendre un avis",
        Geste.ADOPTER: "l’adopter",
        Geste.RENVOYER: "la renvoyer",
        Geste.ABROGER: "l’abroger",
        Geste.ABANDONNER: "la retirer",
        Geste.REMPLACER: "la remplacer",
    }
)


def transition(etat: str, geste: str) -> Transition:
    """La transition permise. ValueError en français si le geste n’a pas lieu d’être."""
    try:
        depart, voulu = Etat(etat), Geste(geste)
    except ValueError:
        raise ValueError(f"État ou geste inconnu : {etat}, {geste}.") from None
    trouvee = TRANSITIONS.get((depart, voulu))
    if trouvee is None:
        raise ValueError(f"Cette version est {_ETATS_DITS[depart]} : impossible de {_GESTES_DITS[voulu]}.")
    return trouvee


def suivant(etat: str, geste: str) -> Etat:
    """L’état où mène le geste. ValueError en français si le geste n’a pas lieu d’être."""
    return transition(etat, geste).suivant


def gestes_possibles(etat: str, role: str) -> tuple[Geste, ...]:
    """Les gestes qu’un rôle peut faire dans cet état, dans l’ordre de la table."""
    return tuple(
        geste for (depart, geste), passage in TRANSITIONS.items() if depart == etat and role in passage.roles
    )
