"""Relire une fiche adoptée, lever une réserve du DPD."""

from datetime import datetime

from django.db import transaction

from dpd.accompagnement.models import Reserve
from registre import ecriture
from registre.actions.parcours import TransitionInterdite, prochaine_revue
from registre.enums import EtatVersion
from registre.models import VersionTraitement


@transaction.atomic
def relire(*, version: VersionTraitement, auteur, maintenant: datetime) -> VersionTraitement:
    """« Rien n’a changé » : la fiche adoptée est relue, la prochaine revue repart pour un an."""
    version = (
        VersionTraitement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite")
        .get(pk=version.pk)
    )
    if version.etat != EtatVersion.ADOPTEE:
        raise TransitionInterdite("Seule une fiche adoptée se relit.")
    version.relue_le, version.relire_avant = maintenant, prochaine_revue(version, maintenant)
    ecriture.enregistrer(version, auteur=auteur, maintenant=maintenant, raison="Relue sans changement")
    return version


@transaction.atomic
def lever_reserve(*, reserve: Reserve, comment: str, auteur, maintenant: datetime) -> Reserve:
    """La collectivité dit ce qu’elle a fait d’une réserve."""
    reserve = (
        Reserve.objects.select_for_update(no_key=True, of=("self",))
        .select_related("collectivite")
        .get(pk=reserve.pk)
    )
    if reserve.levee_le is not None:
        raise ValueError("Cette réserve est déjà levée.")
    reserve.levee_le = maintenant.astimezone(reserve.collectivite.fuseau).date()
    reserve.levee_par, reserve.levee_comment = auteur, comment
    return reserve.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réserve levée")
