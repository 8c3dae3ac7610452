"""Vider la file : prendre un courriel, l’envoyer, noter l’essai, depuis autant d’hôtes que l’on veut.

Un courriel se prend par bail : qui le prend repousse sa prochaine heure d’un seul ``UPDATE`` conditionnel, si
bien que deux processus n’envoient jamais le même. Aucun verrou n’est tenu pendant l’envoi. Un processus
tué en plein envoi rend le courriel à l’échéance du bail ; le Message-ID ne change pas d’un essai à l’autre,
de sorte qu’un serveur qui l’aurait déjà reçu le reconnaît.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from post_office.connections import connections
from post_office.models import STATUS, Email

from dpd.messagerie.models import Message

BAIL = timedelta(minutes=10)
ATTENTES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)
ABANDON = timedelta(days=5)  # RFC 5321, § 4.5.4.1 : on renonce au bout de quatre ou cinq jours
EN_FILE = (STATUS.queued, STATUS.requeued)
LOT = 20
journal = logging.getLogger(__name__)


class Bilan(NamedTuple):
    partis: int
    remis: int
    refuses: int

    def plus(self, statut: int) -> "Bilan":
        if statut == STATUS.sent:
            return self._replace(partis=self.partis + 1)
        if statut == STATUS.requeued:
            return self._replace(remis=self.remis + 1)
        return self._replace(refuses=self.refuses + 1)


def expedier(horloge: Callable[[], datetime]) -> Bilan:
    """Envoie tout ce qui est à envoyer ; ``horloge`` est relue à chaque courriel, l’envoi prend du temps.

    Un essai manqué laisse le courriel en file, avec une attente qui croît ; une adresse que le serveur
    refuse pour toujours, ou cinq jours d’échecs, l’y arrêtent, et cela se voit.
    """
    bilan = Bilan(0, 0, 0)
    try:
        for courriel in prendre(horloge):
            bilan = bilan.plus(envoyer_un(courriel, horloge))
    finally:
        connections.close()
    return bilan


def _a_envoyer(maintenant: datetime) -> Q:
    return Q(status__in=EN_FILE) & (Q(scheduled_time__isnull=True) | Q(scheduled_time__lte=maintenant))


def prendre(horloge: Callable[[], datetime]) -> Iterator[Email]:
    """Les courriels à envoyer, les plus pressés d’abord ; chacun est pris pour un bail quand il est rendu.

    La file n’est triée qu’une fois par lot : un courriel pressé qui y entre attend la fin du lot en cours.
    """
    while lot := _prochains(horloge()):
        for pk in lot:
            maintenant = horloge()
            libre = Email.objects.filter(_a_envoyer(maintenant), pk=pk)
            if libre.update(scheduled_time=maintenant + BAIL):
                yield Email.objects.prefetch_related("attachments").get(pk=pk)


def _prochains(maintenant: datetime) -> list[int]:
    file = Email.objects.filter(_a_envoyer(maintenant)).order_by("-priority", "pk")
    return list(file.values_list("pk", flat=True)[:LOT])


def envoyer_un(courriel: Email, horloge: Callable[[], datetime]) -> int:
    """Un essai d’envoi, noté ; rend l’état où il laisse le courriel (``post_office.models.STATUS``)."""
    try:
        courriel.dispatch(commit=False, disconnect_after_delivery=False)
    except (SMTPException, OSError, ValueError) as erreur:  # le serveur, le réseau, une adresse
        connections.close()
        journal.warning("Courriel %s non parti : %s", courriel.pk, type(erreur).__name__)
        return _manque(courriel, erreur, horloge())
    return _parti(courriel, horloge())


@transaction.atomic
def _parti(courriel: Email, maintenant: datetime) -> int:
    # La preuve suffit : le texte parti, liens secrets compris, n’a plus à rester dans la file.
    Email.objects.filter(pk=courriel.pk).update(
        status=STATUS.sent, scheduled_time=None, message="", html_message=""
    )
    courriel.logs.create(status=STATUS.sent, message="", exception_type="")
    Message.objects.filter(courriel=courriel, envoye_le__isnull=True).update(envoye_le=maintenant)
    return STATUS.sent


@transaction.atomic
def _manque(courriel: Email, erreur: Exception, maintenant: datetime) -> int:
    deja = courriel.number_of_retries or 0
    if _sans_espoir(erreur) or maintenant - courriel.created > ABANDON:
        etat = {"status": STATUS.failed, "scheduled_time": None}
    else:
        attente = ATTENTES[min(deja, len(ATTENTES) - 1)]
        etat = {
            "status": STATUS.requeued,
            "scheduled_time": maintenant + attente,
            "number_of_retries": deja + 1,
        }
    Email.objects.filter(pk=courriel.pk).update(**etat)
    courriel.logs.create(
        status=STATUS.failed, message=str(erreur)[:2000], exception_type=type(erreur).__name__
    )
    return etat["status"]


def _sans_espoir(erreur: Exception) -> bool:
    """Vrai si le serveur refuse le destinataire pour toujours (réponse 5xx) ; un refus 4xx se retente."""
    if not isinstance(erreur, SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _ in erreur.recipients.values())
