"""Rattacher à un contrat les fiches du registre dont il confie tout ou partie (RGPD art. 28-3)."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from registre.models import Traitement, TraitementConfie
from subtraitance.actions.contrats import prendre
from subtraitance.models import Contrat


@transaction.atomic
def rattacher_fiches(
    *,
    contrat: Contrat,
    traitements: Collection[Traitement],
    auteur,
    maintenant: datetime,
    lus: Collection[int] | None = None,
) -> int:
    """Les fiches confiées sont désormais celles-là ; rend combien ont changé.

    ``lus`` : les clés de celles qu’il avait sous les yeux ; ce qu’un autre a rattaché depuis le reste.

    :raises ValidationError: si l’une est d’une autre collectivité, ou si le contrat est clos.
    """
    contrat = prendre(contrat)
    if any(t.collectivite_id != contrat.collectivite_id for t in traitements):
        raise ValidationError({"traitements": "Choisissez dans le registre de la collectivité."})
    presents = {
        lien.traitement_id: lien
        for lien in TraitementConfie.objects.filter(contrat=contrat, retire_le__isnull=True)
    }
    voulus = {traitement.pk: traitement for traitement in traitements}
    retires, ajoutes = presents.keys() - voulus.keys(), voulus.keys() - presents.keys()
    if lus is not None:
        retires, ajoutes = retires & set(lus), ajoutes - set(lus)
    for pk in sorted(retires):
        presents[pk].retire_le = maintenant
        presents[pk].enregistrer(auteur=auteur, maintenant=maintenant, raison="Fiche détachée du contrat")
    for pk in sorted(ajoutes):
        lien = TraitementConfie(collectivite=contrat.collectivite, contrat=contrat, traitement=voulus[pk])
        lien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Fiche rattachée au contrat")
    return len(retires) + len(ajoutes)
