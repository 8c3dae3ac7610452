"""Déposer une pièce, la retirer, détruire celle que l’on n’a plus le droit de garder."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from dpd.comptes.models import Utilisateur
from dpd.pieces.controle import controler
from dpd.pieces.enums import DomainePiece
from dpd.pieces.models import Piece
from dpd.pieces.regles.fichier import empreinte
from dpd.pieces.transaction import retenir, transaction_de_depot
from dpd.regles.renvois import DOUBLE_ENVOI


@transaction_de_depot()
def deposer(
    *,
    fichier: File,
    domaine: DomainePiece,
    collectivite=None,
    structure=None,
    auteur,
    maintenant: datetime,
    description: str = "",
    parmi: Iterable = (),
) -> Piece:
    """Garde un fichier et son empreinte ; renvoyé au même dossier dans la minute, il ne fait qu’une pièce.

    La pièce est d’une collectivité ou d’une structure, jamais des deux.

    :param parmi: les clés des pièces du dossier, où un renvoi se reconnaît. Deux dossiers ne partagent
        jamais une pièce : l’effacement de l’un détruirait la preuve de l’autre.
    :raises FichierRefuse: si le fichier n’est pas de ceux que l’on garde (le champ de formulaire
        ``ChampPiece`` le dit avant, sous le champ).
    :raises ValidationError: si la description ou la portée ne convient pas ; rien n’est alors écrit.
    """
    if (collectivite is None) == (structure is None):
        raise ValidationError("Une pièce est d’une collectivité, ou de la structure.")
    constat = controler(fichier)
    sha256 = empreinte(fichier.chunks())
    # Deux envois simultanés de la même personne passent l’un après l’autre, sans gêner ses autres écritures.
    Utilisateur.objects.select_for_update(no_key=True).get(pk=auteur.pk)
    piece = Piece(
        collectivite=collectivite,
        structure=structure,
        domaine=domaine,
        nom=constat.nom,
        description=description.strip(),
        taille=constat.taille,
        type_mime=constat.type_mime,
        sha256=sha256,
        deposee_par=auteur,
        deposee_le=maintenant,
    )
    if deja := _deja_envoyee(piece, parmi):
        return deja
    piece.fichier.save(constat.nom, fichier, save=False)
    retenir(piece.fichier)
    return piece.enregistrer(auteur=auteur, maintenant=maintenant, raison="Pièce déposée")


def _deja_envoyee(piece: Piece, parmi: Iterable) -> Piece | None:
    du_dossier = Piece.objects.de(piece.portee).presentes().filter(pk__in=parmi)
    recentes = du_dossier.filter(deposee_le__gt=piece.deposee_le - DOUBLE_ENVOI)
    return recentes.filter(domaine=piece.domaine, sha256=piece.sha256, deposee_par=piece.deposee_par).first()


@transaction.atomic
def retirer(*, piece: Piece, motif: str, auteur, maintenant: datetime) -> Piece:
    """Retire une pièce : le fichier et la ligne restent, seuls le décideur et le DPD la lisent encore.

    :raises ValidationError: sans motif, ou si elle est déjà retirée.
    """
    actuelle = Piece.objects.select_for_update(no_key=True).get(pk=piece.pk)
    if actuelle.est_retiree:
        raise ValidationError("Cette pièce est déjà retirée.")
    if not motif.strip():
        raise ValidationError({"motif_retrait": "Dites pourquoi vous la retirez."})
    actuelle.retiree_le, actuelle.retiree_par = maintenant, auteur
    actuelle.motif_retrait = motif.strip()
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Pièce retirée")


@transaction.atomic
def detruire(*, piece: Piece, motif: str, auteur, maintenant: datetime) -> Piece:
    """Efface vraiment le fichier ; la ligne et l’empreinte prouvent ce qui fut détruit, quand et par qui.

    Réservé à ce qui ne doit pas être gardé, comme un titre d’identité vérifié. Le fichier part une fois la
    transaction faite : annulée, elle n’a rien détruit.

    :raises ValidationError: sans motif, ou si elle est déjà détruite.
    """
    actuelle = Piece.objects.select_for_update(no_key=True).get(pk=piece.pk)
    if actuelle.est_detruite:
        raise ValidationError("Cette pièce est déjà détruite.")
    if not motif.strip():
        raise ValidationError({"motif_retrait": "Dites pourquoi vous la détruisez."})
    if not actuelle.est_retiree:
        actuelle.retiree_le, actuelle.retiree_par = maintenant, auteur
        actuelle.motif_retrait = motif.strip()
    actuelle.detruite_le, actuelle.detruite_par = maintenant, auteur
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Pièce détruite")
    transaction.on_commit(partial(actuelle.fichier.storage.delete, actuelle.fichier.name))
    return actuelle
