"""Les personnes et les dossiers d’une base déjà peuplée, toujours les mêmes pour une même base."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.test import Client

from dpd.comptes.droits import PREFIXE
from dpd.comptes.enums import Role
from dpd.comptes.models import (
    Collectivite,
    CollectiviteUserObjectPermission,
    Structure,
    StructureUserObjectPermission,
    Utilisateur,
)
from dpd.comptes.sessions import PORTE
from registre.models import VersionTraitement
from subtraitance.models import DemandeDroits
from violations.models import Violation


@dataclass(slots=True)
class Acteurs:
    """``collectivite`` a une violation et une demande : c’est la page la plus pleine."""

    structure: Structure
    collectivite: Collectivite
    dpd: Utilisateur
    gestionnaire: Utilisateur
    referent: Utilisateur
    fiche: VersionTraitement
    brouillon: VersionTraitement
    violation: Violation
    demande: DemandeDroits


def trouver() -> Acteurs:
    """:raises Collectivite.DoesNotExist: si la base est trop petite pour qu’une commune ait tout."""
    structure = Structure.objects.annotate(n=Count("collectivites")).order_by("-n", "pk")[0]
    collectivite = (
        Collectivite.objects.filter(structure=structure)
        .filter(Q(pk__in=Violation.objects.values("collectivite")))
        .filter(Q(pk__in=DemandeDroits.objects.values("collectivite")))
        .order_by("pk")
        .first()
    )
    if collectivite is None:
        raise Collectivite.DoesNotExist("Aucune commune n’a à la fois une violation et une demande.")
    courantes = VersionTraitement.objects.filter(collectivite=collectivite, est_courante=True).order_by("pk")
    return Acteurs(
        structure=structure,
        collectivite=collectivite,
        dpd=_tenant(StructureUserObjectPermission, structure, Role.DPD),
        gestionnaire=_tenant(StructureUserObjectPermission, structure, Role.GESTIONNAIRE),
        referent=_tenant(CollectiviteUserObjectPermission, collectivite, Role.REFERENT),
        fiche=courantes.filter(etat="adoptee")[0],
        brouillon=courantes.filter(etat="brouillon")[0],
        violation=Violation.objects.filter(collectivite=collectivite).order_by("pk")[0],
        demande=DemandeDroits.objects.filter(collectivite=collectivite).order_by("pk")[0],
    )


def _tenant(table, lieu, role: Role) -> Utilisateur:
    lignes = table.objects.filter(content_object=lieu, permission__codename=f"{PREFIXE}{role.value}")
    return lignes.select_related("user").order_by("user_id")[0].user


def client_de(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne, backend=PORTE)
    return client
