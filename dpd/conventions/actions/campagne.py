"""Générer l’exercice de toute une structure : par lots, une transaction par collectivité, sans doublon.

La campagne dit où l’on en est : son curseur avance dans la transaction qui fige l’état. Un arrêt ne perd
rien et ne refait rien ; deux processus se partagent le travail sans se gêner.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions.annuels import DejaFige, figer
from dpd.conventions.models import CampagneEtats, Numerotation
from dpd.conventions.previsions import Prevision, concernees, previsions_du_lot
from dpd.conventions.tarification import Tarification

LOT = 20  # collectivités traitées par requête : une seconde au plus


@transaction.atomic
def lancer(*, structure, exercice: int, auteur, maintenant: datetime) -> CampagneEtats:
    """Ouvre la génération d’un exercice ; si elle court déjà, la rend telle quelle.

    :raises ValidationError: si l’exercice n’a pas commencé.
    """
    if exercice > jour_de(structure, maintenant).year:
        raise ValidationError(f"L’exercice {exercice} n’a pas commencé\u00a0: rien ne s’y fige encore.")
    compteur, _ = Numerotation.objects.get_or_create(structure=structure, exercice=exercice)
    Numerotation.objects.select_for_update(no_key=True).get(pk=compteur.pk)
    en_cours = CampagneEtats.objects.filter(
        structure=structure, exercice=exercice, terminee_le__isnull=True
    ).first()
    if en_cours is not None:
        return en_cours
    campagne = CampagneEtats(
        structure=structure,
        exercice=exercice,
        lancee_le=maintenant,
        lancee_par=auteur,
        total=concernees(structure, exercice).count(),
    )
    return campagne.enregistrer(auteur=auteur, maintenant=maintenant, raison="Génération lancée")


def avancer(*, campagne: CampagneEtats, auteur, maintenant: datetime, lot: int = LOT) -> CampagneEtats:
    """Traite les ``lot`` collectivités suivantes, et clôt la campagne quand il n’en reste aucune."""
    structure, exercice = campagne.structure, campagne.exercice
    campagne = CampagneEtats.objects.select_related("structure").get(pk=campagne.pk)
    if campagne.terminee_le is not None:
        return campagne
    suivantes = concernees(structure, exercice).filter(pk__gt=campagne.curseur).order_by("pk")[:lot]
    jour = jour_de(structure, maintenant)
    tarification, previsions = previsions_du_lot(structure, exercice, list(suivantes), jour)
    if not previsions:
        return _clore(campagne, auteur, maintenant)
    attente: list[Prevision] = []
    for prevision in previsions:
        if prevision.est_a_figer:
            campagne = _traiter(campagne, attente, prevision, tarification, auteur, maintenant)
            attente = []
        else:
            attente.append(prevision)
    if attente:
        campagne = _noter(campagne, attente)
    return campagne


@transaction.atomic
def _traiter(
    campagne: CampagneEtats,
    passees: list[Prevision],
    prevision: Prevision,
    tarification: Tarification,
    auteur,
    maintenant: datetime,
) -> CampagneEtats:
    """Fige l’état d’une collectivité et avance le curseur, ensemble ou pas du tout."""
    campagne = _verrouiller(campagne)
    if campagne.curseur >= prevision.collectivite.pk or campagne.terminee_le is not None:
        return campagne  # un autre processus l’a traitée
    anomalies = list(prevision.anomalies)
    try:
        with transaction.atomic():
            figer(
                convention=prevision.convention,
                exercice=campagne.exercice,
                auteur=auteur,
                maintenant=maintenant,
                tarification=tarification,
            )
    except DejaFige:
        pass  # figé à la main entre-temps : il compte comme traité
    except ValidationError as refus:
        anomalies += refus.messages
    return _ecrire(campagne, [*((p, p.anomalies) for p in passees), (prevision, anomalies)])


@transaction.atomic
def _noter(campagne: CampagneEtats, passees: list[Prevision]) -> CampagneEtats:
    """Avance le curseur sur ce qui n’a rien à figer, anomalies comprises."""
    return _ecrire(_verrouiller(campagne), [(p, p.anomalies) for p in passees])


def _verrouiller(campagne: CampagneEtats) -> CampagneEtats:
    lues = CampagneEtats.objects.select_related("structure").select_for_update(no_key=True, of=("self",))
    return lues.get(pk=campagne.pk)


def _ecrire(campagne: CampagneEtats, traitees) -> CampagneEtats:
    """Le curseur et les anomalies ; l’historique de la campagne n’a que son début et sa fin."""
    nouvelles = [(p, motifs) for p, motifs in traitees if p.collectivite.pk > campagne.curseur]
    if not nouvelles or campagne.terminee_le is not None:
        return campagne
    campagne.anomalies = [*campagne.anomalies, *(_anomalie(p, motifs) for p, motifs in nouvelles if motifs)]
    campagne.traitees += len(nouvelles)
    campagne.curseur = nouvelles[-1][0].collectivite.pk
    campagne.save_without_historical_record(update_fields=["anomalies", "traitees", "curseur"])
    return campagne


def _anomalie(prevision: Prevision, motifs) -> dict[str, Any]:
    return {
        "siren": prevision.collectivite.siren,
        "nom": prevision.collectivite.nom,
        "motifs": list(motifs),
    }


@transaction.atomic
def _clore(campagne: CampagneEtats, auteur, maintenant: datetime) -> CampagneEtats:
    campagne = _verrouiller(campagne)
    if campagne.terminee_le is None:
        campagne.terminee_le, campagne.total = maintenant, campagne.traitees
        campagne.enregistrer(auteur=auteur, maintenant=maintenant, raison="Génération terminée")
    return campagne
