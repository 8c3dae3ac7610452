"""Les gestes sur un barème : le préparer, le publier ; publié, il ne change plus."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Structure
from dpd.conventions.models import Bareme, Forfait, ReglagesConventions, TranchePopulation
from dpd.conventions.regles.tarifs import Tranche, verifier_grille
from dpd.regles.texte import normaliser

PUBLIE = (
    "Un barème publié ne change plus\u00a0: des montants en sont sortis. Préparez-en un nouveau, à sa date."
)
# Ce qu’une copie reprend d’un barème, hors son nom, sa date et sa source.
COPIES = (
    *("article", "communes_seulement", "cout_journee", "sens_forfait", "jours_inclus", "minutes_par_jour"),
    *("revision", "indice_base", "mois_indice", "lecture_indice"),
)


def brouillon_ou_refus(bareme: Bareme) -> Bareme:
    """Le barème, verrouillé, s’il est encore un brouillon.

    :raises ValidationError: s’il est publié, ou retiré entre-temps.
    """
    actuel = Bareme.objects.select_for_update(no_key=True).filter(pk=bareme.pk).first()
    if actuel is None:
        raise ValidationError("Ce brouillon a été retiré entre-temps.")
    if actuel.publie:
        raise ValidationError(PUBLIE)
    return actuel


@transaction.atomic
def creer_bareme(*, structure: Structure, nature: str, auteur, maintenant: datetime, **champs) -> Bareme:
    """Ouvre un brouillon : rien ne se calcule encore avec lui.

    :raises ValidationError: par champ, sans rien écrire ; ou si le même est déjà en préparation.
    """
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)
    bareme = Bareme(structure=structure, nature=nature, publie=False, **champs)
    jumeaux = Bareme.objects.filter(structure=structure, publie=False, nom=bareme.nom)
    if bareme.en_vigueur_du and jumeaux.filter(en_vigueur_du=bareme.en_vigueur_du).exists():
        raise ValidationError({"nom": "Un brouillon de ce nom est déjà en préparation pour cette date."})
    return bareme.enregistrer(auteur=auteur, maintenant=maintenant, raison="Barème préparé")


@transaction.atomic
def modifier_bareme(*, bareme: Bareme, auteur, maintenant: datetime, **champs) -> Bareme:
    """Remplace les champs donnés d’un brouillon.

    :raises ValidationError: par champ, ou si le barème est publié.
    """
    brouillon = brouillon_ou_refus(bareme)
    for nom, valeur in champs.items():
        setattr(brouillon, nom, valeur)
    return brouillon.enregistrer(auteur=auteur, maintenant=maintenant, raison="Barème modifié")


@transaction.atomic
def enregistrer_grille(
    *, bareme: Bareme, tranches: Sequence[Tranche], auteur, maintenant: datetime
) -> list[TranchePopulation]:
    """Remplace la grille d’un brouillon, si elle se tient d’un bout à l’autre.

    :raises ValidationError: si la grille laisse un trou, se chevauche, ou si le barème est publié ; les
        bornes fautives sont nommées.
    """
    brouillon = brouillon_ou_refus(bareme)
    ordonnees = _grille_juste(tranches)
    if [t.tranche for t in brouillon.tranches.all()] == ordonnees:
        return list(brouillon.tranches.all())
    _vider(brouillon.tranches.all(), auteur, maintenant)
    nouvelles = [
        TranchePopulation(
            bareme=brouillon,
            minimum=t.minimum,
            maximum=t.maximum,
            mise_en_place=t.mise_en_place,
            accompagnement=t.accompagnement,
        )
        for t in ordonnees
    ]
    return TranchePopulation.objects.creer_en_masse(
        nouvelles, auteur=auteur, maintenant=maintenant, raison="Grille enregistrée"
    )


@transaction.atomic
def enregistrer_forfaits(
    *, bareme: Bareme, forfaits: Sequence[tuple[str, Decimal | None]], auteur, maintenant: datetime
) -> list[Forfait]:
    """Remplace les forfaits d’un brouillon : (libellé, montant), le montant nul n’étant pas encore connu.

    Le code d’un forfait vient de son libellé : il survit d’un barème au suivant.

    :raises ValidationError: si deux forfaits ont le même nom, ou si le barème est publié.
    """
    brouillon = brouillon_ou_refus(bareme)
    nouveaux = [
        Forfait(bareme=brouillon, code=_code(libelle), libelle=libelle, montant=montant)
        for libelle, montant in forfaits
    ]
    codes = [forfait.code for forfait in nouveaux]
    if len(codes) != len(set(codes)):
        raise ValidationError("Deux forfaits portent le même nom.")
    _vider(brouillon.forfaits.all(), auteur, maintenant)
    return Forfait.objects.creer_en_masse(
        nouveaux, auteur=auteur, maintenant=maintenant, raison="Forfaits enregistrés"
    )


@transaction.atomic
def copier_bareme(
    *, bareme: Bareme, nom: str, en_vigueur_du: date, source: str, auteur, maintenant: datetime
) -> Bareme:
    """Un brouillon neuf aux mêmes prix : on n’a plus qu’à changer ce qui change.

    :raises ValidationError: par champ, sans rien écrire.
    """
    tranches = [t.tranche for t in bareme.tranches.all()]
    forfaits = [(f.libelle, f.montant) for f in bareme.forfaits.all()]
    champs: dict[str, Any] = {nom_: getattr(bareme, nom_) for nom_ in COPIES}
    commun = {"auteur": auteur, "maintenant": maintenant}
    copie = creer_bareme(
        structure=bareme.structure,
        nature=bareme.nature,
        nom=nom,
        en_vigueur_du=en_vigueur_du,
        source=source,
        **champs,
        **commun,
    )
    if tranches:
        enregistrer_grille(bareme=copie, tranches=tranches, **commun)
    if forfaits:
        enregistrer_forfaits(bareme=copie, forfaits=forfaits, **commun)
    return copie


@transaction.atomic
def retirer_brouillon(*, bareme: Bareme, auteur, maintenant: datetime) -> None:
    """Retire un brouillon qui n’a jamais servi ; l’historique garde sa trace.

    :raises ValidationError: si le barème est publié.
    """
    brouillon = brouillon_ou_refus(bareme)
    _vider(brouillon.tranches.all(), auteur, maintenant)
    _vider(brouillon.forfaits.all(), auteur, maintenant)
    _effacer(brouillon, auteur, maintenant)


@transaction.atomic
def regler_simulateur(
    *, structure: Structure, simulateur_ouvert: bool, presentation: str, auteur, maintenant: datetime
) -> ReglagesConventions:
    """Ouvre ou ferme le simulateur public de la structure."""
    Structure.objects.select_for_update(no_key=True).get(pk=structure.pk)  # deux envois se suivent
    reglages = ReglagesConventions.objects.filter(structure=structure).first()
    reglages = reglages or ReglagesConventions(structure=structure)
    reglages.simulateur_ouvert, reglages.presentation = simulateur_ouvert, presentation
    raison = "Simulateur ouvert" if simulateur_ouvert else "Simulateur fermé"
    return reglages.enregistrer(auteur=auteur, maintenant=maintenant, raison=raison)


def _grille_juste(tranches: Sequence[Tranche]) -> list[Tranche]:
    try:
        return verifier_grille(tranches)
    except ValueError as erreur:
        raise ValidationError(str(erreur)) from erreur


def _code(libelle: str) -> str:
    return normaliser(libelle).replace(" ", "-")[:40].strip("-") or "forfait"


def _vider(lignes, auteur, maintenant: datetime) -> None:
    for ligne in lignes:
        _effacer(ligne, auteur, maintenant)


def _effacer(ligne, auteur, maintenant: datetime) -> None:
    ligne._history_user, ligne._history_date, ligne._change_reason = auteur, maintenant, "Remplacé"
    ligne.delete()
