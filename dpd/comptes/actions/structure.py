"""Régler la structure."""

from datetime import datetime

from django.db import transaction

from dpd.comptes.models import Structure


@transaction.atomic
def regler_structure(*, structure: Structure, auteur, maintenant: datetime, **champs) -> Structure:
    """Remplace les champs donnés ; n’écrit rien, pas même l’historique, si rien ne change.

    :raises ValidationError: par champ, sans rien écrire.
    """
    actuelle = Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    if all(getattr(actuelle, nom) == valeur for nom, valeur in champs.items()):
        return actuelle
    for nom, valeur in champs.items():
        setattr(actuelle, nom, valeur)
    actuelle.full_clean()
    actuelle._history_user, actuelle._history_date = auteur, maintenant
    actuelle._change_reason = "Réglages de la structure"
    actuelle.save()
    return actuelle
