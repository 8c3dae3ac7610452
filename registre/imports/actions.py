"""Faire entrer des fiches relues : des brouillons, tous ou aucun, et une ligne au journal."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import consigner
from dpd.regles.typographie import compte
from registre.actions import creer_fiches
from registre.models import VersionTraitement
from registre.regles.contenu import Fiche

LONGUEUR_RAISON = 100  # colonne de l’historique


@transaction.atomic
def importer(
    *,
    collectivite,
    fiches: Sequence[Fiche],
    fichier: str,
    auteur,
    maintenant: datetime,
    request=None,
) -> list[VersionTraitement]:
    """Ouvre un brouillon par fiche ; nombre de requêtes constant.

    :raises ValidationError: si un contenu n’entre pas dans le registre ; rien n’est alors écrit.
    """
    versions = creer_fiches(
        collectivite=collectivite,
        fiches=[(fiche, None) for fiche in fiches],
        auteur=auteur,
        maintenant=maintenant,
        raison=f"Fiche importée\u00a0: {fichier}"[:LONGUEUR_RAISON],
    )
    consigner(
        NatureAcces.IMPORT,
        maintenant=maintenant,
        utilisateur=auteur,
        collectivite=collectivite,
        detail=f"{compte(len(versions), 'fiche')} du fichier {fichier}",
        request=request,
    )
    return versions
