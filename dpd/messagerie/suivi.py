"""Les courriels d’une structure et de ses collectivités : ceux qui n’arrivent pas d’abord."""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from post_office.models import STATUS, Email, Log

from dpd.messagerie.models import Message

ETATS = {
    "attente": (
        "En attente",
        Q(envoye_le__isnull=True, courriel__status__in=[STATUS.queued, STATUS.requeued]),
    ),
    "echec": ("Échec définitif", Q(courriel__status=STATUS.failed)),
    "envoye": ("Envoyés", Q(envoye_le__isnull=False)),
}


def courriels_de(structure) -> QuerySet:
    """Les preuves d’envoi de ses collectivités : échecs d’abord, puis les plus récentes."""
    essais = Log.objects.filter(email=OuterRef("courriel"), status=STATUS.failed).order_by("-pk")
    return (
        Message.objects.avec_etat()
        .filter(collectivite__structure=structure)
        .select_related("collectivite")
        .annotate(
            derniere_erreur=Subquery(essais.values("message")[:1]),
            arrete=Case(When(courriel__status=STATUS.failed, then=0), default=1),
        )
        .order_by("arrete", "-cree_le", "-pk")
        .defer("corps")
    )


def filtrer(requete: QuerySet, etat: str) -> QuerySet:
    return requete.filter(ETATS[etat][1]) if etat in ETATS else requete


@transaction.atomic
def retenter(message: Message, maintenant: datetime) -> bool:
    """Remet en file un courriel arrêté par un échec définitif ; faux s’il ne l’est plus."""
    repris = Email.objects.filter(pk=message.courriel_id, status=STATUS.failed).update(
        status=STATUS.requeued, scheduled_time=maintenant
    )
    return bool(repris)
