"""Les gestes du registre : une fonction par geste, une transaction chacune."""

from registre.actions.creation import creer, creer_depuis_modeles, creer_fiches
from registre.actions.edition import RevisionPerimee, enregistrer_contenu
from registre.actions.parcours import (
    TransitionInterdite,
    abroger,
    adopter,
    modifier,
    rendre_avis,
    renvoyer,
    reprendre,
    retirer_brouillon,
    transmettre,
)
from registre.actions.questions import poser, repondre
from registre.actions.revue import lever_reserve, relire

__all__ = [
    "RevisionPerimee",
    "TransitionInterdite",
    "abroger",
    "adopter",
    "creer",
    "creer_depuis_modeles",
    "creer_fiches",
    "enregistrer_contenu",
    "lever_reserve",
    "modifier",
    "poser",
    "relire",
    "rendre_avis",
    "renvoyer",
    "repondre",
    "reprendre",
    "retirer_brouillon",
    "transmettre",
]
