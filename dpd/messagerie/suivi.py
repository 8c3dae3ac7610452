"""Les courriels d’une structure et de ses collectivités : ce qui n’arrive pas se voit et se retente."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from post_office.models import STATUS, Email, Log

from dpd.messagerie.expedition import EN_FILE
from dpd.messagerie.models import Message

ETATS = {
    "attente": (
        "En attente",
        Q(envoye_le__isnull=True, courriel__status__in=EN_FILE),
    ),
    "echec": ("Échec définitif", Q(courriel__status=STATUS.failed)),
    "envoye": ("Envoyés", Q(envoye_le__isnull=False)),
}


def courriels_de(structure) -> QuerySet:
    """Les preuves d’envoi de ses collectivités, les plus récentes d’abord."""
    essais = Log.objects.filter(email=OuterRef("courriel"), status=STATUS.failed).order_by("-pk")
    # Jointe, la structure mènerait la lecture : des années de courriels à trier pour en montrer une page.
    siennes = structure.collectivites.filter(pk=OuterRef("collectivite"))
    return (
        Message.objects.avec_etat()
        .filter(Exists(siennes))
        .select_related("collectivite")
        .annotate(derniere_erreur=Subquery(essais.values("message")[:1]))
        .order_by("-cree_le", "-pk")
        .defer("corps")
    )


def compter(requete: QuerySet) -> dict[str, int]:
    """Combien sont en échec, combien attendent ; ceux qui sont partis ne se comptent pas."""
    restes = requete.filter(courriel__status__in=[STATUS.failed, *EN_FILE])
    par_statut = dict(restes.order_by().values_list("courriel__status").annotate(Count("pk")))
    return {
        "echec": par_statut.get(STATUS.failed, 0),
        "attente": sum(par_statut.get(statut, 0) for statut in EN_FILE),
    }


def filtrer(requete: QuerySet, etat: str) -> QuerySet:
    return requete.filter(ETATS[etat][1]) if etat in ETATS else requete


@transaction.atomic
def retenter(message: Message, maintenant: datetime) -> bool:
    """Remet en file un courriel arrêté par un échec définitif ; faux s’il ne l’est plus."""
    repris = Email.objects.filter(pk=message.courriel_id, status=STATUS.failed).update(
        status=STATUS.requeued, scheduled_time=maintenant
    )
    return bool(repris)
