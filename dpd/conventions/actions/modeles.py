"""Écrire un modèle de convention ; une fois signé par quelqu’un, il se remplace, il ne se corrige pas."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from dpd.comptes.models import Structure
from dpd.conventions.models import Convention, ModeleConvention
from dpd.conventions.regles.en_clair import le_jour

EMPLOYE = "Une convention signée s’y réfère\u00a0: ce modèle ne change plus. Remplacez-le par un autre."


def est_employe(modele: ModeleConvention) -> bool:
    """Vrai si au moins une partie a signé une convention de ce modèle."""
    signees = Q(signee_collectivite_le__isnull=False) | Q(signee_structure_le__isnull=False)
    return Convention.objects.filter(signees, modele=modele).exists()


@transaction.atomic
def creer_modele(*, structure: Structure, auteur, maintenant: datetime, **champs: Any) -> ModeleConvention:
    """Ajoute un modèle à ceux que la structure propose.

    :raises ValidationError: par champ, si une clause manque, se contredit, ou si le nom est déjà pris.
    """
    modele = ModeleConvention(structure=structure, **champs)
    _refuser_le_doublon(modele)
    return modele.enregistrer(auteur=auteur, maintenant=maintenant, raison="Modèle de convention créé")


@transaction.atomic
def modifier_modele(
    *, modele: ModeleConvention, auteur, maintenant: datetime, **champs: Any
) -> ModeleConvention:
    """Corrige un modèle que personne n’a encore signé ; n’écrit rien si rien ne change.

    :raises ValidationError: s’il est employé, ou par champ.
    """
    actuel = _verrouiller(modele)
    if est_employe(actuel):
        raise ValidationError(EMPLOYE)
    if all(getattr(actuel, nom) == valeur for nom, valeur in champs.items()):
        return actuel
    for nom, valeur in champs.items():
        setattr(actuel, nom, valeur)
    _refuser_le_doublon(actuel)
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Modèle de convention modifié")


@transaction.atomic
def remplacer_modele(
    *, modele: ModeleConvention, auteur, maintenant: datetime, **champs: Any
) -> ModeleConvention:
    """Ouvre le modèle qui succède à un autre, et clôt celui-ci la veille.

    Les conventions déjà signées gardent les clauses de l’ancien.

    :raises ValidationError: si l’ancien est déjà clos, si le nouveau ne le suit pas, ou par champ.
    """
    ancien = _verrouiller(modele)
    if ancien.en_vigueur_au is not None:
        raise ValidationError(f"Ce modèle n’est plus proposé depuis le {le_jour(ancien.en_vigueur_au)}.")
    if champs["en_vigueur_du"] <= ancien.en_vigueur_du:
        depuis = le_jour(ancien.en_vigueur_du)
        raise ValidationError(
            {"en_vigueur_du": f"Le nouveau modèle suit l’ancien, proposé depuis le {depuis}."}
        )
    ancien.en_vigueur_au = champs["en_vigueur_du"] - timedelta(days=1)
    ancien.enregistrer(auteur=auteur, maintenant=maintenant, raison="Modèle de convention remplacé")
    return creer_modele(structure=ancien.structure, auteur=auteur, maintenant=maintenant, **champs)


@transaction.atomic
def clore_modele(
    *, modele: ModeleConvention, en_vigueur_au: date, auteur, maintenant: datetime
) -> ModeleConvention:
    """Cesse de proposer un modèle ; les conventions signées continuent.

    :raises ValidationError: s’il est déjà clos, ou si la fin précède le début.
    """
    actuel = _verrouiller(modele)
    if actuel.en_vigueur_au is not None:
        raise ValidationError(f"Ce modèle n’est plus proposé depuis le {le_jour(actuel.en_vigueur_au)}.")
    if en_vigueur_au < actuel.en_vigueur_du:
        raise ValidationError({"en_vigueur_au": "La fin ne peut pas précéder le début."})
    actuel.en_vigueur_au = en_vigueur_au
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Modèle de convention clos")


def _verrouiller(modele: ModeleConvention) -> ModeleConvention:
    Structure.objects.select_for_update(no_key=True).get(pk=modele.structure_id)
    return ModeleConvention.objects.select_related("structure").get(pk=modele.pk)


def _refuser_le_doublon(modele: ModeleConvention) -> None:
    memes = ModeleConvention.objects.filter(structure=modele.structure, nom=modele.nom)
    if memes.exclude(pk=modele.pk).exists():
        raise ValidationError({"nom": "Un modèle porte déjà ce nom. Ajoutez-lui l’année."})
