"""Ouvrir une convention, la signer : après quoi elle ne change plus."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from dpd.conventions import emails_convention
from dpd.conventions.actions.convention_commun import (
    ABANDONNE,
    joindre,
    recalculer,
    refuser_l_avenir,
    verrouiller,
    verrouiller_collectivite,
)
from dpd.conventions.etapes import choix_du, etapes_retenues
from dpd.conventions.models import Convention, EtapeMiseEnPlace, ModeleConvention
from dpd.conventions.regles.clauses import date_effet
from dpd.conventions.regles.en_clair import le_jour
from dpd.pieces.transaction import transaction_de_depot

DEJA_SIGNEE = "Cette convention est signée par les deux parties\u00a0: elle ne change plus."


@dataclass(frozen=True, slots=True)
class Signatures:
    """Ce que la convention signée dit d’elle-même ; une signature peut manquer encore."""

    signee_collectivite_le: date | None = None
    signee_structure_le: date | None = None
    reference: str = ""
    deliberation: str = ""
    deliberee_le: date | None = None


@transaction.atomic
def preparer_projet(
    *, collectivite, modele: ModeleConvention, reference: str = "", auteur, maintenant: datetime
) -> Convention:
    """Ouvre la convention à signer d’une collectivité, ou en change le modèle tant que personne n’a signé.

    Une seule attend sa signature à la fois.

    :raises ValidationError: si le modèle n’est pas proposé, est d’une autre structure, ou si une partie a
        déjà signé.
    """
    collectivite = verrouiller_collectivite(collectivite)
    if modele.structure_id != collectivite.structure_id:
        raise ValidationError({"modele": "Ce modèle est celui d’une autre structure."})
    projet = Convention.objects.projets().filter(collectivite=collectivite).first()
    if projet is None:
        projet = Convention(collectivite=collectivite)
    elif projet.signee_collectivite_le or projet.signee_structure_le:
        raise ValidationError("Une partie a déjà signé ce projet\u00a0: son modèle ne change plus.")
    if (projet.modele_id, projet.reference) == (modele.pk, reference.strip()):
        return projet
    _exiger_propose(modele, maintenant.astimezone(collectivite.fuseau).date())
    raison = "Projet de convention" if projet.pk is None else "Projet de convention modifié"
    projet.modele, projet.reference = modele, reference.strip()
    return projet.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)


def _exiger_propose(modele: ModeleConvention, jour: date) -> None:
    if modele.en_vigueur_au is not None and modele.en_vigueur_au < jour:
        raise ValidationError(
            {"modele": f"Ce modèle n’est plus proposé depuis {modele.en_vigueur_au:%d/%m/%Y}."}
        )


@transaction_de_depot()
def signer(
    *,
    convention: Convention,
    signatures: Signatures,
    fichier: File | None = None,
    auteur,
    maintenant: datetime,
) -> Convention:
    """Note les signatures ; à la seconde, la convention prend effet et sa mise en place s’ouvre.

    Les étapes retenues par le modèle sont copiées : le modèle peut changer, ce qui est engagé reste.

    :raises ValidationError: si la convention est déjà signée ou abandonnée, si une date se contredit, ou si
        une autre convention couvre le même exercice ; rien n’est alors écrit.
    """
    actuelle = verrouiller(convention)
    _exiger_un_projet(actuelle)
    jour = maintenant.astimezone(actuelle.collectivite.fuseau).date()
    _verifier_les_dates(signatures, jour)
    for nom in Signatures.__slots__:
        setattr(actuelle, nom, getattr(signatures, nom))
    if piece := joindre(actuelle, fichier, "Convention signée", auteur=auteur, maintenant=maintenant):
        actuelle.piece = piece
    complete = _donner_effet(actuelle)
    raison = "Signée par les deux parties" if complete else "Signée par une partie"
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)
    if complete:
        _ouvrir_la_mise_en_place(actuelle, auteur, maintenant)
        emails_convention.convention_signee(convention=actuelle, maintenant=maintenant)
    return actuelle


@transaction.atomic
def abandonner_projet(*, convention: Convention, motif: str, auteur, maintenant: datetime) -> Convention:
    """Abandonne un projet que les deux parties n’ont pas signé ; il reste lisible, avec son motif.

    Demandé deux fois, il ne s’abandonne qu’une.

    :raises ValidationError: si les deux parties ont signé, ou sans motif.
    """
    actuelle = verrouiller(convention)
    if actuelle.abandonnee_le is not None:
        return actuelle
    _exiger_un_projet(actuelle)
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi ce projet est abandonné."})
    actuelle.abandonnee_le = maintenant.astimezone(actuelle.collectivite.fuseau).date()
    actuelle.motif_abandon = motif.strip()
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Projet abandonné")


def _exiger_un_projet(convention: Convention) -> None:
    if convention.date_effet is not None:
        raise ValidationError(DEJA_SIGNEE)
    if convention.abandonnee_le is not None:
        raise ValidationError(ABANDONNE)


def _verifier_les_dates(signatures: Signatures, jour: date) -> None:
    dates = {
        nom: getattr(signatures, nom)
        for nom in ("signee_collectivite_le", "signee_structure_le", "deliberee_le")
    }
    for nom, valeur in dates.items():
        if valeur is not None:
            refuser_l_avenir(valeur, jour, nom)
    collectivite, structure, deliberee = dates.values()
    if collectivite is None and structure is None:
        raise ValidationError({"signee_collectivite_le": "Indiquez au moins une signature."})
    if deliberee is not None and collectivite is not None and deliberee > collectivite:
        raise ValidationError(
            {"deliberee_le": "La délibération autorise la signature\u00a0: elle ne peut pas la suivre."}
        )


def _donner_effet(convention: Convention) -> bool:
    """Vrai si les deux parties ont signé ; la date d’effet et la fin sont alors posées."""
    signatures = (convention.signee_collectivite_le, convention.signee_structure_le)
    convention.date_effet = date_effet(convention.clauses, signatures)
    if convention.date_effet is None:
        return False
    recalculer(convention)
    derniere = max(s for s in signatures if s is not None)
    if convention.fin is not None and convention.fin < derniere:
        raise ValidationError(
            f"Ce modèle la ferait finir le {le_jour(convention.fin)}, avant d’être signée. Choisissez un "
            "modèle dont la date d’effet convient."
        )
    return True


def _ouvrir_la_mise_en_place(convention: Convention, auteur, maintenant: datetime) -> None:
    modele = convention.modele
    choix = choix_du(modele.etapes)
    EtapeMiseEnPlace.objects.creer_en_masse(
        [
            EtapeMiseEnPlace(
                collectivite=convention.collectivite,
                convention=convention,
                code=etape.code,
                ordre=rang,
                libelle=etape.dite(choix),
                acteur=etape.acteur,
                trace_attendue=etape.trace,
                source=etape.source,
            )
            for rang, etape in enumerate(
                etapes_retenues(modele.etapes, etat_mensuel=modele.etat_mensuel), start=1
            )
        ],
        auteur=auteur,
        maintenant=maintenant,
        raison="Mise en place ouverte à la signature",
    )


@transaction_de_depot()
def deposer_signee(*, convention: Convention, fichier: File, auteur, maintenant: datetime) -> Convention:
    """Joint la convention signée, ou la remplace par un meilleur exemplaire ; l’ancien reste déposé.

    :raises ValidationError: si le fichier ne convient pas, si personne n’a encore signé, ou si le projet est
        abandonné.
    """
    actuelle = verrouiller(convention)
    if actuelle.abandonnee_le is not None:
        raise ValidationError(ABANDONNE)
    if not (actuelle.signee_collectivite_le or actuelle.signee_structure_le):
        raise ValidationError("Personne n’a encore signé\u00a0: il n’y a pas d’exemplaire à déposer.")
    piece = joindre(actuelle, fichier, "Convention signée", auteur=auteur, maintenant=maintenant)
    if actuelle.piece_id == piece.pk:
        return actuelle
    actuelle.piece = piece
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Convention signée déposée")
