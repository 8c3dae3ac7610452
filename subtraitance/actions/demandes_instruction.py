"""Instruire une demande : attendre ce qui manque, chercher, prolonger, répondre, clore."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.transaction import transaction_de_depot
from subtraitance import emails
from subtraitance.actions.demandes_commun import franchir, jour_de, poser_les_delais, prendre
from subtraitance.enums import CanalDemande, SensReponse
from subtraitance.models import DemandeDroits, PieceDemande, Prolongation, Reponse, SuspensionDemande
from subtraitance.regles.transitions import Geste

TROP_TARD = (
    "Le premier mois est passé\u00a0: on ne prolonge qu’en avertissant le demandeur avant sa fin (art. 12-3)."
)
SANS_DELAI = "Ce délai n’est pas celui du RGPD : il ne se suspend ni ne se prolonge ici."
RESTREIGNENT = frozenset({SensReponse.REFUS, SensReponse.PARTIELLE})
SANS_REPONSE = "Joignez la réponse, ou écrivez-la."


@transaction.atomic
def suspendre(
    *, demande: DemandeDroits, motif: str, debut: date, auteur, maintenant: datetime
) -> SuspensionDemande:
    """Arrête le délai le temps que le demandeur précise ou justifie son identité (art. 12-6).

    :raises ValidationError: sans motif, déjà suspendue, dans le futur, avant la réception ou trop tard.
    """
    demande = prendre(demande)
    franchir(demande, Geste.SUSPENDRE, auteur, motif)
    jour = jour_de(demande, maintenant)
    if debut > jour:
        raise ValidationError({"debut": "Cette date est dans le futur."})
    if debut < jour_de(demande, demande.recue_le):
        raise ValidationError({"debut": "C’est avant la réception de la demande."})
    if demande.echeance is None or demande.informer_avant is None:
        raise ValidationError(SANS_DELAI)
    if debut > demande.echeance:
        raise ValidationError({"debut": "Le délai était déjà passé\u00a0: il ne se suspend plus."})
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


@transaction.atomic
def reprendre(*, demande: DemandeDroits, fin: date, auteur, maintenant: datetime) -> DemandeDroits:
    """Le demandeur a répondu : le délai repart, allongé des jours d’attente.

    :raises ValidationError: si le délai n’est pas suspendu, ou si la date ne se tient pas.
    """
    demande = prendre(demande)
    franchir(demande, Geste.REPRENDRE, auteur)
    suspension = demande.suspensions.select_for_update().get(fin=None)
    jour = jour_de(demande, maintenant)
    if fin > jour:
        raise ValidationError({"fin": "Cette date est dans le futur."})
    suspension.fin = fin
    suspension.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai repris")
    poser_les_delais(demande, jour)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Délai repris")


@transaction.atomic
def prolonger(
    *, demande: DemandeDroits, motif: str, informe_le: date, auteur, maintenant: datetime
) -> Prolongation:
    """Deux mois de plus, comptés depuis la réception, si le demandeur en est averti dans le premier mois.

    :raises ValidationError: sans motif, déjà prolongée, ou si l’avertissement vient trop tard.
    """
    demande = prendre(demande)
    franchir(demande, Geste.PROLONGER, auteur, motif)
    jour = jour_de(demande, maintenant)
    if demande.prolongee:
        raise ValidationError("Cette demande est déjà prolongée\u00a0: elle ne l’est qu’une fois.")
    if informe_le > jour:
        raise ValidationError({"informe_le": "Cette date est dans le futur."})
    if informe_le < jour_de(demande, demande.recue_le):
        raise ValidationError({"informe_le": "C’est avant la réception de la demande."})
    if demande.informer_avant is None:
        raise ValidationError(SANS_DELAI)
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


@transaction.atomic
def commencer_la_recherche(*, demande: DemandeDroits, auteur, maintenant: datetime) -> DemandeDroits:
    """La collectivité cherche dans ses traitements."""
    demande = prendre(demande)
    franchir(demande, Geste.CHERCHER, auteur)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Recherche commencée")


@transaction_de_depot()
def repondre(
    *,
    demande: DemandeDroits,
    sens: SensReponse,
    envoyee_le: date,
    canal: CanalDemande,
    auteur,
    maintenant: datetime,
    motif: str = "",
    voies_de_recours: bool = False,
    destinataires_informes: bool | None = None,
    texte: str = "",
    fichier=None,
) -> Reponse:
    """Enregistre la réponse du responsable de traitement ; elle arrête le délai.

    :raises ValidationError: sans texte ni pièce, un refus sans motif ni voie de recours (art. 12-4), ou une
        date qui ne se tient pas.
    """
    demande = prendre(demande)
    franchir(demande, Geste.REFUSER if sens in RESTREIGNENT else Geste.REPONDRE, auteur, motif)
    if fichier is None and not texte.strip():
        raise ValidationError({"texte": SANS_REPONSE})
    if envoyee_le > jour_de(demande, maintenant):
        raise ValidationError({"envoyee_le": "Cette date est dans le futur."})
    if envoyee_le < jour_de(demande, demande.recue_le):
        raise ValidationError({"envoyee_le": "C’est avant la réception de la demande."})
    piece = None
    if fichier is not None:
        piece = _joindre(demande, fichier, auteur, maintenant)
    reponse = Reponse(
        collectivite=demande.collectivite,
        demande=demande,
        sens=sens,
        motif=motif.strip(),
        voies_de_recours=voies_de_recours,
        envoyee_le=envoyee_le,
        canal=canal,
        piece=piece,
        destinataires_informes=destinataires_informes,
        decidee_par=auteur,
        decidee_le=maintenant,
    )
    reponse.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réponse envoyée")
    demande.repondue_le = demande.repondue_le or envoyee_le
    demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réponse envoyée")
    emails.demande_repondue(demande=demande, maintenant=maintenant)
    return reponse


def _joindre(demande: DemandeDroits, fichier, auteur, maintenant: datetime):
    piece = deposer(
        fichier=fichier,
        domaine=DomainePiece.DEMANDE,
        collectivite=demande.collectivite,
        auteur=auteur,
        maintenant=maintenant,
        description="Réponse",
    )
    lien = PieceDemande(collectivite=demande.collectivite, demande=demande, piece=piece, libelle="Réponse")
    lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Pièce jointe")
    return piece


@transaction.atomic
def clore(*, demande: DemandeDroits, auteur, maintenant: datetime) -> DemandeDroits:
    """:raises ValidationError: si la réponse n’est pas partie."""
    demande = prendre(demande)
    franchir(demande, Geste.CLORE, auteur)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Demande close")


@transaction.atomic
def rouvrir(*, demande: DemandeDroits, motif: str, auteur, maintenant: datetime) -> DemandeDroits:
    """:raises ValidationError: sans motif, ou si elle n’est pas close."""
    demande = prendre(demande)
    franchir(demande, Geste.ROUVRIR, auteur, motif)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison=motif.strip())
