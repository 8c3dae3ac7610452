"""Ranger une pièce au dossier d’une demande ; ne pas garder celle qui prouve l’identité.

L’identité se justifie par tout moyen. Une copie de titre n’est jamais exigée d’emblée : si le demandeur en
envoie une, elle est détruite dès la vérification (décret 2019-536, art. 77 ; RGPD art. 12-6).
"""

from datetime import date, datetime
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from dpd.pieces.actions import deposer, detruire
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pieces.transaction import transaction_de_depot
from subtraitance.actions.demandes_commun import jour_de, prendre, refuser_la_date
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits, PieceDemande

CLOSE = "Cette demande est close."
DEJA_VERIFIEE = "L’identité est déjà vérifiée\u00a0: ne gardez pas cette pièce."
SANS_MOYEN = "Dites comment vous l’avez vérifiée."
NOM_NEUTRE = "piece-d-identite"
IDENTITE = "Pièce d’identité"
DETRUITE_A_LA_VERIFICATION = "Identité vérifiée\u00a0: la pièce ne se garde pas"


@transaction_de_depot()
def joindre(
    *,
    demande: DemandeDroits,
    fichier: File,
    auteur,
    maintenant: datetime,
    libelle: str = "",
    identite: bool = False,
) -> PieceDemande:
    """Range une pièce ; la même envoyée deux fois n’y est qu’une.

    :raises FichierRefuse: si le fichier n’est pas de ceux que l’on garde.
    :raises ValidationError: si la demande est close, ou si l’identité est déjà vérifiée.
    """
    demande = prendre(demande)
    if demande.etat == EtatDemande.CLOSE:
        raise ValidationError(CLOSE)
    if identite and demande.identite_verifiee_le is not None:
        raise ValidationError({"identite": DEJA_VERIFIEE})
    if identite:
        libelle = IDENTITE
    return ranger(demande, fichier, auteur, maintenant, libelle=libelle, identite=identite)


def ranger(
    demande: DemandeDroits,
    fichier: File,
    auteur,
    maintenant: datetime,
    *,
    libelle: str,
    identite: bool = False,
) -> PieceDemande:
    """La pièce et son lien à la demande, déjà prise sous verrou, dans une transaction de dépôt.

    Le fichier perd son nom : « CNI Gérard Fauré.pdf » survivrait à l’effacement du demandeur.
    """
    neutre = NOM_NEUTRE if identite else f"demande-{demande.numero}-piece-{demande.pieces.count() + 1}"
    fichier.name = f"{neutre}{PurePath(fichier.name or '').suffix}"
    piece = deposer(
        fichier=fichier,
        domaine=DomainePiece.DEMANDE,
        collectivite=demande.collectivite,
        auteur=auteur,
        maintenant=maintenant,
        description=libelle,
        parmi=demande.pieces.values("piece"),
    )
    if deja := demande.pieces.filter(piece=piece).first():
        return _dire_l_identite(deja, auteur, maintenant) if identite else deja
    lien = PieceDemande(
        collectivite=demande.collectivite,
        demande=demande,
        piece=piece,
        libelle=libelle.strip(),
        identite=identite,
    )
    return lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Pièce jointe")


def _dire_l_identite(lien: PieceDemande, auteur, maintenant: datetime) -> PieceDemande:
    """Le second envoi a coché la case oubliée : sans elle, la pièce survivrait à la vérification."""
    if lien.identite:
        return lien
    lien.identite, lien.libelle = True, IDENTITE
    return lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Notée pièce d’identité")


@transaction.atomic
def verifier_identite(
    *, demande: DemandeDroits, le: date, comment: str, auteur, maintenant: datetime
) -> DemandeDroits:
    """Note la vérification, et détruit pour de bon la pièce d’identité jointe.

    :raises ValidationError: si la demande est close, sans dire comment, ou si la date ne se tient pas.
    """
    demande = prendre(demande)
    if demande.etat == EtatDemande.CLOSE:
        raise ValidationError(CLOSE)
    if not comment.strip():
        raise ValidationError({"comment": SANS_MOYEN})
    refuser_la_date(demande, "le", le, jour_de(demande, maintenant))
    demande.identite_verifiee_le, demande.identite_comment = le, comment.strip()
    detruire_les_identites(demande, DETRUITE_A_LA_VERIFICATION, auteur, maintenant)
    return demande.enregistrer(auteur=auteur, maintenant=maintenant, raison="Identité vérifiée")


def detruire_les_identites(demande: DemandeDroits, motif: str, auteur, maintenant: datetime) -> list[Piece]:
    """Détruit ce qui reste de pièces d’identité au dossier."""
    liens = demande.pieces.filter(identite=True, piece__detruite_le=None).select_related("piece")
    return [detruire(piece=lien.piece, motif=motif, auteur=auteur, maintenant=maintenant) for lien in liens]
