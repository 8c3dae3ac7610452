"""Écrire une lettre du dossier : chaque version reste, jusqu’à l’effacement du demandeur."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.regles.texte import donnee_interdite
from subtraitance.actions.demandes_commun import prendre
from subtraitance.models import DemandeDroits, LettreDemande
from subtraitance.regles.lettres_modeles import TypeLettre, types_pour

EFFACE = "Les données du demandeur sont effacées\u00a0: ce dossier n’a plus de lettre à écrire."
VIDE = "Écrivez la lettre avant de l’enregistrer."
AUTRE_REGIME = "Cette lettre dit le RGPD\u00a0: elle ne va qu’à une demande qualifiée ainsi."


@transaction.atomic
def ecrire_lettre(
    *, demande: DemandeDroits, type_: TypeLettre, texte: str, auteur, maintenant: datetime
) -> LettreDemande:
    """Garde cette version ; le même texte envoyé deux fois de suite n’en fait qu’une.

    Rien ne part : la collectivité imprime, signe et envoie.

    :raises ValidationError: sans texte, avec un numéro interdit, si le régime n’a pas cette lettre, ou si le
        demandeur est effacé.
    """
    demande = prendre(demande)
    if demande.efface_le is not None:
        raise ValidationError(EFFACE)
    if type_ not in types_pour(demande.regime):
        raise ValidationError(AUTRE_REGIME)
    texte = texte.replace("\r\n", "\n").strip()
    if not texte:
        raise ValidationError({"texte": VIDE})
    if interdite := donnee_interdite(texte):
        raise ValidationError({"texte": interdite})
    derniere = demande.lettres.filter(type=type_.value).order_by("-ecrite_le", "-pk").first()
    if derniere and derniere.texte == texte:
        return derniere
    lettre = LettreDemande(
        collectivite=demande.collectivite,
        demande=demande,
        type=type_.value,
        texte=texte,
        auteur=auteur,
        ecrite_le=maintenant,
    )
    return lettre.enregistrer(auteur=auteur, maintenant=maintenant, raison="Lettre écrite")
