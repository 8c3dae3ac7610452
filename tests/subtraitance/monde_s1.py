"""De quoi remplir les adresses de la structure sous-traitante et de ce que chaque collectivité en lit."""

from dpd.comptes.models import Structure
from subtraitance.actions import instructions
from subtraitance.actions.article_30_2 import arreter_activite
from subtraitance.enums import LotDetenu
from tests.subtraitance.fabriques_s1 import (
    activite_d_essai,
    creer_contrat,
    creer_fiche,
    detruire,
    instruction_d_essai,
    lieu_d_essai,
    lot_d_essai,
    regle_d_essai,
    servir,
)


def remplir_s1(structure: Structure, collectivite, gens, maintenant, premiere) -> dict:
    """Une activité en cours, une arrêtée, un lieu, des lots, des instructions.

    ``premiere`` : celle des fiches du lieu, pour que deux lieux n’aient aucun nom en commun.
    """
    dpd, jour = gens["dpd"], maintenant.date()
    quand = {"maintenant": maintenant}
    activite = activite_d_essai(structure, dpd, f"Assistance {premiere}", **quand)
    servir(activite, dpd, collectivite, depuis=jour, **quand)
    arretee = activite_d_essai(structure, dpd, f"Arrêtée {premiere}", **quand)
    arreter_activite(activite=arretee, fin=jour, auteur=dpd, **quand)
    lieu = lieu_d_essai(structure, dpd, f"Hébergeur {premiere}", **quand)
    regle_d_essai(structure, dpd)
    detruit = lot_d_essai(collectivite, dpd, jour, type=LotDetenu.AUTRE, **quand)
    detruire(dpd, detruit, le=jour, **quand)
    detenu = lot_d_essai(collectivite, dpd, jour, description=f"Lot {premiere}", **quand)
    return {
        "activite": activite.pk,
        "activite_arretee": arretee.pk,
        "lieu": lieu.pk,
        "lot": detenu.pk,
        "lot_detruit": detruit.pk,
        "type": LotDetenu.SAUVEGARDE.value,
        **_instructions(structure, collectivite, gens, maintenant, premiere),
    }


def _instructions(structure: Structure, collectivite, gens, maintenant, premiere) -> dict:
    referent, quand = gens["referent"], {"maintenant": maintenant}
    recue = instruction_d_essai(collectivite, referent, f"Instruction {premiere}", **quand)
    alertee = instruction_d_essai(collectivite, referent, f"Alertée {premiere}", **quand)
    instructions.alerter(instruction=alertee, alerte="x", auteur=gens["dpd"], **quand)
    fiche = creer_fiche(structure, f"Prestataire {premiere} de {collectivite.siren}", **quand)
    contrat = creer_contrat(collectivite, fiche, **quand)
    donnee = instruction_d_essai(collectivite, referent, f"À un autre {premiere}", contrat=contrat, **quand)
    return {
        "instruction": recue.pk,
        "instruction_alertee": alertee.pk,
        "instruction_donnee": donnee.pk,
    }


def _de(cle: str, *noms: str) -> dict[str, dict[str, str]]:
    return {f"subtraitance:{nom}": {"pk": cle} for nom in noms}


# Adresse → clé du monde qui donne un paramètre quand ce n’est pas celle du même nom.
PARAMETRES_S1 = {
    **_de("activite", "activite", "modifier_activite", "arreter_activite", "rattacher"),
    **_de("activite", "retirer_responsables"),
    **_de("activite_arretee", "reprendre_activite"),
    **_de("lieu", "terminer_hebergement"),
    **_de("lot_detruit", "proces_verbal", "proces_verbal_recu"),
    **_de("instruction", "instruction", "instruction_recue", "accuser_instruction"),
    **_de("instruction", "executer_instruction", "alerter_instruction"),
    **_de("instruction_alertee", "repondre_alerte"),
    **_de("instruction_donnee", "noter_accuse", "noter_execution", "noter_alerte"),
}
