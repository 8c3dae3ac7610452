"""Retirer un rôle, fermer ou rouvrir un compte, tenir son profil."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes import emails, sessions
from dpd.comptes.droits import Acces, personnes_de, retirer
from dpd.comptes.enums import NatureAcces, Role, Theme
from dpd.comptes.journal import cible, consigner
from dpd.comptes.models import Collectivite, Structure, Utilisateur
from dpd.comptes.tentatives import oublier_les_codes

REACTIVE = "compte réactivé"
DERNIER_DPD = "C’est le dernier DPD de la structure\u00a0: invitez d’abord son successeur."


def est_dernier(utilisateur: Utilisateur, role: Role, portee) -> bool:
    """Vrai si plus aucun compte actif n’exercerait ce rôle ici sans cette personne."""
    return not personnes_de(portee, role).exclude(pk=utilisateur.pk).exists()


@transaction.atomic
def retirer_role(*, utilisateur: Utilisateur, role: Role, portee, auteur, maintenant: datetime) -> None:
    """Retire une habilitation ; elle cesse à la requête suivante.

    :raises ValidationError: si c’est le dernier DPD, sans qui plus personne ne gérerait les accès.
    """
    if role == Role.DPD:
        _garder_un_dpd(utilisateur, portee)
    retirer(utilisateur, role, portee)
    consigner(
        NatureAcces.REVOCATION,
        maintenant=maintenant,
        utilisateur=auteur,
        detail=f"{utilisateur.email}, {role.label}",
        **cible(portee),
    )


@transaction.atomic
def desactiver(*, utilisateur: Utilisateur, structure, auteur, maintenant: datetime) -> None:
    """Ferme un compte, jamais effacé, et coupe ses sessions ; ses rôles restent, pour l’historique.

    :raises ValidationError: son propre compte, le dernier DPD, un compte qui sert aussi ailleurs.
    """
    if utilisateur == auteur:
        raise ValidationError("Vous ne pouvez pas désactiver votre propre compte.")
    _refuser_si_ailleurs(utilisateur, structure)
    if Role.DPD in Acces(utilisateur).roles_structure(structure):
        _garder_un_dpd(utilisateur, structure)
    _basculer(utilisateur, False)
    sessions.couper(utilisateur, maintenant=maintenant)
    consigner(
        NatureAcces.DESACTIVATION,
        maintenant=maintenant,
        utilisateur=auteur,
        structure=structure,
        detail=utilisateur.email,
    )


@transaction.atomic
def reactiver(*, utilisateur: Utilisateur, structure, auteur, maintenant: datetime) -> None:
    """Rouvre un compte désactivé, avec les rôles qu’il avait."""
    _refuser_si_ailleurs(utilisateur, structure)
    _basculer(utilisateur, True)
    consigner(
        NatureAcces.HABILITATION,
        maintenant=maintenant,
        utilisateur=auteur,
        structure=structure,
        detail=f"{utilisateur.email}, {REACTIVE}",
    )


@transaction.atomic
def oublier_double_facteur(*, utilisateur: Utilisateur, structure, auteur, maintenant: datetime) -> None:
    """Pour qui a perdu téléphone et codes de secours : le double facteur est à refaire, les sessions coupées.

    La personne en reçoit un courriel. Sans effet s’il n’y a rien à oublier.

    À ne faire qu’après avoir vérifié de vive voix à qui l’on parle.

    :raises ValidationError: son propre compte, un compte qui sert aussi ailleurs.
    """
    if utilisateur == auteur:
        raise ValidationError("Demandez à un collègue\u00a0: on n’efface pas son propre double facteur.")
    _refuser_si_ailleurs(utilisateur, structure)
    Utilisateur.objects.select_for_update(no_key=True).get(pk=utilisateur.pk)
    oublies, _ = Authenticator.objects.filter(user=utilisateur).delete()
    oublier_les_codes(utilisateur)
    if not oublies:
        return
    sessions.couper(utilisateur, maintenant=maintenant)
    consigner(
        NatureAcces.REVOCATION,
        maintenant=maintenant,
        utilisateur=auteur,
        structure=structure,
        detail=f"{utilisateur.email}, double facteur à refaire",
    )
    emails.double_facteur_oublie(utilisateur, auteur=auteur, maintenant=maintenant)


def _garder_un_dpd(utilisateur: Utilisateur, structure: Structure) -> None:
    # Deux DPD ne se retirent pas l’un l’autre.
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    if est_dernier(utilisateur, Role.DPD, structure):
        raise ValidationError(DERNIER_DPD)


def _basculer(utilisateur: Utilisateur, actif: bool) -> None:
    utilisateur.is_active = actif
    utilisateur.save(update_fields=["is_active"])


def _refuser_si_ailleurs(utilisateur: Utilisateur, structure) -> None:
    acces = Acces(utilisateur)
    ailleurs = Collectivite.objects.filter(pk__in=acces.par_collectivite).exclude(structure=structure)
    if set(acces.par_structure) - {structure.pk} or ailleurs.exists():
        raise ValidationError("Ce compte sert aussi ailleurs\u00a0: retirez-lui plutôt ses rôles ici.")


@transaction.atomic
def modifier_profil(
    *, utilisateur: Utilisateur, prenom: str, nom: str, fonction: str, telephone: str
) -> None:
    """Tient à jour l’identité affichée ; le courriel, qui sert à se connecter, ne change pas ici."""
    utilisateur.first_name, utilisateur.last_name = prenom.strip(), nom.strip()
    utilisateur.fonction, utilisateur.telephone = fonction.strip(), telephone.strip()
    utilisateur.full_clean(exclude=["password"])
    utilisateur.save(update_fields=["first_name", "last_name", "fonction", "telephone"])


@transaction.atomic
def choisir_theme(*, utilisateur: Utilisateur, theme: Theme) -> None:
    """Clair, sombre ou automatique, pour tous les appareils de la personne."""
    utilisateur.theme = theme
    utilisateur.skip_history_when_saving = True  # un goût, pas un fait
    utilisateur.save(update_fields=["theme"])
