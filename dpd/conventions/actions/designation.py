"""Noter la désignation du DPD faite à la CNIL : l’application n’envoie rien, elle garde la preuve."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files import File

from dpd.comptes.actions_collectivites import modifier_collectivite
from dpd.conventions.actions.convention_commun import refuser_l_avenir, verrouiller_collectivite
from dpd.conventions.models import Designation
from dpd.conventions.regles.en_clair import le_jour
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.transaction import transaction_de_depot


@dataclass(frozen=True, slots=True)
class Declaration:
    """Ce qui a été déclaré sur le téléservice."""

    delegue: str
    coordonnees: str = ""
    representant: str = ""
    numero: str = ""


def designation_en_cours(collectivite) -> Designation | None:
    """Celle qui vaut ; chaque personne morale n’en a qu’une à la fois (RGPD art. 37-7)."""
    return Designation.objects.filter(collectivite=collectivite, fin_le__isnull=True).first()


@transaction_de_depot()
def designer(
    *,
    collectivite,
    declaration: Declaration,
    designee_le: date,
    fichier: File | None = None,
    auteur,
    maintenant: datetime,
) -> Designation:
    """Note une désignation faite : n° d’accusé, date, pièce.

    :raises ValidationError: si une désignation est déjà en cours, ou datée de demain.
    """
    actuelle = verrouiller_collectivite(collectivite)
    refuser_l_avenir(designee_le, maintenant.astimezone(actuelle.fuseau).date(), "designee_le")
    if deja := designation_en_cours(actuelle):
        depuis = le_jour(deja.designee_le)
        raise ValidationError(
            f"Une désignation est en cours depuis le {depuis}. Modifiez-la, ou finissez-la."
        )
    designation = Designation(collectivite=actuelle, designee_le=designee_le)
    _declarer(designation, declaration)
    designation.piece = _deposer(designation, fichier, auteur, maintenant)
    designation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Désignation à la CNIL notée")
    _reporter(actuelle, declaration.numero.strip(), designee_le, auteur, maintenant)
    return designation


@transaction_de_depot()
def modifier_designation(
    *,
    designation: Designation,
    declaration: Declaration,
    modifiee_le: date,
    fichier: File | None = None,
    auteur,
    maintenant: datetime,
) -> Designation:
    """Note une modification déclarée à la CNIL : nouveau responsable légal, nouvelles coordonnées.

    :raises ValidationError: si la mission a pris fin, ou si la date précède la désignation.
    """
    actuelle = _verrouiller(designation)
    refuser_l_avenir(modifiee_le, maintenant.astimezone(actuelle.collectivite.fuseau).date(), "modifiee_le")
    if modifiee_le < actuelle.designee_le:
        raise ValidationError({"modifiee_le": f"La désignation date du {le_jour(actuelle.designee_le)}."})
    _declarer(actuelle, declaration)
    actuelle.modifiee_le = modifiee_le
    if piece := _deposer(actuelle, fichier, auteur, maintenant):
        actuelle.piece = piece
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Désignation modifiée à la CNIL")
    _reporter(actuelle.collectivite, actuelle.numero, actuelle.designee_le, auteur, maintenant)
    return actuelle


@transaction_de_depot()
def finir_designation(
    *,
    designation: Designation,
    fin_le: date,
    motif_fin: str,
    fichier: File | None = None,
    auteur,
    maintenant: datetime,
) -> Designation:
    """Note la fin de mission déclarée à la CNIL ; la désignation reste lisible.

    :raises ValidationError: sans motif, si elle est déjà finie, ou si la fin précède la désignation.
    """
    actuelle = _verrouiller(designation)
    refuser_l_avenir(fin_le, maintenant.astimezone(actuelle.collectivite.fuseau).date(), "fin_le")
    if not motif_fin.strip():
        raise ValidationError({"motif_fin": "Dites pourquoi la mission prend fin."})
    if fin_le < actuelle.designee_le:
        raise ValidationError({"fin_le": f"La désignation date du {le_jour(actuelle.designee_le)}."})
    actuelle.fin_le, actuelle.motif_fin = fin_le, motif_fin.strip()
    if piece := _deposer(actuelle, fichier, auteur, maintenant):
        actuelle.piece = piece
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Fin de mission déclarée à la CNIL")
    _reporter(actuelle.collectivite, "", None, auteur, maintenant)
    return actuelle


def _verrouiller(designation: Designation) -> Designation:
    verrouiller_collectivite(designation.collectivite)
    actuelle = Designation.objects.select_related("collectivite__structure").get(pk=designation.pk)
    if actuelle.fin_le is not None:
        raise ValidationError(f"Cette mission a pris fin le {le_jour(actuelle.fin_le)}.")
    return actuelle


def _declarer(designation: Designation, declaration: Declaration) -> None:
    for nom in Declaration.__slots__:
        setattr(designation, nom, getattr(declaration, nom).strip())


def _reporter(collectivite, numero: str, jour: date | None, auteur, maintenant: datetime) -> None:
    """La fiche de la collectivité dit la désignation qui vaut."""
    modifier_collectivite(
        collectivite=collectivite,
        auteur=auteur,
        maintenant=maintenant,
        motif="Désignation à la CNIL",
        designation_numero=numero,
        designation_date=jour,
    )


def _deposer(designation: Designation, fichier: File | None, auteur, maintenant: datetime):
    if fichier is None:
        return None
    return deposer(
        fichier=fichier,
        domaine=DomainePiece.DESIGNATION,
        collectivite=designation.collectivite,
        auteur=auteur,
        maintenant=maintenant,
        description="Accusé de la CNIL",
        parmi=[designation.piece_id],
    )
