"""Informer les personnes : le message que l’on prépare, où il paraît, et la preuve qu’il est parti."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.pieces.transaction import transaction_de_depot
from violations.actions.commun import noter, prendre, prendre_ouverte
from violations.actions.liens import joindre
from violations.enums import MoyenInformation, NatureEvenement
from violations.models import InformationFaite, PagePublique, Violation
from violations.models.page_publique import communication_publique
from violations.regles.message_personnes import a_ecrire

DEPASSE = "Quelqu’un a changé ce message depuis votre lecture\u00a0: relisez le sien avant d’enregistrer."
SANS_TEXTE = "Gardez le texte remis aux personnes."
INACHEVE = "Finissez le message\u00a0: il reste à écrire {quoi}."
PAS_PUBLIQUE = (
    "Le responsable de traitement n’a pas décidé de communication publique\u00a0: cette page attend sa "
    "décision."
)


@transaction.atomic
def rediger_message(
    *, violation: Violation, message: str, auteur, maintenant: datetime, lu: str | None = None
) -> Violation:
    """Garde le message préparé pour les personnes (art. 34-2).

    :param lu: le message que la personne avait sous les yeux ; un autre l’a changé depuis, il le relit.
    :raises ValidationError: dans ce cas, ou si la violation est close.
    """
    violation = prendre_ouverte(violation)
    message = message.strip()
    if violation.message_personnes == message:
        return violation
    if lu is not None and violation.message_personnes != lu.strip():
        raise ValidationError({"message": DEPASSE})
    violation.message_personnes = message
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Message aux personnes")
    return violation


@transaction_de_depot()
def enregistrer_information(
    *,
    violation: Violation,
    moyen: MoyenInformation,
    faite_le: date,
    message: str,
    auteur,
    maintenant: datetime,
    nombre: int | None = None,
    fichier=None,
) -> InformationFaite:
    """Note que les personnes ont été informées, avec le texte exact qui leur fut remis.

    La même information enregistrée deux fois ne l’est qu’une.

    :raises ValidationError: dans le futur, avant que la collectivité le sache, ou sans texte.
    """
    violation = prendre_ouverte(violation)
    message = message.strip()
    _controler(violation, faite_le, message, maintenant)
    dite = {"moyen": moyen, "faite_le": faite_le, "nombre": nombre, "message": message}
    if deja := violation.informations_faites.filter(**dite).first():
        return deja
    piece = None
    if fichier is not None:
        piece = joindre(
            violation=violation,
            fichier=fichier,
            auteur=auteur,
            maintenant=maintenant,
            libelle="Information des personnes",
        ).piece
    faite = InformationFaite(
        collectivite=violation.collectivite,
        violation=violation,
        piece=piece,
        enregistree_par=auteur,
        enregistree_le=maintenant,
        **dite,
    )
    faite.enregistrer(auteur=auteur, maintenant=maintenant, raison="Personnes informées")
    noter(
        violation,
        NatureEvenement.INFORMATION,
        f"Personnes informées ({moyen.label.lower()})",
        auteur=auteur,
        maintenant=maintenant,
    )
    return faite


def _controler(violation: Violation, faite_le: date, message: str, maintenant: datetime) -> None:
    fuseau = violation.collectivite.fuseau
    erreurs = {}
    if faite_le > maintenant.astimezone(fuseau).date():
        erreurs["faite_le"] = "Cette date est dans le futur."
    elif faite_le < violation.connaissance.astimezone(fuseau).date():
        erreurs["faite_le"] = "C’est avant le jour où vous l’avez su."
    if not message:
        erreurs["message"] = SANS_TEXTE
    elif restes := a_ecrire(message):
        erreurs["message"] = INACHEVE.format(quoi=restes[0])
    if erreurs:
        raise ValidationError(erreurs)


@transaction.atomic
def publier_message(*, violation: Violation, auteur, maintenant: datetime) -> PagePublique:
    """Ouvre la page publique, ou y met le message d’aujourd’hui ; son adresse ne change pas.

    :raises ValidationError: sans décision d’une communication publique (art. 34-3 c), ou si le message
        n’est pas fini.
    """
    violation = prendre_ouverte(violation)
    if not Violation.objects.filter(communication_publique(), pk=violation.pk).exists():
        raise ValidationError(PAS_PUBLIQUE)
    message = violation.message_personnes
    if not message:
        raise ValidationError("Écrivez d’abord le message.")
    if restes := a_ecrire(message):
        raise ValidationError(INACHEVE.format(quoi=restes[0]))
    page = violation.pages_publiques.filter(fermee_le=None).first()
    if page is not None and page.message == message:
        return page
    if page is None:
        page = PagePublique(collectivite=violation.collectivite, violation=violation)
        texte = "Message publié sur une page publique"
    else:
        texte = "Page publique mise à jour"
    page.message, page.publiee_par, page.publiee_le = message, auteur, maintenant
    page.enregistrer(auteur=auteur, maintenant=maintenant, raison=texte)
    noter(violation, NatureEvenement.INFORMATION, texte, auteur=auteur, maintenant=maintenant)
    return page


@transaction.atomic
def fermer_page(*, violation: Violation, auteur, maintenant: datetime) -> None:
    """Ferme la page publique, même d’une violation close ; sans effet si elle ne l’est pas."""
    violation = prendre(violation)
    page = violation.pages_publiques.filter(fermee_le=None).first()
    if page is None:
        return
    page.fermee_par, page.fermee_le = auteur, maintenant
    page.enregistrer(auteur=auteur, maintenant=maintenant, raison="Page publique fermée")
    noter(
        violation,
        NatureEvenement.INFORMATION,
        "Page publique fermée",
        auteur=auteur,
        maintenant=maintenant,
    )
