"""Les courriels des tarifs : la notification d’une hausse, à chaque collectivité."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, CollectiviteUserObjectPermission
from dpd.conventions.models import Hausse
from dpd.messagerie.envoi import adresse, envoyer
from dpd.messagerie.models import Message

ROLES = (Role.DECIDEUR, Role.REFERENT)


def joignables(collectivites: Sequence[Collectivite]) -> set[int]:
    """Celles qu’un courriel peut atteindre ; une requête, quel que soit leur nombre."""
    par_contact = {c.pk for c in collectivites if c.courriel}
    comptes = CollectiviteUserObjectPermission.objects.filter(
        content_object__in=[c.pk for c in collectivites],
        permission__codename__in=[f"role_{role.value}" for role in ROLES],
        user__is_active=True,
    )
    return par_contact | set(comptes.values_list("content_object_id", flat=True))


def destinataires_de_hausse(collectivite) -> list[tuple[str, object | None]]:
    """(courriel, compte) de qui reçoit la notification : les décideurs, les référents, et la mairie."""
    comptes = personnes_de(collectivite, *ROLES).order_by("pk")
    trouves: dict[str, object | None] = {personne.email: personne for personne in comptes}
    if collectivite.courriel:
        trouves.setdefault(collectivite.courriel, None)
    return list(trouves.items())


def hausse_notifiee(*, hausse: Hausse, maintenant: datetime) -> list[Message]:
    """À la collectivité : le nouveau barème, et jusqu’à quand dénoncer ; sa clé l’empêche de repartir."""
    collectivite = hausse.collectivite
    lien = reverse("conventions:tarif", args=[collectivite.siren, _exercice(hausse)])
    return [
        envoyer(
            "conventions.hausse_notifiee",
            gabarit="conventions/emails/hausse_notifiee",
            contexte={
                "hausse": hausse,
                "collectivite": collectivite,
                "structure": collectivite.structure,
                "adresse": adresse(lien) if compte else "",
            },
            destinataire=courriel,
            utilisateur=compte,
            collectivite=collectivite,
            objet=hausse,
            cle=f"conventions.hausse:{hausse.pk}:{courriel}"[:200],
            maintenant=maintenant,
        )
        for courriel, compte in destinataires_de_hausse(collectivite)
    ]


def _exercice(hausse: Hausse) -> int:
    """Celui du nouveau barème si la convention le touche, sinon celui de la notification."""
    vise, convention = hausse.bareme.en_vigueur_du.year, hausse.convention
    touche = convention.date_effet.year <= vise and (convention.fin is None or convention.fin.year >= vise)
    return vise if touche else hausse.notifiee_le.year
