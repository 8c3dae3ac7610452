"""Les instructions écrites du responsable (RGPD art. 28-3 a), et l’alerte si l’une paraît illicite."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.droits import Acces
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from subtraitance import emails_structure as emails
from subtraitance.models import Contrat, Instruction

SANS_TEXTE = "Écrivez l’instruction\u00a0: non écrite, elle n’oblige pas."
SANS_MOTIF = "Dites pourquoi elle paraît illicite\u00a0: le responsable en a besoin pour décider."
SANS_SUITE = "Écrivez votre réponse\u00a0: elle reste à côté de l’alerte."
D_AILLEURS = "Ce contrat n’est pas de votre collectivité."
CLOS = "Ce contrat est clos."
DEJA_ACCUSEE = "La réception est déjà accusée."
DEJA_EXECUTEE = "Cette instruction est déjà exécutée."
DEJA_ALERTEE = "L’alerte est déjà donnée."
RETIREE = "Le responsable a retiré cette instruction."
SUSPENDUE = "Cette instruction est suspendue\u00a0: le responsable doit d’abord la maintenir par écrit."
SANS_ALERTE = "Aucune alerte n’attend de réponse."
AU_RESPONSABLE = "Le responsable en décide\u00a0: qui conseille n’en décide pas (RGPD, art. 38-6)."
MEME_ENVOI = timedelta(hours=1)


@transaction.atomic
def donner_instruction(
    *,
    collectivite: Collectivite,
    texte: str,
    auteur,
    maintenant: datetime,
    contrat: Contrat | None = None,
) -> Instruction:
    """Donne une instruction par écrit : à la structure, ou au prestataire de ce contrat.

    La structure en est prévenue si c’est à elle. Le même texte, renvoyé dans l’heure par la même personne,
    ne fait qu’une instruction.

    :raises ValidationError: par champ.
    """
    if not texte.strip():
        raise ValidationError({"texte": SANS_TEXTE})
    contrat = _destinataire(collectivite, contrat)
    # Deux envois du même formulaire attendent l’un après l’autre.
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    memes = Instruction.objects.filter(
        collectivite=collectivite, contrat=contrat, donnee_par=auteur, texte=texte.strip(), executee_le=None
    )
    if deja := memes.filter(donnee_le__gt=maintenant - MEME_ENVOI, suite_le=None).first():
        return deja
    instruction = Instruction(
        collectivite=collectivite,
        contrat=contrat,
        texte=texte.strip(),
        donnee_par=auteur,
        donnee_le=maintenant,
    )
    instruction.enregistrer(auteur=auteur, maintenant=maintenant, raison="Instruction donnée")
    if contrat is None:
        emails.instruction_donnee(instruction=instruction, maintenant=maintenant)
    return instruction


def _destinataire(collectivite: Collectivite, contrat: Contrat | None) -> Contrat | None:
    """Le contrat du prestataire ; rien si c’est la structure, qui la lit alors chez elle."""
    if contrat is None:
        return None
    if contrat.collectivite_id != collectivite.pk:
        raise ValidationError({"contrat": D_AILLEURS})
    if contrat.clos_le is not None:
        raise ValidationError({"contrat": CLOS})
    return None if contrat.sous_traitant.est_la_structure else contrat


@transaction.atomic
def accuser(*, instruction: Instruction, auteur, maintenant: datetime) -> Instruction:
    """Le sous-traitant a lu l’instruction.

    :raises ValidationError: si c’est déjà fait.
    """
    instruction = _prendre(instruction)
    if instruction.accusee_le is not None:
        raise ValidationError(DEJA_ACCUSEE)
    instruction.accusee_par, instruction.accusee_le = auteur, maintenant
    return instruction.enregistrer(auteur=auteur, maintenant=maintenant, raison="Réception accusée")


@transaction.atomic
def executer(*, instruction: Instruction, auteur, maintenant: datetime) -> Instruction:
    """L’instruction est exécutée ; le responsable en est prévenu.

    :raises ValidationError: si elle l’est déjà, si une alerte la suspend, si le responsable l’a retirée.
    """
    instruction = _prendre(instruction)
    if instruction.executee_le is not None:
        raise ValidationError(DEJA_EXECUTEE)
    if instruction.est_suspendue:
        raise ValidationError(RETIREE if instruction.maintenue is False else SUSPENDUE)
    if instruction.accusee_le is None:
        instruction.accusee_par, instruction.accusee_le = auteur, maintenant
    instruction.executee_le = maintenant
    instruction.enregistrer(auteur=auteur, maintenant=maintenant, raison="Instruction exécutée")
    emails.instruction_executee(instruction=instruction, maintenant=maintenant)
    return instruction


@transaction.atomic
def alerter(*, instruction: Instruction, alerte: str, auteur, maintenant: datetime) -> Instruction:
    """Elle paraît illicite : le responsable en est immédiatement informé, elle est suspendue (art. 28-3).

    :raises ValidationError: sans motif, si l’alerte est déjà donnée, si l’instruction est exécutée.
    """
    instruction = _prendre(instruction)
    if not alerte.strip():
        raise ValidationError({"alerte": SANS_MOTIF})
    if instruction.executee_le is not None:
        raise ValidationError(DEJA_EXECUTEE)
    if instruction.alertee_le is not None:
        raise ValidationError(DEJA_ALERTEE)
    instruction.alerte = alerte.strip()
    instruction.alertee_par, instruction.alertee_le = auteur, maintenant
    instruction.enregistrer(auteur=auteur, maintenant=maintenant, raison="Instruction suspendue")
    emails.instruction_alerte(instruction=instruction, maintenant=maintenant)
    return instruction


@transaction.atomic
def repondre_a_l_alerte(
    *, instruction: Instruction, maintenue: bool, suite: str, auteur, maintenant: datetime
) -> Instruction:
    """Le responsable retire l’instruction, ou la maintient par écrit ; la structure en est prévenue.

    :raises ValidationError: sans écrit, sans alerte en attente, ou de qui conseille.
    """
    instruction = _prendre(instruction)
    if Acces(auteur).peut(Capacite.RENDRE_AVIS, instruction.collectivite):
        raise ValidationError(AU_RESPONSABLE)
    if instruction.alertee_le is None or instruction.suite_le is not None:
        raise ValidationError(SANS_ALERTE)
    if not suite.strip():
        raise ValidationError({"suite": SANS_SUITE})
    instruction.maintenue, instruction.suite = maintenue, suite.strip()
    instruction.suite_par, instruction.suite_le = auteur, maintenant
    raison = "Maintenue par écrit" if maintenue else "Retirée après l’alerte"
    instruction.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)
    if instruction.contrat is None:
        emails.instruction_suite(instruction=instruction, maintenant=maintenant)
    return instruction


def _prendre(instruction: Instruction) -> Instruction:
    """L’instruction relue sous verrou, avec sa collectivité et son destinataire."""
    requete = Instruction.objects.select_for_update(no_key=True, of=("self",))
    return requete.select_related("collectivite__structure", "contrat__sous_traitant").get(pk=instruction.pk)
