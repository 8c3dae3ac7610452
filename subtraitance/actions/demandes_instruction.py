"""Instruire une demande : attendre ce qui manque, chercher, prolonger, répondre, clore."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from subtraitance.actions.demandes_commun import franchir, jour_de, prendre
from subtraitance.actions.demandes_delais import prolonger, reprendre, suspendre
from subtraitance.actions.demandes_pieces import detruire_les_identites, joindre, verifier_identite
from subtraitance.actions.demandes_reponse import repondre
from subtraitance.actions.effacement import poser_l_effacement
from subtraitance.models import DemandeDroits
from subtraitance.regles.transitions import Geste

__all__ = [
    "clore",
    "commencer_la_recherche",
    "joindre",
    "prolonger",
    "repondre",
    "reprendre",
    "rouvrir",
    "suspendre",
    "verifier_identite",
]
EFFACEE = "Les données du demandeur sont effacées\u00a0: cette demande ne se rouvre plus."
DETRUITE_A_LA_CLOTURE = "Demande close\u00a0: la pièce ne se garde pas"


@transaction.atomic
def commencer_la_recherche(*, demande: DemandeDroits, auteur, maintenant: datetime) -> DemandeDroits:
    """La collectivité cherche dans ses traitements.

    :raises ValidationError: si l’étape ou le rôle ne le permet pas.
    """
    demande = prendre(demande)
    franchir(demande, Geste.CHERCHER, auteur)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Recherche commencée")


@transaction.atomic
def clore(*, demande: DemandeDroits, auteur, maintenant: datetime) -> DemandeDroits:
    """Clôt la demande : sa durée de conservation part d’ici, et aucune pièce d’identité n’y survit.

    :raises ValidationError: si la réponse n’est pas partie.
    """
    demande = prendre(demande)
    franchir(demande, Geste.CLORE, auteur)
    detruire_les_identites(demande, DETRUITE_A_LA_CLOTURE, auteur, maintenant)
    poser_l_effacement(demande, jour_de(demande, maintenant))
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande close")


@transaction.atomic
def rouvrir(*, demande: DemandeDroits, motif: str, auteur, maintenant: datetime) -> DemandeDroits:
    """:raises ValidationError: sans motif, si elle n’est pas close, ou si le demandeur est effacé."""
    demande = prendre(demande)
    franchir(demande, Geste.ROUVRIR, auteur, motif)
    if demande.efface_le is not None:
        raise ValidationError(EFFACEE)
    demande.effacer_apres = None
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison=motif.strip())
