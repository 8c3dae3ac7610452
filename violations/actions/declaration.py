"""Déclarer une violation : l’horloge part de ce que l’on en a su, et chacun est prévenu."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.droits import Acces
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from violations import emails
from violations.actions.commun import (
    calculer_echeances,
    controler_instants,
    noter,
    prendre,
    rang_suivant,
    refaire_les_rappels,
)
from violations.actions.liens import impliquer
from violations.enums import NatureEvenement
from violations.models import Violation


@transaction.atomic
def declarer(
    *,
    collectivite: Collectivite,
    titre: str,
    recit: str,
    connaissance: datetime,
    auteur,
    maintenant: datetime,
    jeton: UUID | None = None,
    prestataire: dict[str, Any] | None = None,
    **faits,
) -> Violation:
    """Ouvre le dossier d’une violation, lance son horloge et prévient.

    :param connaissance: T0, l’instant où le responsable de traitement l’a su (art. 33-1).
    :param prestataire: les arguments de :func:`violations.actions.impliquer`, si l’un est en cause.
    :param jeton: celui du formulaire ; renvoyé deux fois, il n’ouvre qu’un dossier.
    :raises ValidationError: par champ ; rien n’est alors écrit.
    """
    annee = connaissance.astimezone(collectivite.fuseau).year
    rang = rang_suivant(collectivite, annee)
    if jeton and (deja := Violation.objects.filter(collectivite=collectivite, jeton=jeton).first()):
        return deja
    violation = Violation(
        collectivite=collectivite,
        annee=annee,
        rang=rang,
        titre=titre,
        recit=recit,
        connaissance=connaissance,
        declaree_par=auteur,
        declaree_le=maintenant,
        jeton=jeton,
        **faits,
    )
    if Role.DPD in Acces(auteur).roles(collectivite):
        violation.connaissance_dpd = violation.connaissance_dpd or maintenant
    else:
        violation.lue_par, violation.lue_le = auteur, maintenant
    controler_instants(violation, maintenant, (prestataire or {}).get("connaissance"))
    calculer_echeances(violation)
    violation.indexer()
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Violation déclarée")
    noter(
        violation,
        NatureEvenement.DECLARATION,
        "Violation déclarée, le DPD et les comptes de la collectivité sont prévenus",
        auteur=auteur,
        maintenant=maintenant,
    )
    if prestataire:
        _impliquer(violation, prestataire, auteur, maintenant)
    refaire_les_rappels(violation, maintenant)
    emails.declaree(violation=violation, maintenant=maintenant)
    return violation


def _impliquer(violation: Violation, prestataire: dict[str, Any], auteur, maintenant: datetime) -> None:
    """Ses refus reviennent sous les champs de la déclaration, qui a déjà sa « connaissance »."""
    try:
        impliquer(violation=violation, auteur=auteur, maintenant=maintenant, **prestataire)
    except ValidationError as refus:
        champs = {"connaissance": "prestataire_le", "prevenu_le": "prestataire_le"}
        raise ValidationError(
            {champs.get(champ, "prestataire"): erreurs for champ, erreurs in refus.error_dict.items()}
        ) from refus


@transaction.atomic
def marquer_lue(*, violation: Violation, auteur, maintenant: datetime) -> None:
    """La première personne de la collectivité, ou le DPD, à ouvrir un dossier venu d’un incident."""
    violation = prendre(violation)
    roles = Acces(auteur).roles(violation.collectivite)
    if violation.lue_le is None and roles & {Role.REFERENT, Role.DECIDEUR}:
        violation.lue_par, violation.lue_le = auteur, maintenant
    elif violation.connaissance_dpd is None and Role.DPD in roles:
        violation.connaissance_dpd = maintenant
    else:
        return
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Dossier lu")
