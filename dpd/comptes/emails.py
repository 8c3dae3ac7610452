"""Les courriels des comptes : une fonction par message."""

from datetime import datetime

from django.urls import reverse

from dpd.comptes.enums import FORMES_LONGUES, Role
from dpd.comptes.models import Invitation, Utilisateur
from dpd.comptes.regles.capacites import EXPLICATIONS
from dpd.messagerie.envoi import adresse, envoyer
from dpd.messagerie.models import Message


def invitation(invitation: Invitation, *, jeton: str, maintenant: datetime) -> Message:
    """Le lien personnel d’invitation. Le texte est le même que le destinataire ait déjà un compte ou non."""
    lien = adresse(reverse("comptes:accepter", args=[jeton]))
    return envoyer(
        "invitation",
        gabarit="comptes/emails/invitation",
        contexte={
            "invitation": invitation,
            "lien": lien,
            "forme_longue": FORMES_LONGUES[Role(invitation.role)],
            "explication": EXPLICATIONS[Role(invitation.role)],
        },
        destinataire=invitation.courriel,
        collectivite=invitation.collectivite,
        objet=invitation,
        secret=lien,
        maintenant=maintenant,
    )


def double_facteur_oublie(utilisateur: Utilisateur, *, auteur: Utilisateur, maintenant: datetime) -> Message:
    """Prévient la personne dont on efface le double facteur : elle seule sait si elle l’a demandé."""
    return envoyer(
        "double_facteur_oublie",
        gabarit="comptes/emails/double_facteur_oublie",
        contexte={"utilisateur": utilisateur, "auteur": auteur, "quand": maintenant},
        destinataire=utilisateur.email,
        utilisateur=utilisateur,
        maintenant=maintenant,
    )


def reinitialisation_sans_compte(courriel: str, *, maintenant: datetime) -> Message:
    """Le pendant, pour un courriel sans compte, du lien de mot de passe oublié ; l’appelant l’annule."""
    return envoyer(
        "password_reset_key",
        gabarit="account/email/password_reset_key",
        contexte={"courriel": courriel, "password_reset_url": adresse(reverse("account_reset_password"))},
        destinataire=courriel,
        maintenant=maintenant,
    )
