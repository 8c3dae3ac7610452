"""Ce que partagent les gestes : prendre une violation sous verrou, noter, tenir les rappels."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max

from dpd.comptes.droits import Acces
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from violations.enums import EtatRappel, EtatViolation, HorlogeRappelee, NatureEvenement
from violations.models import Evenement, Rappel, Violation
from violations.regles.horloges import horloge_notification
from violations.regles.instants import Instants, impossibles
from violations.regles.parametres import Parametres, parametres_au
from violations.regles.rappels import Palier, calendrier
from violations.regles.rappels import Rappel as RappelPrevu
from violations.regles.transitions import Geste, TransitionRefusee, transition

PALIERS_DU_COMPLEMENT = frozenset({Palier.DOUZE_HEURES, Palier.DEPASSEMENT})
CLOSE = "Cette violation est close\u00a0: rouvrez-la d’abord, en disant pourquoi."
AVANT_LE_RGPD = "Vérifiez l’année\u00a0: ces délais s’appliquent depuis le 25 mai 2018."


def prendre(violation: Violation) -> Violation:
    """La violation relue sous verrou, avec sa collectivité."""
    requete = Violation.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "collectivite__structure"
    )
    return requete.get(pk=violation.pk)


def prendre_ouverte(violation: Violation) -> Violation:
    """:raises ValidationError: si elle est close."""
    prise = prendre(violation)
    if prise.etat == "close":
        raise ValidationError(CLOSE)
    return prise


def franchir(violation: Violation, geste: Geste, auteur, motif: str = "") -> None:
    """Porte sur la violation l’état où mène le geste.

    Qui conseille ne décide pas, même s’il a reçu un rôle de décideur (RGPD art. 38-6).

    :raises ValidationError: si l’état, le rôle ou l’absence de motif l’interdit.
    """
    acces = Acces(auteur)
    roles = frozenset(role.value for role in acces.roles(violation.collectivite))
    if geste == Geste.DECIDER and acces.peut(Capacite.RENDRE_AVIS, violation.collectivite):
        roles -= {"decideur"}
    try:
        violation.etat = transition(violation.etat, geste, roles, motif)
    except TransitionRefusee as refus:
        raise ValidationError(str(refus)) from refus


def noter(
    violation: Violation, nature: NatureEvenement, texte: str, *, auteur, maintenant: datetime, instant=None
) -> Evenement:
    """Ajoute une ligne à la chronologie ; ``instant`` : quand cela eut lieu, à défaut maintenant."""
    evenement = Evenement(
        collectivite=violation.collectivite,
        violation=violation,
        nature=nature,
        instant=instant or maintenant,
        texte=texte,
        auteur=auteur,
        ecrit_le=maintenant,
    )
    return evenement.enregistrer(auteur=auteur, maintenant=maintenant, raison="Chronologie")


def rang_suivant(collectivite: Collectivite, annee: int) -> int:
    """Le rang libre de l’année ; à appeler la collectivité sous verrou."""
    Collectivite.objects.select_for_update(no_key=True).get(pk=collectivite.pk)
    dernier = Violation.objects.filter(collectivite=collectivite, annee=annee).aggregate(d=Max("rang"))["d"]
    return (dernier or 0) + 1


def parametres_de(instant: datetime, champ: str) -> Parametres:
    """Les délais qui valaient à cet instant.

    :raises ValidationError: sous ``champ``, avant que le règlement s’applique.
    """
    try:
        return parametres_au(instant)
    except ValueError as refus:
        raise ValidationError({champ: AVANT_LE_RGPD}) from refus


def calculer_echeances(violation: Violation) -> None:
    """Pose les échéances que les instants commandent ; elles ne se saisissent jamais."""
    parametres = parametres_de(violation.connaissance, "connaissance")
    violation.echeance_notification = horloge_notification(
        violation.connaissance, parametres, violation.notifiee_le
    ).echeance


def controler_instants(violation: Violation, maintenant: datetime, prestataire_le=None) -> None:
    """:raises ValidationError: par champ, si les instants ne se tiennent pas ou sont dans le futur."""
    instants = Instants(
        t0=violation.connaissance,
        debut=violation.debut,
        fin=violation.fin,
        detection=violation.detection,
        connaissance_sous_traitant=prestataire_le,
        connaissance_dpd=violation.connaissance_dpd,
        en_cours=violation.en_cours,
    )
    erreurs = impossibles(instants, maintenant)
    noms = {"t0": "connaissance", "connaissance_sous_traitant": "prestataire_le"}
    if erreurs:
        raise ValidationError({noms.get(champ, champ): phrase for champ, phrase in erreurs.items()})


def refaire_les_rappels(violation: Violation, maintenant: datetime) -> None:
    """Les rappels à venir suivent l’horloge qui court : refaits avec elle, retirés quand elle s’arrête."""
    Rappel.objects.filter(violation=violation, etat=EtatRappel.PREVU).delete()
    Rappel.objects.bulk_create(rappels_a_prevoir(violation, maintenant))


def rappels_a_prevoir(violation: Violation, maintenant: datetime) -> list[Rappel]:
    """Les rappels de l’horloge qui court, sans les enregistrer."""
    horloge, rappels = _horloge_rappelee(violation)
    return [
        Rappel(
            collectivite=violation.collectivite,
            violation=violation,
            horloge=horloge,
            palier=rappel.palier.value,
            instant=rappel.instant,
        )
        for rappel in rappels
        if rappel.instant > maintenant or rappel.palier == Palier.DEPASSEMENT
    ]


def _horloge_rappelee(violation: Violation) -> tuple[HorlogeRappelee, Sequence[RappelPrevu]]:
    """L’horloge qui court et ses paliers ; aucun palier si aucune ne court."""
    complement = violation.horloge_complement
    if violation.etat == EtatViolation.CLOSE or violation.notification_ecartee:
        return HorlogeRappelee.NOTIFICATION, ()
    if violation.notifiee_le is None:
        paliers = calendrier(violation.connaissance, violation.echeance_notification)
        return HorlogeRappelee.NOTIFICATION, paliers
    if complement is None or violation.completee_le is not None:
        return HorlogeRappelee.COMPLEMENT, ()
    paliers = calendrier(complement.depart, complement.echeance)
    return HorlogeRappelee.COMPLEMENT, [p for p in paliers if p.palier in PALIERS_DU_COMPLEMENT]
