"""Semer les demandes de droits : leurs récits joués par les actions, chacun à son heure."""

from datetime import date, datetime

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from dpd.pilotage.demonstration.recits_demandes import (
    CONSERVATION_MOIS,
    CONSERVATION_SOURCE,
    FORMULAIRES_OUVERTS,
    MESSAGE,
    RECITS,
    RecitDemande,
    Suite,
)
from dpd.pilotage.demonstration.structures import courriel
from dpd.pilotage.demonstration.violations import Plateau
from subtraitance.actions import demandes_instruction as instruction
from subtraitance.actions import demandes_reception as reception
from subtraitance.actions.reglages import regler_les_demandes
from subtraitance.enums import CanalDemande, SensReponse
from subtraitance.models import DemandeDroits

DOMAINE = "habitants"


def semer_les_demandes(
    plateau: Plateau, sigle: str, ouvertes: list[tuple[int, Collectivite]]
) -> list[DemandeDroits]:
    """Les demandes que raconte la démonstration pour cette structure, et les formulaires ouverts."""
    semees = []
    for rang, collectivite in ouvertes:
        if rang in FORMULAIRES_OUVERTS:
            _ouvrir_le_formulaire(plateau, collectivite)
        semees += [_jouer(plateau, collectivite, recit) for recit in RECITS.get(sigle, {}).get(rang, ())]
    return semees


def _jour(plateau: Plateau, collectivite: Collectivite, heures: float) -> date:
    return plateau.il_y_a(heures).astimezone(collectivite.fuseau).date()


def _jouer(plateau: Plateau, collectivite: Collectivite, recit: RecitDemande) -> DemandeDroits:
    referent = personnes_de(collectivite, Role.REFERENT).first() or plateau.dpd
    decideur = personnes_de(collectivite, Role.DECIDEUR).first()
    demande = _recevoir(plateau, collectivite, recit, referent)
    if recit.transmise is not None:
        reception.transmettre(
            demande=demande,
            destinataires=list(personnes_de(collectivite, Role.REFERENT)),
            motif_retard=recit.motif_retard,
            auteur=plateau.agent,
            maintenant=plateau.il_y_a(recit.transmise),
        )
    if recit.recherche is not None:
        quand = plateau.il_y_a(recit.recherche)
        instruction.commencer_la_recherche(demande=demande, auteur=referent, maintenant=quand)
    if recit.attente:
        heures, motif = recit.attente
        instruction.suspendre(
            demande=demande,
            motif=motif,
            debut=_jour(plateau, collectivite, heures),
            auteur=referent,
            maintenant=plateau.il_y_a(heures),
        )
    if recit.prolongation:
        heures, motif = recit.prolongation
        instruction.prolonger(
            demande=demande,
            motif=motif,
            informe_le=_jour(plateau, collectivite, heures),
            auteur=decideur,
            maintenant=plateau.il_y_a(heures),
        )
    if recit.suite:
        _repondre(plateau, demande, recit.suite, referent, decideur)
    return demande


def _recevoir(plateau: Plateau, collectivite, recit: RecitDemande, referent) -> DemandeDroits:
    publique = recit.canal == CanalDemande.FORMULAIRE
    personne, lien = recit.lien
    return reception.recevoir(
        collectivite=collectivite,
        droits=recit.droits,
        regime=recit.regime,
        canal=recit.canal,
        recue_le=plateau.il_y_a(recit.recue),
        maintenant=plateau.il_y_a(recit.recue - 0.5),
        auteur=None if publique else plateau.agent if recit.structure else referent,
        par_la_structure=recit.structure,
        demandeur_nom=recit.nom,
        demandeur_courriel=courriel(recit.nom, DOMAINE),
        personne_nom=personne,
        personne_lien=lien,
        texte=recit.texte,
    ).demande


def _repondre(plateau: Plateau, demande, suite: Suite, referent, decideur) -> None:
    quand: datetime = plateau.il_y_a(suite.heures)
    refus = suite.sens in (SensReponse.REFUS, SensReponse.PARTIELLE)
    instruction.repondre(
        demande=demande,
        sens=suite.sens,
        envoyee_le=_jour(plateau, demande.collectivite, suite.heures),
        canal=CanalDemande.COURRIER,
        texte=suite.texte,
        motif=suite.motif,
        voies_de_recours=refus,
        destinataires_informes=suite.informes,
        auteur=decideur if refus else referent,
        maintenant=quand,
    )
    if suite.close:
        instruction.clore(demande=demande, auteur=referent, maintenant=quand)


def _ouvrir_le_formulaire(plateau: Plateau, collectivite: Collectivite) -> None:
    decideur = personnes_de(collectivite, Role.DECIDEUR).first()
    if decideur is None:
        return
    regler_les_demandes(
        collectivite=collectivite,
        formulaire_ouvert=True,
        message=MESSAGE,
        conservation_mois=CONSERVATION_MOIS,
        conservation_source=CONSERVATION_SOURCE,
        auteur=decideur,
        maintenant=plateau.il_y_a(24 * 300),
    )
