"""Proposer un prestataire à l’annuaire : il sert aussitôt, le DPD vérifie ensuite sa fiche."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Structure
from dpd.regles.texte import normaliser
from subtraitance.models import SousTraitant


@transaction.atomic
def proposer_prestataire(
    *, structure: Structure, nom: str, auteur, maintenant: datetime, collectivite=None
) -> SousTraitant:
    """La fiche de ce nom dans l’annuaire de la structure ; proposée si elle n’y est pas.

    Deux noms que seuls distinguent les accents, la casse ou les espaces désignent le même prestataire.

    :param collectivite: celle pour qui on la propose, s’il y en a une.
    :raises ValidationError: sans nom.
    """
    nom = " ".join(nom.split())
    cle = normaliser(nom)
    if not cle:
        raise ValidationError({"nom": "Indiquez le nom du prestataire."})
    # Deux propositions simultanées du même nom ne font qu’une fiche.
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    proches = SousTraitant.objects.de_la_structure(structure).utilisables().filter(recherche__startswith=cle)
    for fiche in proches.order_by("pk"):
        if normaliser(fiche.nom) == cle:
            return fiche
    fiche = SousTraitant(
        structure=structure,
        nom=nom,
        proposee_par=auteur,
        proposee_pour=collectivite,
        proposee_le=maintenant,
    )
    return fiche.enregistrer(auteur=auteur, maintenant=maintenant, raison="Prestataire proposé")
