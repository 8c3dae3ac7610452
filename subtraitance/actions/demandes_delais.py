"""Arrêter le délai le temps d’une réponse du demandeur, le reprendre, le prolonger (RGPD art. 12)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from subtraitance.actions.demandes_commun import (
    franchir,
    jour_de,
    poser_les_delais,
    prendre,
    refuser_la_date,
)
from subtraitance.models import DemandeDroits, Prolongation, SuspensionDemande
from subtraitance.regles.regimes import suit_le_rgpd
from subtraitance.regles.transitions import Geste

TROP_TARD = (
    "Le premier mois est passé\u00a0: on ne prolonge qu’en avertissant le demandeur avant sa fin (art. 12-3)."
)
SANS_DELAI = "Ce délai n’est pas celui du RGPD\u00a0: il ne se suspend ni ne se prolonge ici."
A_QUALIFIER = "Qualifiez d’abord la demande\u00a0: seul le délai du RGPD se suspend ou se prolonge."
DEJA_PASSE = "Le délai était déjà passé\u00a0: il ne se suspend plus."
DEJA_PROLONGEE = "Cette demande est déjà prolongée\u00a0: elle ne l’est qu’une fois."
AVANT_LA_QUESTION = "C’est avant la date où vous l’avez demandé."


@transaction.atomic
def suspendre(
    *, demande: DemandeDroits, motif: str, debut: date, auteur, maintenant: datetime
) -> SuspensionDemande:
    """Arrête le délai le temps que le demandeur précise ou justifie son identité (art. 12-6).

    ``motif`` : le doute raisonnable, et ce que l’on a demandé.

    :raises ValidationError: sans motif, hors RGPD, déjà suspendue, dans le futur, avant la réception ou trop
        tard.
    """
    demande = prendre(demande)
    franchir(demande, Geste.SUSPENDRE, auteur, motif)
    jour = jour_de(demande, maintenant)
    refuser_la_date(demande, "debut", debut, jour)
    _refuser_hors_rgpd(demande)
    if debut > demande.echeance:
        raise ValidationError({"debut": DEJA_PASSE})
    suspension = SuspensionDemande(
        collectivite=demande.collectivite,
        demande=demande,
        motif=motif.strip(),
        debut=debut,
        suspendue_par=auteur,
        suspendue_le=maintenant,
    )
    suspension.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai suspendu")
    poser_les_delais(demande, jour)
    demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai suspendu")
    return suspension


def _refuser_hors_rgpd(demande: DemandeDroits) -> None:
    if not suit_le_rgpd(demande.regime):
        raise ValidationError(SANS_DELAI if demande.regime else A_QUALIFIER)


@transaction.atomic
def reprendre(*, demande: DemandeDroits, fin: date, auteur, maintenant: datetime) -> DemandeDroits:
    """Le demandeur a répondu : le délai repart, allongé des jours d’attente.

    :raises ValidationError: si le délai n’est pas suspendu, ou si la date ne se tient pas.
    """
    demande = prendre(demande)
    franchir(demande, Geste.REPRENDRE, auteur)
    jour = jour_de(demande, maintenant)
    refuser_la_date(demande, "fin", fin, jour)
    finir_la_suspension(demande, fin, auteur, maintenant)
    poser_les_delais(demande, jour)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai repris")


def finir_la_suspension(demande: DemandeDroits, fin: date, auteur, maintenant: datetime) -> None:
    """Ferme celle qui dure, s’il y en a une.

    :raises ValidationError: si cette date précède la question.
    """
    suspension = demande.suspensions.select_for_update(no_key=True).filter(fin=None).first()
    if suspension is None:
        return
    if fin < suspension.debut:
        raise ValidationError({"fin": AVANT_LA_QUESTION})
    suspension.fin = fin
    suspension.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai repris")


@transaction.atomic
def prolonger(
    *, demande: DemandeDroits, motif: str, informe_le: date, auteur, maintenant: datetime
) -> Prolongation:
    """Deux mois de plus, comptés depuis la réception, si le demandeur en est averti dans le premier mois.

    :raises ValidationError: sans motif, hors RGPD, déjà prolongée, ou si l’avertissement vient trop tard.
    """
    demande = prendre(demande)
    franchir(demande, Geste.PROLONGER, auteur, motif)
    jour = jour_de(demande, maintenant)
    if demande.prolongee:
        raise ValidationError(DEJA_PROLONGEE)
    refuser_la_date(demande, "informe_le", informe_le, jour)
    _refuser_hors_rgpd(demande)
    if informe_le > demande.informer_avant:
        raise ValidationError({"informe_le": TROP_TARD})
    prolongation = Prolongation(
        collectivite=demande.collectivite,
        demande=demande,
        motif=motif.strip(),
        informe_le=informe_le,
        decidee_par=auteur,
        decidee_le=maintenant,
    )
    prolongation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai prolongé")
    demande.prolongee = True
    poser_les_delais(demande, jour)
    demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai prolongé")
    return prolongation
