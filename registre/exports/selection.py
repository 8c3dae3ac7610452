"""Quelles versions font le registre : l’adoptée de chaque fiche, sinon celle qui se prépare."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from registre.enums import ETATS_EN_PREPARATION, EtatVersion
from registre.models import VersionTraitement


def versions_du_registre(collectivite, *, abrogees: bool = False) -> QuerySet:
    """Une version par fiche, par numéro de fiche ; retirées exclues, abrogées seulement si on les demande.

    Une fiche adoptée dont la version suivante se prépare donne sa version adoptée : c’est elle qui vaut.
    """
    adoptee = VersionTraitement.objects.adoptees().filter(traitement=OuterRef("traitement"))
    retenues = Q(etat=EtatVersion.ADOPTEE) | (Q(etat__in=ETATS_EN_PREPARATION) & ~Exists(adoptee))
    if abrogees:
        retenues |= Q(etat=EtatVersion.ABROGEE, est_courante=True)
    return (
        VersionTraitement.objects.filter(retenues, collectivite=collectivite)
        .select_related("traitement__modele")
        .order_by("traitement__reference")
    )


def versions_choisies(collectivite, references: Collection[int]) -> QuerySet:
    """Celles du registre pour des numéros de fiche ; un numéro d’ailleurs est ignoré."""
    return versions_du_registre(collectivite, abrogees=True).filter(traitement__reference__in=references)
