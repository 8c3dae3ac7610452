"""Le registre : des traitements, leurs versions, et les lignes de l’article 30-1."""

from registre.models.lignes import (
    LIGNES,
    Destinataire,
    DonneesTraitees,
    Finalite,
    Ligne,
    MesureSecurite,
    PersonnesConcernees,
    Recours,
    Transfert,
)
from registre.models.modeles import ModeleTraitement, VersionModele
from registre.models.questions import QuestionFiche
from registre.models.sous_traitance import RechercheDonnees, TraitementConfie
from registre.models.traitement import Traitement, VersionTraitement

__all__ = [
    "LIGNES",
    "Destinataire",
    "DonneesTraitees",
    "Finalite",
    "Ligne",
    "MesureSecurite",
    "ModeleTraitement",
    "PersonnesConcernees",
    "QuestionFiche",
    "RechercheDonnees",
    "Recours",
    "Traitement",
    "TraitementConfie",
    "Transfert",
    "VersionModele",
    "VersionTraitement",
]
