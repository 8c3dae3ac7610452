"""Inviter une personne, et ce que devient l’invitation."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes import emails
from dpd.comptes.droits import CONFLIT, Acces, accorder, en_conflit, personnes_de
from dpd.comptes.enums import NatureAcces, Role
from dpd.comptes.journal import cible, consigner
from dpd.comptes.models import Collectivite, Invitation, Utilisateur
from dpd.comptes.regles.capacites import Capacite, role_compatible
from dpd.regles.renvois import DOUBLE_ENVOI

COMPTE_EXISTANT = "Un compte existe déjà pour ce courriel\u00a0: connectez-vous d’abord."
DUREE_INVITATION = timedelta(days=7)
OCTETS_DU_JETON = 32  # 256 bits : il ne se devine pas


class InvitationPerimee(ValueError):
    """Le lien a déjà servi, a été révoqué ou a plus de sept jours."""


def condensat(jeton: str) -> str:
    """Seul le condensat SHA-256 du jeton est gardé : lire la base ne donne aucun lien."""
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def inviter(
    *, courriel: str, role: Role, portee, auteur, maintenant: datetime, prenom: str = "", nom: str = ""
) -> Invitation:
    """Envoie une invitation pour un rôle sur une collectivité ou une structure.

    On ne cherche pas si le courriel a un compte : l’auteur ne peut rien en apprendre.

    :raises ValidationError: rôle hors portée, rôle déjà exercé, DPD qui déciderait, invitation en attente.
    """
    # Sous verrou : deux invitations de la même adresse, au même instant, n’en font qu’une.
    type(portee).objects.select_for_update(no_key=True).get(pk=portee.pk)
    courriel = courriel.strip().lower()
    if not role_compatible(role, isinstance(portee, Collectivite)):
        raise ValidationError({"role": "Ce rôle ne se donne pas ici."})
    if personnes_de(portee, role).filter(email=courriel).exists():
        raise ValidationError({"courriel": "Cette personne a déjà ce rôle."})
    if en_conflit(role, portee).filter(email=courriel).exists():
        raise ValidationError({"role": CONFLIT})
    identiques = Invitation.objects.filter(courriel=courriel, role=role, **cible(portee))
    if any(invitation.est_utilisable(maintenant) for invitation in identiques):
        raise ValidationError(
            {"courriel": "Une invitation l’attend déjà\u00a0: renvoyez-la depuis la liste."}
        )
    invitation = Invitation(
        courriel=courriel,
        prenom=prenom.strip(),
        nom=nom.strip(),
        role=role,
        invite_par=auteur,
        cree_le=maintenant,
        **cible(portee),
    )
    return _expedier(invitation, auteur=auteur, maintenant=maintenant)


@transaction.atomic
def renvoyer(*, invitation: Invitation, auteur, maintenant: datetime) -> Invitation:
    """Envoie un nouveau lien, pour sept jours ; l’ancien ne vaut plus rien. Qui renvoie en répond.

    Sans effet si l’invitation vient de partir : le lien du premier courriel mourrait avant d’être lu.

    :raises ValidationError: si l’invitation a été acceptée ou révoquée.
    """
    invitation = _verrouiller_ouverte(invitation)
    partie_le = invitation.expire_le - DUREE_INVITATION
    if invitation.invite_par_id == auteur.pk and partie_le > maintenant - DOUBLE_ENVOI:
        return invitation
    invitation.invite_par = auteur
    return _expedier(invitation, auteur=auteur, maintenant=maintenant)


def _expedier(invitation: Invitation, *, auteur, maintenant: datetime) -> Invitation:
    jeton = secrets.token_urlsafe(OCTETS_DU_JETON)
    invitation.condensat = condensat(jeton)
    invitation.expire_le = maintenant + DUREE_INVITATION
    invitation.full_clean()
    invitation.save()
    consigner(
        NatureAcces.INVITATION,
        maintenant=maintenant,
        utilisateur=auteur,
        detail=f"{invitation.courriel}, {Role(invitation.role).label}",
        **cible(invitation.portee),
    )
    emails.invitation(invitation, jeton=jeton, maintenant=maintenant)
    return invitation


@transaction.atomic
def revoquer(*, invitation: Invitation, auteur, maintenant: datetime) -> None:
    """Rend le lien inutilisable. :raises ValidationError: si l’invitation a été acceptée ou révoquée."""
    invitation = _verrouiller_ouverte(invitation)
    invitation.revoquee_le = maintenant
    invitation.save()
    consigner(
        NatureAcces.REVOCATION,
        maintenant=maintenant,
        utilisateur=auteur,
        detail=f"Invitation de {invitation.courriel}",
        **cible(invitation.portee),
    )


def _verrouiller(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)


def _verrouiller_ouverte(invitation: Invitation) -> Invitation:
    invitation = _verrouiller(invitation)
    if invitation.acceptee_le or invitation.revoquee_le:
        raise ValidationError("Cette invitation a déjà été acceptée ou révoquée.")
    return invitation


def _est_utilisable(invitation: Invitation, maintenant: datetime) -> bool:
    """Une invitation ne survit pas aux droits de qui l’a faite."""
    auteur = invitation.invite_par
    if not invitation.est_utilisable(maintenant) or not auteur.is_active:
        return False
    if invitation.collectivite is not None:
        return Acces(auteur).peut(Capacite.GERER_COMPTES, invitation.collectivite)
    return Acces(auteur).peut_structure(Capacite.GERER_STRUCTURE, invitation.structure)


def invitation_du_jeton(jeton: str, maintenant: datetime) -> Invitation | None:
    """L’invitation encore utilisable que ce jeton ouvre, ou ``None``, sans dire pourquoi."""
    trouvee = (
        Invitation.objects.select_related("collectivite", "structure", "invite_par")
        .filter(condensat=condensat(jeton))
        .first()
    )
    return trouvee if trouvee is not None and _est_utilisable(trouvee, maintenant) else None


@transaction.atomic
def ouvrir_compte(
    *, invitation: Invitation, prenom: str, nom: str, fonction: str, mot_de_passe: str, maintenant: datetime
) -> Utilisateur:
    """Crée le compte de la personne invitée et lui donne son rôle.

    :raises ValidationError: si le courriel a déjà un compte, que seul son titulaire connecté rattache.
    :raises InvitationPerimee: si le lien ne vaut plus rien.
    """
    _verrouiller(invitation)  # deux envois du même formulaire n’ouvrent pas deux comptes
    deja = Utilisateur.objects.filter(email__iexact=invitation.courriel)
    if deja.exists():
        raise ValidationError(COMPTE_EXISTANT)
    try:
        utilisateur = Utilisateur.objects.create_user(
            invitation.courriel,
            mot_de_passe,
            first_name=prenom.strip(),
            last_name=nom.strip(),
            fonction=fonction.strip(),
        )
    except ValidationError as refus:
        if deja.exists():  # une autre invitation de la même personne vient d’ouvrir son compte
            raise ValidationError(COMPTE_EXISTANT) from refus
        raise
    rattacher(invitation=invitation, utilisateur=utilisateur, maintenant=maintenant)
    return utilisateur


@transaction.atomic
def rattacher(*, invitation: Invitation, utilisateur: Utilisateur, maintenant: datetime) -> None:
    """Donne le rôle à un compte connecté.

    :raises InvitationPerimee: si le lien ne vaut plus rien, ou si son auteur n’a plus le droit d’inviter.
    :raises ValidationError: si le rôle ferait du DPD un décideur.
    """
    invitation = _verrouiller(invitation)
    if not _est_utilisable(invitation, maintenant):
        raise InvitationPerimee
    # DPD par une invitation, décideur par une autre : acceptées ensemble, elles passent l’une après l’autre.
    Utilisateur.objects.select_for_update(no_key=True).get(pk=utilisateur.pk)
    if en_conflit(Role(invitation.role), invitation.portee).filter(pk=utilisateur.pk).exists():
        raise ValidationError(CONFLIT)
    accorder(utilisateur, Role(invitation.role), invitation.portee)
    invitation.acceptee_le = maintenant
    invitation.acceptee_par = utilisateur
    invitation.save()
    consigner(
        NatureAcces.HABILITATION,
        maintenant=maintenant,
        utilisateur=utilisateur,
        detail=f"{utilisateur.email}, {Role(invitation.role).label}, sur invitation",
        **cible(invitation.portee),
    )
