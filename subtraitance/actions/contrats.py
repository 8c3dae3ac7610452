"""Le contrat d’une collectivité : le noter, le tenir à jour, en lire les clauses, le clore."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.models import Collectivite
from dpd.pieces.actions import deposer
from dpd.pieces.enums import DomainePiece
from dpd.pieces.transaction import transaction_de_depot
from subtraitance.contrats_lus import alerte_le
from subtraitance.enums import EtatFiche, RegimeAutorisation, Reponse28
from subtraitance.models import ClauseControlee, Contrat, Logiciel, LogicielEmploye, SousTraitant
from subtraitance.regles.article_28 import PAR_CODE

CHAMPS = (
    *("objet", "reference", "debut", "fin", "preavis_mois", "sort_choisi"),
    *("autorisation", "objection_jours", "delai_violation"),
)
CLOS = "Ce contrat est clos\u00a0: il ne se modifie plus."


@dataclass(frozen=True, slots=True)
class Lecture:
    """Ce qu’une personne a lu d’un point : sa réponse, le passage cité, où il se trouve."""

    reponse: str
    citation: str = ""
    reperage: str = ""


def prendre(contrat: Contrat) -> Contrat:
    """Le contrat, verrouillé puis relu.

    Verrouillé avec ses jointures, il disparaîtrait s’il a suivi entre-temps une fiche réunie à une autre.

    :raises ValidationError: s’il est clos.
    """
    Contrat.objects.select_for_update(no_key=True).get(pk=contrat.pk)
    actuel = Contrat.objects.select_related("collectivite__structure", "sous_traitant").get(pk=contrat.pk)
    if actuel.clos_le is not None:
        raise ValidationError(CLOS)
    return actuel


@transaction_de_depot()
def creer_contrat(
    *,
    collectivite: Collectivite,
    sous_traitant: SousTraitant,
    auteur,
    maintenant: datetime,
    logiciels: Collection[Logiciel] = (),
    fichier=None,
    **valeurs: Any,
) -> Contrat:
    """Note un contrat ; renvoyé deux fois, il n’est noté qu’une.

    :param valeurs: ceux de ``CHAMPS``.
    :raises ValidationError: par champ ; si le prestataire n’est pas de l’annuaire de la structure.
    :raises FichierRefuse: si la pièce n’est pas de celles que l’on garde.
    """
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    sous_traitant = SousTraitant.objects.select_for_update(no_key=True).get(pk=sous_traitant.pk)
    if sous_traitant.structure_id != collectivite.structure_id or sous_traitant.etat == EtatFiche.FUSIONNEE:
        raise ValidationError("Ce prestataire n’est pas dans votre annuaire.")
    contrat = Contrat(collectivite=collectivite, sous_traitant=sous_traitant, **valeurs)
    _controler(contrat)
    pareils = Contrat.objects.filter(
        collectivite=collectivite, sous_traitant=sous_traitant, clos_le__isnull=True, **_identite(contrat)
    )
    if deja := pareils.first():
        return deja
    _joindre(contrat, fichier, auteur, maintenant)
    contrat.rappel_le = alerte_le(contrat)
    contrat.enregistrer(auteur=auteur, maintenant=maintenant, raison="Contrat noté")
    _employer(contrat, logiciels, auteur, maintenant)
    return contrat


def _identite(contrat: Contrat) -> dict[str, Any]:
    return {nom: getattr(contrat, nom) for nom in ("objet", "reference", "debut", "fin")}


@transaction_de_depot()
def modifier_contrat(
    *,
    contrat: Contrat,
    auteur,
    maintenant: datetime,
    logiciels: Collection[Logiciel] = (),
    fichier=None,
    **valeurs: Any,
) -> Contrat:
    """Le contrat à jour ; un fichier nouveau remplace la pièce signée, l’ancienne reste à l’historique.

    :raises ValidationError: par champ ; s’il est clos.
    """
    actuel = prendre(contrat)
    for champ, valeur in valeurs.items():
        setattr(actuel, champ, valeur)
    _controler(actuel)
    _joindre(actuel, fichier, auteur, maintenant)
    actuel.rappel_le = alerte_le(actuel)
    actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Contrat modifié")
    _employer(actuel, logiciels, auteur, maintenant)
    return actuel


def _controler(contrat: Contrat) -> None:
    """:raises ValidationError: par champ."""
    if not contrat.objet.strip():
        raise ValidationError({"objet": "Dites ce que vous confiez à ce prestataire."})
    if contrat.debut and contrat.fin and contrat.fin < contrat.debut:
        raise ValidationError({"fin": "Le terme d’un contrat suit son début."})
    if contrat.autorisation == RegimeAutorisation.GENERALE and not contrat.objection_jours:
        raise ValidationError(
            {"objection_jours": "Une autorisation générale fixe un délai pour s’opposer (art. 28-2)."}
        )
    if contrat.autorisation == RegimeAutorisation.SPECIFIQUE:
        contrat.objection_jours = None


def _joindre(contrat: Contrat, fichier, auteur, maintenant: datetime) -> None:
    if fichier is not None:
        contrat.piece = deposer(
            fichier=fichier,
            domaine=DomainePiece.SOUSTRAITANCE,
            collectivite=contrat.collectivite,
            auteur=auteur,
            maintenant=maintenant,
            description=f"Contrat {contrat}"[:300],
            parmi=[contrat.piece_id],
        )


def _employer(contrat: Contrat, logiciels: Collection[Logiciel], auteur, maintenant: datetime) -> None:
    """Ceux-là et eux seuls : les autres sont retirés, à leur date.

    :raises ValidationError: si l’un n’est pas de ce prestataire.
    """
    if any(logiciel.sous_traitant_id != contrat.sous_traitant_id for logiciel in logiciels):
        raise ValidationError({"logiciels": "Choisissez parmi les logiciels de ce prestataire."})
    presents = {emploi.logiciel_id: emploi for emploi in contrat.logiciels.filter(retire_le__isnull=True)}
    voulus = {logiciel.pk: logiciel for logiciel in logiciels}
    for pk in presents.keys() - voulus.keys():
        presents[pk].retire_le = maintenant
        presents[pk].enregistrer(auteur=auteur, maintenant=maintenant, raison="Logiciel retiré du contrat")
    for pk in sorted(voulus.keys() - presents.keys()):
        emploi = LogicielEmploye(collectivite=contrat.collectivite, contrat=contrat, logiciel=voulus[pk])
        emploi.enregistrer(auteur=auteur, maintenant=maintenant, raison="Logiciel employé")


@transaction.atomic
def controler_clauses(
    *, contrat: Contrat, lectures: Mapping[str, Lecture], auteur, maintenant: datetime
) -> int:
    """Garde ce qu’une personne a lu du contrat (RGPD art. 28-3) ; rend le nombre de points changés.

    Un point sans réponse n’est pas touché. Répondre « oui » ou « en partie » oblige à citer la clause.

    :raises ValidationError: par champ (``citation_<code>``) ; si un point n’est pas de la liste.
    """
    contrat = prendre(contrat)
    if not lectures.keys() <= PAR_CODE.keys():
        raise ValidationError("Ce point n’est pas de la liste de contrôle.")
    sans_citation = {
        f"citation_{code}": "Recopiez la clause qui le prévoit."
        for code, lecture in lectures.items()
        if lecture.reponse in (Reponse28.PRESENTE, Reponse28.PARTIELLE) and not lecture.citation.strip()
    }
    if sans_citation:
        raise ValidationError(sans_citation)
    presentes = {clause.code: clause for clause in contrat.clauses.select_for_update(no_key=True)}
    changees = 0
    for code, lecture in lectures.items():
        if not lecture.reponse:
            continue
        clause = presentes.get(code) or ClauseControlee(
            collectivite=contrat.collectivite, contrat=contrat, code=code
        )
        changees += _lire(clause, lecture, auteur, maintenant)
    return changees


def _lire(clause: ClauseControlee, lecture: Lecture, auteur, maintenant: datetime) -> int:
    lue = Lecture(lecture.reponse, lecture.citation.strip(), lecture.reperage.strip())
    if Lecture(clause.reponse, clause.citation, clause.reperage) == lue:
        return 0
    clause.reponse, clause.citation, clause.reperage = lue.reponse, lue.citation, lue.reperage
    clause.controlee_par, clause.controlee_le = auteur, maintenant
    clause.enregistrer(auteur=auteur, maintenant=maintenant, raison="Clause lue")
    return 1


@transaction.atomic
def clore_contrat(*, contrat: Contrat, fin: date, motif: str, auteur, maintenant: datetime) -> Contrat:
    """Le contrat a pris fin ce jour-là ; il reste lisible. Déjà clos, rien ne change.

    :raises ValidationError: par champ ; sans motif, ou si la fin est à venir ou précède le début.
    """
    actuel = Contrat.objects.select_for_update(no_key=True).get(pk=contrat.pk)
    if actuel.clos_le is not None:
        return actuel
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi il est clos."})
    if fin > maintenant.astimezone(actuel.collectivite.fuseau).date():
        raise ValidationError({"fin": "Ce jour n’est pas venu\u00a0: un contrat se clôt une fois fini."})
    if actuel.debut and fin < actuel.debut:
        raise ValidationError({"fin": "Le terme d’un contrat suit son début."})
    actuel.fin, actuel.clos_le, actuel.motif_cloture = fin, maintenant, motif.strip()
    return actuel.enregistrer(auteur=auteur, maintenant=maintenant, raison="Contrat clos")
