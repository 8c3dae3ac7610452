"""Ouvrir une structure, avec la personne qui ouvrira ensuite tous les autres comptes."""

from datetime import datetime

from django.db import transaction

from dpd.comptes.droits import accorder
from dpd.comptes.enums import NatureAcces, Role
from dpd.comptes.journal import consigner
from dpd.comptes.models import Structure, Utilisateur


@transaction.atomic
def ouvrir_structure(
    *, champs: dict[str, str], courriel: str, prenom: str, nom_dpd: str, maintenant: datetime
) -> Structure:
    """Crée la structure et le compte de son DPD, sans mot de passe : il le choisira lui-même.

    :raises ValidationError: si un champ est faux ou si le SIREN ou le courriel est déjà pris.
    """
    structure = Structure(**champs, dpd_nom=f"{prenom} {nom_dpd}", dpd_courriel=courriel)
    structure.full_clean()
    structure._history_date, structure._change_reason = maintenant, "Structure ouverte"
    structure.save()
    personne = Utilisateur.objects.create_user(courriel, None, first_name=prenom, last_name=nom_dpd)
    accorder(personne, Role.DPD, structure)
    consigner(
        NatureAcces.HABILITATION,
        maintenant=maintenant,
        utilisateur=personne,
        structure=structure,
        detail=f"{personne.email}, {Role.DPD.label}, à l’ouverture de la structure",
    )
    return structure
