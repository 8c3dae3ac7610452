"""La bibliothèque livrée avec l’application : la lire, la contrôler, la traduire en fiches de départ."""

from registre.bibliotheque.lecture import (
    FICHIER,
    Bibliotheque,
    BibliothequeInvalide,
    ModeleLu,
    lire_bibliotheque,
)
from registre.bibliotheque.traduction import plus_faible

__all__ = [
    "FICHIER",
    "Bibliotheque",
    "BibliothequeInvalide",
    "ModeleLu",
    "lire_bibliotheque",
    "plus_faible",
]
