"""Ce qui s’ajoute à une fiche et s’en retire : logiciels, certifications, sous-traitants ultérieurs.

Rien ne s’efface : une ligne retirée reste, datée.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.transaction import transaction_de_depot
from dpd.regles.texte import normaliser
from dpd.regles.typographie import date_courte
from subtraitance.actions.annuaire_commun import contrats_a_prevenir, jour_de, prendre, prevenir
from subtraitance.actions.autorisations import demander_a_tous
from subtraitance.models import Certification, Logiciel, SousTraitant, SousTraitantUlterieur


@transaction.atomic
def ajouter_logiciel(*, fiche: SousTraitant, nom: str, auteur, maintenant: datetime) -> Logiciel:
    """Un logiciel que vend ou exploite ce prestataire ; déjà noté, c’est le même.

    :raises ValidationError: sans nom.
    """
    fiche, nom = prendre(fiche), " ".join(nom.split())
    if not nom:
        raise ValidationError({"nom": "Indiquez le logiciel ou le service."})
    for deja in fiche.logiciels.filter(retire_le__isnull=True):
        if normaliser(deja.nom) == normaliser(nom):
            return deja
    logiciel = Logiciel(structure=fiche.structure, sous_traitant=fiche, nom=nom)
    return logiciel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Logiciel ajouté")


@transaction.atomic
def retirer_logiciel(*, logiciel: Logiciel, auteur, maintenant: datetime) -> Logiciel:
    """Il ne se propose plus ; les contrats qui le citent le gardent. Sans effet s’il est déjà retiré."""
    prendre(logiciel.sous_traitant)
    actuel = Logiciel.objects.select_for_update(no_key=True).get(pk=logiciel.pk)
    if actuel.retire_le is None:
        actuel.retire_le = maintenant
        actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Logiciel retiré")
    return actuel


@transaction_de_depot()
def ajouter_certification(
    *,
    fiche: SousTraitant,
    nom: str,
    auteur,
    maintenant: datetime,
    organisme: str = "",
    numero: str = "",
    obtenue_le: date | None = None,
    expire_le: date | None = None,
    fichier=None,
) -> Certification:
    """Une certification et ses dates ; la même envoyée deux fois n’y est qu’une.

    :raises ValidationError: sans nom, ou si ses dates ne se tiennent pas.
    :raises FichierRefuse: si le justificatif n’est pas de ceux que l’on garde.
    """
    fiche = prendre(fiche)
    certification = Certification(
        structure=fiche.structure,
        sous_traitant=fiche,
        nom=" ".join(nom.split()),
        organisme=organisme.strip(),
        numero=numero.strip(),
        obtenue_le=obtenue_le,
        expire_le=expire_le,
    )
    if expire_le and obtenue_le and expire_le < obtenue_le:
        raise ValidationError({"expire_le": "Une certification expire après avoir été obtenue."})
    pareilles = fiche.certifications.filter(
        nom=certification.nom, numero=certification.numero, expire_le=expire_le, retiree_le__isnull=True
    )
    if deja := pareilles.first():
        return deja
    if fichier is not None:
        certification.piece = deposer(
            fichier=fichier,
            domaine=DomainePiece.SOUSTRAITANCE,
            structure=fiche.structure,
            auteur=auteur,
            maintenant=maintenant,
            description=certification.nom,
        )
    return certification.enregistrer(auteur=auteur, maintenant=maintenant, raison="Certification ajoutée")


@transaction.atomic
def retirer_certification(
    *, certification: Certification, auteur, maintenant: datetime
) -> tuple[Certification, int]:
    """Elle ne vaut plus ; rend aussi combien de collectivités en sont prévenues."""
    fiche = prendre(certification.sous_traitant)
    actuelle = Certification.objects.select_for_update(no_key=True).get(pk=certification.pk)
    if actuelle.retiree_le is not None:
        return actuelle, 0
    actuelle.retiree_le = maintenant
    actuelle.enregistrer(auteur=auteur, maintenant=maintenant, raison="Certification retirée")
    phrase = f"Il n’a plus la certification «\u00a0{actuelle.nom}\u00a0»."
    sujet = f"certification-{actuelle.pk}"
    return actuelle, prevenir(fiche, [phrase], sujet=sujet, maintenant=maintenant)


@transaction.atomic
def ajouter_ulterieur(
    *,
    fiche: SousTraitant,
    ulterieur: SousTraitant,
    activite: str,
    auteur,
    maintenant: datetime,
    depuis: date | None = None,
    garanties: str = "",
) -> tuple[SousTraitantUlterieur, int]:
    """Un prestataire de ce prestataire : chaque contrat en cours reçoit sa demande (RGPD art. 28-2).

    Rend le lien, et combien de collectivités en sont prévenues ; déjà noté, c’est le même et personne ne
    l’est de nouveau.

    :raises ValidationError: par champ ; s’il s’agit de lui-même, d’un autre annuaire, ou d’une date future.
    """
    fiche = prendre(fiche)
    _controler(fiche, ulterieur, activite, depuis, maintenant)
    deja = fiche.ulterieurs.filter(ulterieur=ulterieur, retire_le__isnull=True).first()
    if deja is not None:
        return deja, 0
    lien = SousTraitantUlterieur(
        structure=fiche.structure,
        sous_traitant=fiche,
        ulterieur=ulterieur,
        activite=activite.strip(),
        depuis=depuis,
    )
    lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Sous-traitant ultérieur ajouté")
    contrats = contrats_a_prevenir(fiche, maintenant)
    demandes = demander_a_tous(
        lien=lien, contrats=contrats, garanties=garanties, auteur=auteur, maintenant=maintenant
    )
    phrase = f"Il fait appel à un autre sous-traitant\u00a0: {ulterieur.nom}."
    sujet = f"ulterieur-ajoute-{lien.pk}"
    return lien, prevenir(fiche, [phrase], sujet=sujet, maintenant=maintenant, autorisations=demandes)


def _controler(fiche: SousTraitant, ulterieur: SousTraitant, activite: str, depuis, maintenant) -> None:
    siennes = SousTraitant.objects.de_la_structure(fiche.structure).utilisables()
    if not siennes.filter(pk=ulterieur.pk).exists():
        raise ValidationError({"ulterieur": "Choisissez dans l’annuaire."})
    if ulterieur.pk == fiche.pk:
        raise ValidationError({"ulterieur": "Un prestataire n’est pas son propre sous-traitant."})
    if not activite.strip():
        raise ValidationError({"activite": "Dites ce qu’il fait."})
    if depuis is not None and depuis.year < 1970:
        raise ValidationError({"depuis": "Cette date est trop ancienne."})


@transaction.atomic
def retirer_ulterieur(
    *, lien: SousTraitantUlterieur, auteur, maintenant: datetime
) -> tuple[SousTraitantUlterieur, int]:
    """Il ne travaille plus pour lui : les demandes en attente n’ont plus d’objet, chacun est prévenu."""
    fiche = prendre(lien.sous_traitant)
    actuel = SousTraitantUlterieur.objects.select_for_update(no_key=True).get(pk=lien.pk)
    if actuel.retire_le is not None:
        return actuel, 0
    actuel.retire_le = maintenant
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Sous-traitant ultérieur retiré")
    jour = date_courte(jour_de(fiche.structure, maintenant))
    phrase = f"Il ne fait plus appel à {actuel.ulterieur.nom} depuis le {jour}."
    return actuel, prevenir(fiche, [phrase], sujet=f"ulterieur-retire-{actuel.pk}", maintenant=maintenant)
