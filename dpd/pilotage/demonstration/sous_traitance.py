"""Semer ce qu’une structure fait pour le compte des communes : son registre 30-2, ses lots, ses consignes."""

from datetime import date, timedelta
from pathlib import Path

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.comptes.models import Collectivite
from dpd.pilotage.demonstration import recits_sous_traitance as recits
from dpd.pilotage.demonstration.violations import Plateau
from subtraitance.actions import article_30_2, detention, hebergement, instructions
from subtraitance.actions.annuaire_fiche import creer_prestataire, inscrire_la_structure
from subtraitance.actions.annuaire_lignes import ajouter_ulterieur
from subtraitance.actions.contrats import Lecture, controler_clauses, creer_contrat
from subtraitance.enums import RegimeAutorisation, Reponse28
from subtraitance.models import Contrat, DonneesDetenues, SousTraitant
from subtraitance.regles.article_28 import POINTS, reperer

ANNEXE = Path(__file__).parent / "donnees" / "annexe_atda.md"
EFFET = date(2021, 1, 1)
HEURES_DU_JOUR = 24


def semer_la_sous_traitance(plateau: Plateau, sigle: str, ouvertes: list[tuple[int, Collectivite]]) -> None:
    """La structure à l’annuaire, puis, pour celle dont la convention a une annexe, tout ce qu’elle promet."""
    trace = {"auteur": plateau.dpd, "maintenant": plateau.maintenant}
    elle = inscrire_la_structure(structure=plateau.structure, **trace)
    if sigle != recits.SIGLE:
        return
    collectivites = [collectivite for _, collectivite in ouvertes]
    for collectivite in collectivites:
        _passer_l_annexe(plateau, elle, collectivite)
    _tenir_le_registre(plateau, collectivites)
    _detenir(plateau, dict(ouvertes))
    _ordonner(plateau, dict(ouvertes))
    autre = creer_prestataire(
        structure=plateau.structure, nom=recits.ULTERIEUR, hebergement_pays="FR", **trace
    )
    ajouter_ulterieur(
        fiche=elle,
        ulterieur=autre,
        activite=recits.ACTIVITE_ULTERIEURE,
        depuis=None,
        garanties="Transport scellé, destruction attestée.",
        **trace,
    )


def _il_y_a(plateau: Plateau, jours: int):
    return plateau.il_y_a(jours * HEURES_DU_JOUR)


def _jour(plateau: Plateau, jours: int) -> date:
    return article_30_2.jour_de_la_structure(plateau.structure, plateau.maintenant) - timedelta(days=jours)


def _passer_l_annexe(plateau: Plateau, elle: SousTraitant, collectivite: Collectivite) -> Contrat:
    """L’annexe de la convention, lue point par point : chaque clause citée, chaque manque dit."""
    redacteur = personnes_de(collectivite, Role.REFERENT).first() or plateau.dpd
    trace = {"auteur": redacteur, "maintenant": plateau.maintenant}
    contrat = creer_contrat(
        collectivite=collectivite,
        sous_traitant=elle,
        objet="Assistance aux logiciels, certificats, formations",
        reference="Annexe de la convention",
        debut=EFFET,
        preavis_mois=6,
        autorisation=RegimeAutorisation.SPECIFIQUE,
        delai_violation=24,
        **trace,
    )
    passages = reperer(ANNEXE.read_text("utf-8"))
    lectures = {
        point.code: Lecture(Reponse28.PRESENTE, passages[point.code][0], "Annexe")
        if point.code not in recits.CLAUSES
        else Lecture(recits.CLAUSES[point.code])
        for point in POINTS
    }
    controler_clauses(contrat=contrat, lectures=lectures, **trace)
    return contrat


def _tenir_le_registre(plateau: Plateau, collectivites: list[Collectivite]) -> None:
    trace = {"auteur": plateau.dpd, "maintenant": plateau.maintenant}
    for dite in recits.ACTIVITES:
        activite = article_30_2.creer_activite(
            structure=plateau.structure, debut=EFFET, **dite._asdict(), **trace
        )
        article_30_2.rattacher(activite=activite, collectivites=collectivites, depuis=EFFET, **trace)
    hebergement.ajouter_lieu(
        structure=plateau.structure,
        hebergeur=recits.HEBERGEUR,
        adresse=recits.HEBERGEMENT,
        pays="FR",
        depuis=_jour(plateau, recits.HEBERGE_DEPUIS),
        **trace,
    )


def _detenir(plateau: Plateau, par_rang: dict[int, Collectivite]) -> None:
    for regle in recits.REGLES:
        detention.regler(
            structure=plateau.structure, auteur=plateau.dpd, maintenant=plateau.maintenant, **regle._asdict()
        )
    for lot in recits.LOTS:
        if collectivite := par_rang.get(lot.rang):
            garde = detention.enregistrer_lot(
                structure=plateau.structure,
                collectivite=collectivite,
                type=lot.type,
                description=lot.description,
                recu_le=_jour(plateau, lot.recu),
                auteur=plateau.agent,
                maintenant=_il_y_a(plateau, lot.recu),
            )
            _detruire(plateau, lot, garde)


def _detruire(plateau: Plateau, lot: recits.Lot, garde: DonneesDetenues) -> None:
    if lot.detruit is None:
        return
    detention.detruire_lots(
        structure=plateau.structure,
        lots=[garde],
        le=_jour(plateau, lot.detruit),
        comment=lot.comment,
        auteur=plateau.agent,
        maintenant=_il_y_a(plateau, lot.detruit),
    )


def _ordonner(plateau: Plateau, par_rang: dict[int, Collectivite]) -> None:
    for consigne in recits.CONSIGNES:
        collectivite = par_rang.get(consigne.rang)
        auteur = collectivite and personnes_de(collectivite, Role.REFERENT).first()
        if auteur is None:
            continue
        instruction = instructions.donner_instruction(
            collectivite=collectivite,
            texte=consigne.texte,
            auteur=auteur,
            maintenant=_il_y_a(plateau, consigne.jours),
        )
        if consigne.alerte:
            instructions.alerter(
                instruction=instruction,
                alerte=consigne.alerte,
                auteur=plateau.agent,
                maintenant=_il_y_a(plateau, consigne.jours - 1),
            )
        if consigne.executee is not None:
            instructions.executer(
                instruction=instruction,
                auteur=plateau.agent,
                maintenant=_il_y_a(plateau, consigne.executee),
            )
