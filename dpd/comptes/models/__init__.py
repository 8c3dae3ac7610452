"""Structures, collectivités, personnes et droits : la base de tout cloisonnement."""

from dpd.comptes.models.collectivite import Collectivite, CollectiviteUserObjectPermission, Contact
from dpd.comptes.models.journal import JournalAcces
from dpd.comptes.models.locataire import LocataireQuerySet, ParCollectivite, ParStructure, PreuveQuerySet
from dpd.comptes.models.probant import ProbantQuerySet
from dpd.comptes.models.referentiel import Commune, Epci
from dpd.comptes.models.structure import Structure, StructureUserObjectPermission
from dpd.comptes.models.utilisateur import Invitation, Utilisateur

__all__ = [
    "Collectivite",
    "CollectiviteUserObjectPermission",
    "Commune",
    "Contact",
    "Epci",
    "Invitation",
    "JournalAcces",
    "LocataireQuerySet",
    "ParCollectivite",
    "ParStructure",
    "PreuveQuerySet",
    "ProbantQuerySet",
    "Structure",
    "StructureUserObjectPermission",
    "Utilisateur",
]
