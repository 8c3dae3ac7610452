"""Proposer un prestataire à l’annuaire : il sert aussitôt, le DPD vérifie ensuite sa fiche."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Structure
from dpd.regles.texte import normaliser
from subtraitance.models import SousTraitant


@transaction.atomic
def proposer_prestataire(
    *,
    structure: Structure,
    nom: str,
    auteur,
    maintenant: datetime,
    collectivite=None,
    siren: str = "",
    **connus: str,
) -> SousTraitant:
    """La fiche de ce nom dans l’annuaire de la structure ; proposée si elle n’y est pas.

    Deux noms que seuls distinguent les accents, la casse ou les espaces désignent le même prestataire,
    sauf si leurs SIREN diffèrent ; un SIREN connu désigne sa fiche, quel que soit le nom tapé.

    :param collectivite: celle pour qui on la propose, s’il y en a une.
    :param connus: ce que l’on sait d’autre de lui (``type``, ``site``, ``courriel``…), pour une fiche neuve.
    :raises ValidationError: sans nom, ou si un champ ne convient pas.
    """
    nom, siren = " ".join(nom.split()), "".join(siren.split())
    if not normaliser(nom):
        raise ValidationError({"nom": "Indiquez le nom du prestataire."})
    # Deux propositions simultanées du même nom ne font qu’une fiche.
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    if deja := connu(structure, nom, siren):
        return deja
    fiche = SousTraitant(
        structure=structure,
        nom=nom,
        siren=siren,
        proposee_par=auteur,
        proposee_pour=collectivite,
        proposee_le=maintenant,
        **connus,
    )
    return fiche.enregistrer(auteur=auteur, maintenant=maintenant, raison="Prestataire proposé")


def connu(structure: Structure, nom: str, siren: str) -> SousTraitant | None:
    """La fiche de ce SIREN ; à défaut celle de ce nom, si son SIREN ne la dit pas autre."""
    siennes = SousTraitant.objects.de_la_structure(structure).utilisables()
    if siren and (fiche := siennes.filter(siren=siren).first()):
        return fiche
    cle = normaliser(nom)
    proches = siennes.filter(recherche__startswith=cle).order_by("pk")
    return next(
        (f for f in proches if normaliser(f.nom) == cle and not (siren and f.siren)),
        None,
    )
