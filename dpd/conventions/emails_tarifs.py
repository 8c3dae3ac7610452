"""Les courriels des tarifs : la notification d’une hausse, à chaque collectivité."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dpd.comptes.enums import Role
from dpd.comptes.models import CollectiviteUserObjectPermission
from dpd.conventions.models import Hausse
from dpd.messagerie.envoi import adresse
from dpd.messagerie.masse import Pli, envoyer_en_masse
from dpd.messagerie.models import Message

ROLES = (Role.DECIDEUR, Role.REFERENT)


def comptes_prevenus() -> QuerySet:
    """Les habilitations de qui reçoit la notification : décideurs et référents, comptes fermés exceptés."""
    return CollectiviteUserObjectPermission.objects.filter(
        permission__codename__in=[f"role_{role.value}" for role in ROLES], user__is_active=True
    )


def hausses_notifiees(*, structure, hausses: Sequence[Hausse], maintenant: datetime) -> list[Message]:
    """À chaque collectivité : le nouveau barème, et jusqu’à quand dénoncer ; une clé n’envoie qu’une fois.

    Ses décideurs, ses référents, et la mairie. Le nombre de requêtes ne dépend pas de celui des hausses.
    """
    comptes: dict[int, dict[str, Any]] = {}
    lignes = comptes_prevenus().filter(content_object__structure=structure).select_related("user")
    for ligne in lignes.order_by("user"):
        comptes.setdefault(ligne.content_object_id, {})[ligne.user.email] = ligne.user
    plis = [pli for hausse in hausses for pli in _plis(hausse, comptes.get(hausse.collectivite_id, {}))]
    return envoyer_en_masse(
        "conventions.hausse_notifiee",
        gabarit="conventions/emails/hausse_notifiee",
        plis=plis,
        maintenant=maintenant,
    )


def _plis(hausse: Hausse, comptes: dict[str, Any]) -> list[Pli]:
    collectivite = hausse.collectivite
    lien = reverse("conventions:tarif", args=[collectivite.siren, _exercice(hausse)])
    courriels = dict.fromkeys([*comptes, collectivite.courriel])
    return [
        Pli(
            destinataire=courriel,
            contexte={
                "hausse": hausse,
                "collectivite": collectivite,
                "structure": collectivite.structure,
                "adresse": adresse(lien) if courriel in comptes else "",
            },
            cle=f"conventions.hausse:{hausse.pk}:{courriel}"[:200],
            utilisateur=comptes.get(courriel),
            collectivite=collectivite,
            objet=hausse,
        )
        for courriel in courriels
        if courriel
    ]


def _exercice(hausse: Hausse) -> int:
    """Celui du nouveau barème si la convention le touche, sinon celui de la notification."""
    vise, convention = hausse.bareme.en_vigueur_du.year, hausse.convention
    touche = convention.date_effet.year <= vise and (convention.fin is None or convention.fin.year >= vise)
    return vise if touche else hausse.notifiee_le.year
