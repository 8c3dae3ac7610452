"""La fiche d’un prestataire : le DPD la crée, la tient à jour, la vérifie."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Structure
from dpd.vocabulaire import TypePrestataire
from subtraitance.actions.annuaire import connu
from subtraitance.actions.annuaire_commun import changements, prendre, prevenir
from subtraitance.enums import EtatFiche
from subtraitance.models import SousTraitant

CHAMPS = (
    *("nom", "siren", "type", "adresse", "site", "courriel", "telephone"),
    *("securite_courriel", "securite_telephone", "dpd_nom", "dpd_courriel"),
    *("hebergement", "hebergement_pays"),
)


def _verrouiller(structure: Structure) -> Structure:
    return Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)


def _refuser_un_siren_pris(structure: Structure, siren: str, sauf: int | None = None) -> None:
    pris = SousTraitant.objects.de_la_structure(structure).utilisables().filter(siren=siren).exclude(pk=sauf)
    if siren and (autre := pris.first()):
        raise ValidationError(
            {"siren": f"Ce SIREN est celui de «\u00a0{autre.nom}\u00a0», déjà dans l’annuaire."}
        )


@transaction.atomic
def creer_prestataire(*, structure: Structure, auteur, maintenant: datetime, **valeurs: Any) -> SousTraitant:
    """Une fiche vérifiée, écrite par le DPD lui-même ; renvoyée deux fois, elle n’est créée qu’une.

    :raises ValidationError: par champ ; si ce SIREN, ou ce nom sans SIREN, est déjà à l’annuaire.
    """
    structure = _verrouiller(structure)
    _refuser_un_siren_pris(structure, valeurs.get("siren", ""))
    if not valeurs.get("siren") and connu(structure, valeurs.get("nom", ""), ""):
        raise ValidationError(
            {"nom": "Un prestataire de ce nom est déjà dans l’annuaire\u00a0: un SIREN les distinguera."}
        )
    fiche = SousTraitant(
        structure=structure,
        etat=EtatFiche.VERIFIEE,
        proposee_par=auteur,
        proposee_le=maintenant,
        verifiee_par=auteur,
        verifiee_le=maintenant,
        **valeurs,
    )
    return fiche.enregistrer(auteur=auteur, maintenant=maintenant, raison="Fiche créée")


@transaction.atomic
def modifier_prestataire(
    *, fiche: SousTraitant, auteur, maintenant: datetime, **valeurs: Any
) -> tuple[SousTraitant, int]:
    """La fiche à jour, et combien de collectivités en sont prévenues (voir ``changements``).

    Sans rien de changé, rien n’est écrit ni envoyé.

    :raises ValidationError: par champ ; si elle est réunie à une autre ou que son SIREN est pris.
    """
    avant, apres = prendre(fiche), prendre(fiche)
    _refuser_un_siren_pris(avant.structure, valeurs.get("siren", ""), sauf=avant.pk)
    for champ, valeur in valeurs.items():
        setattr(apres, champ, valeur)
    if all(getattr(avant, champ) == getattr(apres, champ) for champ in CHAMPS):
        return avant, 0
    apres.enregistrer(auteur=auteur, maintenant=maintenant, raison="Fiche modifiée")
    prevenues = prevenir(apres, changements(avant, apres), sujet="fiche", maintenant=maintenant)
    return apres, prevenues


@transaction.atomic
def verifier_prestataire(*, fiche: SousTraitant, auteur, maintenant: datetime) -> SousTraitant:
    """Le DPD a contrôlé la fiche proposée ; sans effet si elle l’est déjà."""
    actuelle = prendre(fiche)
    if actuelle.etat == EtatFiche.VERIFIEE:
        return actuelle
    actuelle.etat, actuelle.verifiee_par, actuelle.verifiee_le = EtatFiche.VERIFIEE, auteur, maintenant
    return actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Fiche vérifiée")


@transaction.atomic
def inscrire_la_structure(*, structure: Structure, auteur, maintenant: datetime) -> SousTraitant:
    """La fiche de la structure elle-même, sous-traitante de celles qu’elle sert ; une seule fois.

    Une fiche de son SIREN, déjà à l’annuaire, le devient sans rien perdre.
    """
    structure = _verrouiller(structure)
    siennes = SousTraitant.objects.de_la_structure(structure).utilisables()
    if deja := siennes.filter(est_la_structure=True).first():
        return deja
    fiche = siennes.filter(siren=structure.siren).first() or SousTraitant(
        structure=structure,
        nom=structure.nom,
        siren=structure.siren,
        type=TypePrestataire.MUTUALISATION,
        adresse=structure.adresse,
        dpd_nom=structure.dpd_nom,
        dpd_courriel=structure.dpd_courriel,
        proposee_par=auteur,
        proposee_le=maintenant,
    )
    fiche.est_la_structure = True
    fiche.etat, fiche.verifiee_par, fiche.verifiee_le = EtatFiche.VERIFIEE, auteur, maintenant
    return fiche.enregistrer(auteur=auteur, maintenant=maintenant, raison="Fiche de la structure")
