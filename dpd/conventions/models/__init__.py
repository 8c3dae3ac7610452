"""Conventions, tarifs et prestations : du premier rendez-vous à la base de la facturation."""

from dpd.conventions.models.baremes import (
    Bareme,
    Forfait,
    Hausse,
    IndiceRevision,
    RegleRaccord,
    TranchePopulation,
)
from dpd.conventions.models.convention import Convention, FinConvention, Renouvellement
from dpd.conventions.models.depart import Depart, ReglagesConventions
from dpd.conventions.models.etats import (
    CampagneEtats,
    EtatAnnuel,
    EtatMensuel,
    LigneEtatMensuel,
    Numerotation,
)
from dpd.conventions.models.mise_en_place import Designation, EtapeMiseEnPlace, Passation, SuitePassation
from dpd.conventions.models.modele import ModeleConvention
from dpd.conventions.models.prestations import Devis, Intervention

__all__ = [
    "Bareme",
    "CampagneEtats",
    "Convention",
    "Depart",
    "Designation",
    "Devis",
    "EtapeMiseEnPlace",
    "EtatAnnuel",
    "EtatMensuel",
    "FinConvention",
    "Forfait",
    "Hausse",
    "IndiceRevision",
    "Intervention",
    "LigneEtatMensuel",
    "ModeleConvention",
    "Numerotation",
    "Passation",
    "ReglagesConventions",
    "RegleRaccord",
    "Renouvellement",
    "SuitePassation",
    "TranchePopulation",
]
