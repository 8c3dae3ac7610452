"""Semer les violations : leurs récits joués par les actions, chacun à son heure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite, Structure, Utilisateur
from dpd.pilotage.demonstration.recits_violations import INCIDENTS, RECITS, RecitIncident, RecitViolation
from subtraitance.models import Contrat, SousTraitant
from violations import actions
from violations.actions import Reponse
from violations.actions.incidents import signaler
from violations.actions.incidents_ouverture import ouvrir
from violations.dossier_lu import lire_dossier
from violations.enums import MoyenInformation, Question, TypeNotification
from violations.models import Violation
from violations.rubriques_cnil import contenu_fige


@dataclass(frozen=True, slots=True)
class Plateau:
    """Une structure, son annuaire, et l’instant d’où l’on remonte."""

    structure: Structure
    fiches: dict[str, SousTraitant]
    dpd: Utilisateur
    agent: Utilisateur
    maintenant: datetime

    def il_y_a(self, heures: float) -> datetime:
        """L’instant d’il y a tant d’heures réelles, à la minute."""
        instant = self.maintenant.astimezone(UTC) - timedelta(hours=heures)
        return instant.replace(second=0, microsecond=0)


def semer_les_violations(
    plateau: Plateau, sigle: str, ouvertes: list[tuple[int, Collectivite]]
) -> list[Violation]:
    """Les violations et l’incident que raconte la démonstration pour cette structure."""
    recits = RECITS.get(sigle, {})
    semees = [
        _jouer(plateau, collectivite, recit)
        for position, collectivite in ouvertes
        for recit in recits.get(position, ())
    ]
    if sigle in INCIDENTS:
        semees += _jouer_l_incident(plateau, INCIDENTS[sigle])
    return semees


def _jouer(plateau: Plateau, collectivite: Collectivite, recit: RecitViolation) -> Violation:
    referent = personnes_de(collectivite, Role.REFERENT).first() or plateau.dpd
    decideur = personnes_de(collectivite, Role.DECIDEUR).first()
    violation = _declarer(plateau, collectivite, recit, referent)
    for heures, texte in recit.notes:
        quand = plateau.il_y_a(heures)
        actions.ajouter_note(
            violation=violation, texte=texte, instant=quand, auteur=plateau.dpd, maintenant=quand
        )
    avis = _aviser(plateau, violation, recit)
    if recit.decisions and decideur:
        _decider(plateau, violation, recit, decideur, avis)
        _suites(plateau, violation, recit, referent)
    return violation


def _declarer(plateau: Plateau, collectivite, recit: RecitViolation, referent) -> Violation:
    prestataire = None
    connaissance = plateau.il_y_a(recit.connaissance)
    if recit.prestataire and (fiche := plateau.fiches.get(recit.prestataire[0])):
        su_le = plateau.il_y_a(recit.prestataire[1])
        prestataire = {"sous_traitant": fiche, "connaissance": su_le, "prevenu_le": connaissance}
    return actions.declarer(
        collectivite=collectivite,
        titre=recit.titre,
        recit=recit.recit,
        connaissance=connaissance,
        source=recit.source,
        debut=None if recit.debut is None else plateau.il_y_a(recit.debut),
        fin=None if recit.fin is None else plateau.il_y_a(recit.fin),
        detection=prestataire["connaissance"] if prestataire else None,
        prestataire=prestataire,
        auteur=referent,
        maintenant=plateau.il_y_a(recit.declaree),
        **recit.faits,
    )


def _aviser(plateau: Plateau, violation: Violation, recit: RecitViolation):
    if recit.avis is None:
        return None
    heures, avis = recit.avis
    return actions.rendre_avis(
        violation=violation,
        risque=avis.risque,
        gravite=avis.gravite,
        conseil_notifier=avis.notifier,
        conseil_informer=avis.informer,
        raisons=avis.raisons,
        sait=avis.sait,
        ignore=avis.ignore,
        auteur=plateau.dpd,
        maintenant=plateau.il_y_a(heures),
    )


def _decider(plateau: Plateau, violation: Violation, recit: RecitViolation, decideur, avis) -> None:
    heures, decisions = recit.decisions
    motif = decisions.motif
    actions.decider(
        violation=violation,
        reponses={
            Question.NOTIFIER: Reponse(decisions.notifier, "" if decisions.notifier else motif),
            Question.INFORMER: Reponse(
                decisions.informer,
                "" if decisions.informer else motif,
                decisions.motif_34,
                decisions.moyen,
            ),
        },
        avis_lu=avis.pk if avis else None,
        auteur=decideur,
        maintenant=plateau.il_y_a(heures),
    )


def _suites(plateau: Plateau, violation: Violation, recit: RecitViolation, referent) -> None:
    if recit.notifiee is not None:
        quand = plateau.il_y_a(recit.notifiee)
        lu = lire_dossier(violation.collectivite, Violation.objects.get(pk=violation.pk))
        actions.notifier(
            violation=violation,
            type_envoi=TypeNotification.COMPLETE,
            numero=recit.numero,
            envoyee_le=quand,
            contenu=contenu_fige(lu, quand, type_envoi=TypeNotification.COMPLETE),
            auteur=referent,
            maintenant=quand,
        )
    if recit.informee is not None:
        quand = plateau.il_y_a(recit.informee)
        actions.enregistrer_information(
            violation=violation,
            moyen=MoyenInformation.COURRIER,
            faite_le=quand.astimezone(violation.collectivite.fuseau).date(),
            message=violation.message_personnes,
            auteur=referent,
            maintenant=quand,
        )
    if recit.close is not None:
        actions.clore(
            violation=violation, auteur=referent, maintenant=plateau.il_y_a(recit.close), lecon=recit.lecon
        )


def _jouer_l_incident(plateau: Plateau, recit: RecitIncident) -> list[Violation]:
    """L’éditeur l’a su, l’agent le signale, le DPD prévient les communes clientes."""
    fiche = plateau.fiches[recit.type]
    incident = signaler(
        structure=plateau.structure,
        titre=recit.titre,
        recit=recit.recit,
        connaissance=plateau.il_y_a(recit.connaissance),
        sous_traitant=fiche,
        auteur=plateau.agent,
        maintenant=plateau.il_y_a(recit.signale),
        **recit.faits,
    )
    contrats = Contrat.objects.filter(sous_traitant=fiche).select_related("collectivite")
    clientes = {contrat.collectivite_id: contrat.collectivite for contrat in contrats}
    choisies = [clientes[pk] for pk in sorted(clientes)][: recit.communes]
    if not choisies:
        return []
    quand = plateau.il_y_a(recit.ouvert)
    ouverture = ouvrir(incident=incident, collectivites=choisies, auteur=plateau.dpd, maintenant=quand)
    return list(ouverture.violations)
