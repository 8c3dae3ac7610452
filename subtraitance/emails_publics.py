"""L’accusé de réception du formulaire public : le lien de suivi, jamais la demande ni le nom."""

from datetime import datetime

from django.urls import reverse

from dpd.messagerie.envoi import adresse, envoyer
from dpd.messagerie.models import Message
from dpd.regles.typographie import date_longue, instant_long
from subtraitance.models import DemandeDroits

ACCUSE = "subtraitance.accuse_public"


def adresse_de_suivi(jeton: str) -> str:
    """L’adresse complète de la page de suivi ; elle vaut pour qui la connaît."""
    return adresse(reverse("subtraitance:suivi", args=[jeton]))


def accuser_reception(*, demande: DemandeDroits, jeton: str, maintenant: datetime) -> Message:
    """Un seul accusé par demande ; la preuve que l’on en garde ne contient pas le lien."""
    suivi = adresse_de_suivi(jeton)
    return envoyer(
        ACCUSE,
        gabarit="subtraitance/emails/accuse_public",
        contexte={
            "collectivite": demande.collectivite,
            "numero": demande.numero,
            "recue_le": instant_long(demande.recue_le.astimezone(demande.collectivite.fuseau)),
            "echeance": date_longue(demande.echeance) if demande.echeance else "",
            "suivi": suivi,
        },
        destinataire=demande.demandeur_courriel,
        collectivite=demande.collectivite,
        objet=demande,
        maintenant=maintenant,
        cle=f"demande-accuse:{demande.pk}",
        secret=suivi,
    )
