"""Beaucoup de courriels d’un coup : les mêmes preuves, en un nombre de requêtes qui ne dépend pas du leur.

Pour prévenir deux cents collectivités dans une seule transaction ; pour un seul message, voir
``dpd.messagerie.envoi``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from post_office.models import Email

from dpd.messagerie.envoi import rediger
from dpd.messagerie.file import Jointe, joindre_a_tous, preparer
from dpd.messagerie.models import Message

LOT = 500  # clés cherchées à la fois


@dataclass(frozen=True, slots=True)
class Pli:
    """Un courriel à confier à la file ; ``cle`` l’empêche de partir deux fois."""

    destinataire: str
    contexte: dict[str, Any] = field(repr=False)
    cle: str
    utilisateur: Any = None
    collectivite: Any = None
    objet: Any = None


@transaction.atomic
def envoyer_en_masse(
    nature: str, *, gabarit: str, plis: Iterable[Pli], maintenant: datetime, jointes: Sequence[Jointe] = ()
) -> list[Message]:
    """Confie ces courriels à la file et rend les preuves de ceux qui partent.

    ``jointes`` part avec chacun, sans copie de fichier ; la preuve en garde l’empreinte.

    Un pli dont la clé est déjà prise ne repart pas. À appeler sous le verrou de ce dont on parle : deux
    envois simultanés de la même clé échouent l’un ou l’autre, avec toute leur transaction.

    :raises IntegrityError: si un autre processus a pris une de ces clés entre-temps ; rien n’est écrit.
    """
    uniques = {pli.cle: pli for pli in plis}
    connues = _deja(list(uniques))
    messages, courriels = [], []
    for cle, pli in uniques.items():
        if cle in connues:
            continue
        sujet, corps = rediger(gabarit, pli.contexte)
        courriels.append(
            preparer(EmailMessage(sujet, corps, settings.DEFAULT_FROM_EMAIL, [pli.destinataire]))
        )
        messages.append(
            Message(
                nature=nature,
                objet=pli.objet,
                collectivite=pli.collectivite,
                destinataire=pli.destinataire,
                utilisateur=pli.utilisateur,
                sujet=sujet,
                corps=corps,
                jointes=[jointe.preuve for jointe in jointes],
                cree_le=maintenant,
                cle=cle,
            )
        )
    gardes = Email.objects.bulk_create(courriels)
    for message, courriel in zip(messages, gardes, strict=True):
        message.courriel = courriel
    if gardes:
        joindre_a_tous(gardes, jointes)
    return Message.objects.bulk_create(messages)


def _deja(cles: list[str]) -> set[str]:
    tranches = (cles[i : i + LOT] for i in range(0, len(cles), LOT))
    return {
        cle
        for tranche in tranches
        for cle in Message.objects.filter(cle__in=tranche).values_list("cle", flat=True)
    }
