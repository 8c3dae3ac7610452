"""Recevoir la demande d’un habitant par le formulaire public de sa collectivité."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from dpd.comptes.models import Collectivite
from subtraitance import emails_publics
from subtraitance.actions.demandes_reception import recevoir
from subtraitance.enums import CanalDemande, Droit, RegimeDemande
from subtraitance.models import DemandeDroits

SEL = "subtraitance.suivi"


class Depot(NamedTuple):
    """La demande, le jeton de suivi à montrer ; ``deja`` : elle était enregistrée, rien n’est écrit."""

    demande: DemandeDroits
    suivi: str
    deja: bool


def suivi_du_formulaire(jeton: UUID) -> str:
    """Le jeton de suivi que vaut un formulaire : le second envoi rend celui du premier, sans le garder.

    Tiré de la clé secrète du site : qui lirait la base ne pourrait pas le refaire.
    """
    return salted_hmac(SEL, str(jeton), algorithm="sha256").hexdigest()


def deja_depose(collectivite: Collectivite, jeton: UUID) -> bool:
    """Vrai si ce formulaire a déjà fait une demande."""
    return DemandeDroits.objects.filter(collectivite=collectivite, jeton=jeton).exists()


@transaction.atomic
def deposer_en_public(
    *,
    collectivite: Collectivite,
    jeton: UUID,
    droits: Collection[Droit],
    maintenant: datetime,
    accuser: bool = True,
    **dits: str,
) -> Depot:
    """Enregistre la demande, reçue par la structure à cet instant, et en accuse réception.

    :param accuser: envoyer l’accusé, si le demandeur a donné un courriel.
    :raises ValidationError: par champ ; rien n’est alors écrit.
    """
    suivi = suivi_du_formulaire(jeton)
    recue = recevoir(
        collectivite=collectivite,
        droits=droits,
        canal=CanalDemande.FORMULAIRE,
        regime=RegimeDemande.RGPD,
        recue_le=maintenant,
        maintenant=maintenant,
        par_la_structure=True,
        jeton=jeton,
        suivi=suivi,
        **dits,
    )
    if not recue.jeton:
        return Depot(recue.demande, suivi, deja=True)
    if accuser and recue.demande.demandeur_courriel:
        emails_publics.accuser_reception(demande=recue.demande, jeton=suivi, maintenant=maintenant)
    return Depot(recue.demande, suivi, deja=False)
