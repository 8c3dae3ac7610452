"""Enregistrer ce qui a été envoyé à la CNIL : c’est l’accusé qui arrête l’horloge, rien ne part d’ici."""

from datetime import datetime

from django.core.exceptions import ValidationError

from dpd.pieces.transaction import transaction_de_depot
from dpd.regles.empreintes import empreinte_du_contenu
from violations import emails
from violations.actions.commun import franchir, noter, prendre, refaire_les_rappels
from violations.actions.liens import joindre
from violations.enums import NatureEvenement, TypeNotification
from violations.models import NotificationCnil, Violation
from violations.regles.horloges import horloge_complement
from violations.regles.parametres import parametres_au
from violations.regles.transitions import Geste

ECARTEE = "Le responsable a décidé de ne pas notifier\u00a0: qu’il revienne d’abord sur sa décision."
RETARD = "Passé 72 heures, la CNIL demande les motifs du retard (art. 33-1)."


@transaction_de_depot()
def notifier(
    *,
    violation: Violation,
    type_envoi: TypeNotification,
    numero: str,
    envoyee_le: datetime,
    contenu: dict,
    auteur,
    maintenant: datetime,
    motif_retard: str = "",
    fichier=None,
) -> NotificationCnil:
    """Enregistre le numéro et la date d’accusé d’un envoi fait sur le téléservice.

    L’envoi initial arrête les 72 heures ; « à compléter », il ouvre celles du complément (art. 33-4). Le
    même accusé enregistré deux fois ne l’est qu’une.

    :param contenu: les quatorze rubriques telles qu’on vient de les recopier ; figées.
    :raises ValidationError: par champ, si la décision manque, si l’instant ne se tient pas, sans motif de
        retard, ou si l’envoi initial est déjà enregistré.
    """
    violation = prendre(violation)
    numero = numero.strip()
    if deja := violation.notifications.filter(type=type_envoi, numero=numero, envoyee_le=envoyee_le).first():
        return deja
    if violation.notification_ecartee:
        raise ValidationError(ECARTEE)
    complement = type_envoi == TypeNotification.COMPLEMENTAIRE
    franchir(violation, Geste.COMPLETER if complement else Geste.NOTIFIER, auteur)
    _controler(violation, complement, envoyee_le, motif_retard, maintenant)
    piece = None
    if fichier is not None:
        lien = joindre(
            violation=violation, fichier=fichier, auteur=auteur, maintenant=maintenant, libelle="Accusé CNIL"
        )
        piece = lien.piece
    notification = NotificationCnil(
        collectivite=violation.collectivite,
        violation=violation,
        type=type_envoi,
        numero=numero,
        envoyee_le=envoyee_le,
        motif_retard=motif_retard.strip(),
        contenu=contenu,
        empreinte=empreinte_du_contenu(contenu),
        piece=piece,
        enregistree_par=auteur,
        enregistree_le=maintenant,
    )
    notification.enregistrer(auteur=auteur, maintenant=maintenant, raison="Accusé enregistré")
    _arreter_l_horloge(violation, type_envoi, envoyee_le)
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Notification enregistrée")
    texte = f"{type_envoi.label}, enregistrée sous le n° {notification.numero}"
    noter(
        violation,
        NatureEvenement.NOTIFICATION,
        texte,
        auteur=auteur,
        maintenant=maintenant,
        instant=envoyee_le,
    )
    refaire_les_rappels(violation, maintenant)
    emails.notifiee(violation=violation, notification=notification, maintenant=maintenant)
    return notification


def _controler(violation, complement, envoyee_le, motif_retard, maintenant) -> None:
    erreurs = {}
    if envoyee_le > maintenant:
        erreurs["envoyee_le"] = "Cet instant est dans le futur."
    elif envoyee_le < violation.connaissance:
        erreurs["envoyee_le"] = "La notification ne peut pas précéder le moment où vous l’avez su."
    elif complement and envoyee_le < violation.notifiee_le:
        erreurs["envoyee_le"] = "Le complément suit la notification initiale."
    elif not complement and envoyee_le > violation.echeance_notification and not motif_retard.strip():
        erreurs["motif_retard"] = RETARD
    if erreurs:
        raise ValidationError(erreurs)


def _arreter_l_horloge(violation: Violation, type_envoi: TypeNotification, envoyee_le: datetime) -> None:
    if type_envoi == TypeNotification.COMPLEMENTAIRE:
        violation.completee_le = violation.completee_le or envoyee_le
        return
    violation.notifiee_le = envoyee_le
    if type_envoi == TypeNotification.COMPLETE:
        violation.completee_le = envoyee_le
        return
    parametres = parametres_au(violation.connaissance)
    violation.echeance_complement = horloge_complement(envoyee_le, parametres, None).echeance
