"""À qui écrire dans une collectivité : ceux qui la tiennent, à défaut son courriel de contact."""

from collections.abc import Collection
from typing import Any, NamedTuple

from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, CollectiviteUserObjectPermission, Structure

ROLES = (Role.REFERENT, Role.DECIDEUR)


class Destinataire(NamedTuple):
    """Un compte de la collectivité, ou son seul courriel de contact."""

    courriel: str
    compte: Any = None

    @property
    def cle(self) -> str:
        return str(self.compte.pk) if self.compte else "contact"


def destinataires(collectivites: Collection) -> dict[int, list[Destinataire]]:
    """Qui prévenir dans chacune : référents et décideurs, à défaut le courriel de contact ; une requête.

    Une collectivité que rien n’atteint n’y est pas.
    """
    lignes = CollectiviteUserObjectPermission.objects.filter(
        content_object__in=[c.pk for c in collectivites],
        permission__codename__in=[f"role_{role.value}" for role in ROLES],
        user__is_active=True,
    )
    trouves: dict[int, dict[int, Destinataire]] = {}
    for ligne in lignes.select_related("user").order_by("user"):
        par_compte = trouves.setdefault(ligne.content_object_id, {})
        par_compte[ligne.user_id] = Destinataire(ligne.user.email, ligne.user)
    for collectivite in collectivites:
        if collectivite.pk not in trouves and collectivite.courriel:
            trouves[collectivite.pk] = {0: Destinataire(collectivite.courriel)}
    return {pk: list(siens.values()) for pk, siens in trouves.items()}


def joignables(structure: Structure) -> set[int]:
    """Les collectivités de la structure qu’un courriel peut atteindre ; deux requêtes."""
    comptes = CollectiviteUserObjectPermission.objects.filter(
        content_object__structure=structure,
        permission__codename__in=[f"role_{role.value}" for role in ROLES],
        user__is_active=True,
    )
    contacts = Collectivite.objects.filter(structure=structure).exclude(courriel="")
    return {*comptes.values_list("content_object_id", flat=True), *contacts.values_list("pk", flat=True)}
