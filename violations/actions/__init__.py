"""Les gestes sur une violation : une fonction, une transaction, une ligne de chronologie."""

from violations.actions.cloture import clore, rouvrir
from violations.actions.cnil import notifier
from violations.actions.decisions import Reponse, decider, rendre_avis
from violations.actions.declaration import declarer, marquer_lue
from violations.actions.dossier import ajouter_note, completer, corriger_instants
from violations.actions.liens import impliquer, joindre, noter_traitements, retirer_prestataire
from violations.actions.personnes import (
    enregistrer_information,
    fermer_page,
    publier_message,
    rediger_message,
)

__all__ = [
    "Reponse",
    "ajouter_note",
    "clore",
    "completer",
    "corriger_instants",
    "decider",
    "declarer",
    "enregistrer_information",
    "fermer_page",
    "impliquer",
    "joindre",
    "marquer_lue",
    "noter_traitements",
    "notifier",
    "publier_message",
    "rediger_message",
    "rendre_avis",
    "retirer_prestataire",
    "rouvrir",
]
