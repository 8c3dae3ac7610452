"""Renouveler, dénoncer, revenir sur une dénonciation, prévoir : la vie d’une convention signée."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from dpd.conventions import emails_convention
from dpd.conventions.actions.convention_commun import (
    ABANDONNE,
    DEJA_FINIE,
    exiger_l_effet,
    fin_en_cours,
    joindre,
    recalculer,
    refuser_l_avenir,
    verrouiller,
)
from dpd.conventions.enums import CauseFin, Partie, Reconduction
from dpd.conventions.models import Convention, FinConvention, Hausse, Renouvellement
from dpd.conventions.regles.clauses import echeance
from dpd.conventions.regles.denonciation import HorsDelai
from dpd.conventions.regles.en_clair import duree, le_jour, reference
from dpd.conventions.regles.fins import Demande, fin_retenue
from dpd.conventions.regles.vie import fenetre_de_renouvellement
from dpd.pieces.transaction import transaction_de_depot

DEJA_DENONCEE = "Cette convention est déjà dénoncée."


@transaction_de_depot()
def renouveler(
    *,
    convention: Convention,
    notifie_le: date,
    par: Partie,
    fichier: File | None = None,
    auteur,
    maintenant: datetime,
) -> Renouvellement:
    """Renouvelle expressément : la convention repart pour la même durée.

    :raises ValidationError: hors délai (la règle et l’article sont dits), ou si elle ne se renouvelle pas.
    """
    actuelle = verrouiller(convention)
    effet = exiger_l_effet(actuelle)
    refuser_l_avenir(notifie_le, maintenant.astimezone(actuelle.collectivite.fuseau).date(), "notifie_le")
    visee = _echeance_a_renouveler(actuelle, effet, notifie_le)
    renouvellement = Renouvellement(
        collectivite=actuelle.collectivite,
        convention=actuelle,
        echeance=visee,
        notifie_le=notifie_le,
        par=par,
        piece=joindre(actuelle, fichier, "Renouvellement", auteur=auteur, maintenant=maintenant),
    ).enregistrer(auteur=auteur, maintenant=maintenant, raison="Convention renouvelée")
    recalculer(actuelle)
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Convention renouvelée")
    return renouvellement


def _echeance_a_renouveler(convention: Convention, effet: date, notifie_le: date) -> date:
    clauses = convention.clauses
    if clauses.reconduction != Reconduction.EXPRESSE:
        raise ValidationError("Cette convention ne se renouvelle pas expressément.")
    if fin_en_cours(convention):
        raise ValidationError(DEJA_DENONCEE)
    faits = convention.renouvellements.count()
    ouverte = fenetre_de_renouvellement(clauses, effet, faits)
    debut = effet if not faits else echeance(clauses, effet, faits)
    if notifie_le < debut:
        phrase = f"La période en cours commence le {le_jour(debut)}\u00a0: elle n’est pas à renouveler."
        raise ValidationError({"notifie_le": phrase})
    if notifie_le > ouverte.limite:
        delai = duree(clauses.renouvellement_mois or 0)
        raise ValidationError(
            {
                "notifie_le": f"Hors délai\u00a0: elle se renouvelle expressément au moins {delai} avant "
                f"l’échéance du {le_jour(ouverte.echeance)}, donc au plus tard le {le_jour(ouverte.limite)}"
                f"{reference(clauses.article_duree)}. Il faut une nouvelle convention."
            }
        )
    return ouverte.echeance


@transaction_de_depot()
def denoncer(
    *,
    convention: Convention,
    cause: CauseFin,
    par: Partie,
    notifiee_le: date,
    fin_voulue: date | None = None,
    hausse: Hausse | None = None,
    deliberation: str = "",
    motif: str = "",
    fichier: File | None = None,
    auteur,
    maintenant: datetime,
) -> FinConvention:
    """Met fin à la convention ; le dernier jour se calcule des clauses, il ne se choisit pas.

    :raises ValidationError: hors délai (la règle, l’article et la première fin possible sont dits), déjà
        dénoncée, déjà finie, ou cause que la convention n’ouvre pas.
    """
    actuelle = verrouiller(convention)
    effet = exiger_l_effet(actuelle)
    refuser_l_avenir(notifiee_le, maintenant.astimezone(actuelle.collectivite.fuseau).date(), "notifiee_le")
    _refuser_si_finie(actuelle, notifiee_le)
    if hausse is not None and hausse.convention_id != actuelle.pk:
        raise ValidationError({"hausse": "Cette hausse a été notifiée pour une autre convention."})
    demande = Demande(cause, par, notifiee_le, fin_voulue, hausse.notifiee_le if hausse else None)
    retenue = _fin_retenue(actuelle, effet, demande)
    fin = FinConvention(
        collectivite=actuelle.collectivite,
        convention=actuelle,
        cause=cause,
        par=par,
        notifiee_le=notifiee_le,
        deliberation=deliberation.strip(),
        motif=motif.strip(),
        fin=retenue.jour,
        regle=retenue.regle,
        piece=joindre(actuelle, fichier, "Dénonciation", auteur=auteur, maintenant=maintenant),
    ).enregistrer(auteur=auteur, maintenant=maintenant, raison="Fin de la convention notée")
    recalculer(actuelle, raccourcie=True)
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Fin de la convention notée")
    emails_convention.convention_denoncee(convention=actuelle, fin=fin, maintenant=maintenant)
    return fin


def _refuser_si_finie(convention: Convention, jour: date) -> None:
    if fin_en_cours(convention):
        raise ValidationError(DEJA_DENONCEE)
    if convention.fin is not None and convention.fin < jour:
        raise ValidationError(DEJA_FINIE.format(le_jour(convention.fin)))


def _fin_retenue(convention: Convention, effet: date, demande: Demande):
    """La fin calculée ; un refus revient sous le champ à corriger."""
    try:
        return fin_retenue(convention.clauses, effet, demande)
    except HorsDelai as refus:
        champ = "notifiee_le" if demande.cause == CauseFin.HAUSSE else "fin_voulue"
        raise ValidationError({champ: str(refus)}) from refus
    except ValueError as refus:
        raise ValidationError(str(refus)) from refus


@transaction.atomic
def retirer_denonciation(
    *, convention: Convention, motif: str, auteur, maintenant: datetime
) -> FinConvention:
    """Revient sur une dénonciation avant son effet ; elle reste lisible, avec le motif du retrait.

    :raises ValidationError: s’il n’y en a pas, si elle a déjà pris effet, sans motif, ou si une autre
        convention couvre désormais l’exercice.
    """
    actuelle = verrouiller(convention)
    fin, jour = fin_en_cours(actuelle), maintenant.astimezone(actuelle.collectivite.fuseau).date()
    if fin is None:
        raise ValidationError("Aucune dénonciation n’est à retirer.")
    if fin.fin < jour:
        raise ValidationError(DEJA_FINIE.format(le_jour(fin.fin)))
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la dénonciation est retirée."})
    fin.retiree_le, fin.motif_retrait = jour, motif.strip()
    fin.enregistrer(auteur=auteur, maintenant=maintenant, raison="Dénonciation retirée")
    recalculer(actuelle)
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Dénonciation retirée")
    return fin


@transaction.atomic
def prevoir(
    *,
    convention: Convention,
    forfait_code: str,
    jours_mise_en_place: Decimal | None,
    jours_accompagnement: Decimal | None,
    auteur,
    maintenant: datetime,
) -> Convention:
    """Choisit le forfait et les jours prévus par phase ; n’écrit rien si rien ne change.

    :raises ValidationError: si la convention a pris fin ou n’a été qu’un projet abandonné, ou pour un nombre
        de jours négatif.
    """
    actuelle = verrouiller(convention)
    if actuelle.abandonnee_le is not None:
        raise ValidationError(ABANDONNE)
    jour = maintenant.astimezone(actuelle.collectivite.fuseau).date()
    if actuelle.fin is not None and actuelle.fin < jour:
        raise ValidationError(DEJA_FINIE.format(le_jour(actuelle.fin)))
    voulu = {
        "forfait_code": forfait_code,
        "jours_mise_en_place": jours_mise_en_place,
        "jours_accompagnement": jours_accompagnement,
    }
    for nom, valeur in voulu.items():
        if isinstance(valeur, Decimal) and valeur < 0:
            raise ValidationError({nom: "Un nombre de jours n’est pas négatif."})
    if all(getattr(actuelle, nom) == valeur for nom, valeur in voulu.items()):
        return actuelle
    for nom, valeur in voulu.items():
        setattr(actuelle, nom, valeur)
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Forfait et jours prévus")
