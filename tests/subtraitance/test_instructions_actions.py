"""Les instructions documentées : données, accusées, alertées, maintenues, exécutées ; et les courriels."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from dpd.comptes.models import CollectiviteUserObjectPermission
from dpd.messagerie.models import Message
from subtraitance.actions import instructions as actions
from subtraitance.models import Instruction
from tests.subtraitance.fabriques_s1 import LUNDI, creer_contrat, creer_fiche, instruction_d_essai

pytestmark = pytest.mark.django_db
TEXTE = "Détruisez la sauvegarde du 3."


def refus(action, **arguments):
    with pytest.raises(ValidationError) as leve:
        action(maintenant=LUNDI, **arguments)
    erreur = leve.value
    return erreur.message_dict if hasattr(erreur, "error_dict") else {"": erreur.messages}


def courriels(nature):
    return Message.objects.filter(nature=f"subtraitance.{nature}").order_by("destinataire")


@pytest.fixture
def instruction(collectivite, referent, agent, dpd):
    return instruction_d_essai(collectivite, referent, TEXTE)


@pytest.fixture
def au_prestataire(collectivite, structure, referent):
    contrat = creer_contrat(collectivite, creer_fiche(structure, "Éditeur"))
    return instruction_d_essai(collectivite, referent, TEXTE, contrat=contrat)


@pytest.fixture
def alertee(instruction, agent):
    return actions.alerter(
        instruction=instruction, alerte="Base légale absente.", auteur=agent, maintenant=LUNDI
    )


def repondre(instruction, auteur, maintenue, suite="Vu."):
    return actions.repondre_a_l_alerte(
        instruction=instruction, maintenue=maintenue, suite=suite, auteur=auteur, maintenant=LUNDI
    )


def test_une_instruction_a_la_structure_previent_agents_et_dpd_sans_son_texte(
    instruction, agent, dpd, structure
):
    recus = courriels("instruction_donnee")
    assert {m.utilisateur for m in recus} == {agent, dpd}
    assert TEXTE not in recus[0].corps + recus[0].sujet
    assert f"/s/{structure.siren}/instructions/{instruction.pk}/" in recus[0].corps
    assert instruction.history.get().history_change_reason == "Instruction donnée"


def test_une_instruction_a_un_prestataire_ne_part_pas_a_la_structure(au_prestataire, agent, dpd):
    assert au_prestataire.contrat.sous_traitant.nom == "Éditeur"
    assert not Message.objects.filter(nature__startswith="subtraitance.instruction").exists()


def test_par_le_contrat_de_la_structure_elle_s_adresse_a_la_structure(collectivite, structure, referent):
    fiche = creer_fiche(structure, "Centre de gestion", est_la_structure=True)
    contrat = creer_contrat(collectivite, fiche)
    assert instruction_d_essai(collectivite, referent, contrat=contrat).contrat is None


def test_le_meme_envoi_ne_fait_qu_une_instruction(instruction, collectivite, referent):
    meme = instruction_d_essai(collectivite, referent, TEXTE, maintenant=LUNDI + timedelta(minutes=1))
    assert meme == instruction
    autre = instruction_d_essai(collectivite, referent, TEXTE, maintenant=LUNDI + timedelta(days=1))
    assert autre != instruction
    assert courriels("instruction_donnee").count() == 4


def test_donner_refuse_le_vide_l_ailleurs_et_un_contrat_clos(collectivite, voisine, structure, referent):
    base = {"collectivite": collectivite, "auteur": referent}
    assert refus(actions.donner_instruction, **base, texte=" ") == {"texte": [actions.SANS_TEXTE]}
    fiche = creer_fiche(structure, "Éditeur")
    ailleurs = creer_contrat(voisine, fiche)
    erreurs = refus(actions.donner_instruction, **base, texte="x", contrat=ailleurs)
    assert erreurs == {"contrat": [actions.D_AILLEURS]}
    clos = creer_contrat(collectivite, fiche, clos_le=LUNDI, motif_cloture="x")
    erreurs = refus(actions.donner_instruction, **base, texte="x", contrat=clos)
    assert erreurs == {"contrat": [actions.CLOS]}


def test_accuser_puis_executer_previent_le_responsable(instruction, agent, dpd, referent, decideur, lecteur):
    accusee = actions.accuser(instruction=instruction, auteur=agent, maintenant=LUNDI)
    assert (accusee.accusee_par, accusee.accusee_le) == (agent, LUNDI)
    assert refus(actions.accuser, instruction=instruction, auteur=agent) == {"": [actions.DEJA_ACCUSEE]}
    faite = actions.executer(instruction=instruction, auteur=dpd, maintenant=LUNDI + timedelta(hours=1))
    assert (faite.accusee_par, faite.executee_le) == (agent, LUNDI + timedelta(hours=1))
    assert {m.utilisateur for m in courriels("instruction_executee")} == {referent, decideur}
    assert refus(actions.executer, instruction=instruction, auteur=agent) == {"": [actions.DEJA_EXECUTEE]}
    erreurs = refus(actions.alerter, instruction=instruction, alerte="x", auteur=agent)
    assert erreurs == {"": [actions.DEJA_EXECUTEE]}


def test_executer_sans_avoir_accuse_accuse_aussi(instruction, agent):
    faite = actions.executer(instruction=instruction, auteur=agent, maintenant=LUNDI)
    assert (faite.accusee_par, faite.accusee_le) == (agent, LUNDI)


def test_une_alerte_suspend_et_previent_aussitot_le_responsable(
    alertee, agent, referent, decideur, collectivite
):
    assert alertee.est_suspendue
    message = courriels("instruction_alerte").get()  # le décideur est arrivé après
    assert message.utilisateur == referent
    assert "paraît illicite" in message.sujet
    assert "Base légale absente" not in message.corps
    assert TEXTE not in message.corps
    assert f"/c/{collectivite.siren}/instructions/{alertee.pk}/" in message.corps
    assert refus(actions.executer, instruction=alertee, auteur=agent) == {"": [actions.SUSPENDUE]}


def test_sans_compte_l_alerte_va_au_courriel_de_la_collectivite(instruction, agent):
    CollectiviteUserObjectPermission.objects.all().delete()
    actions.alerter(instruction=instruction, alerte="x", auteur=agent, maintenant=LUNDI)
    assert courriels("instruction_alerte").get().destinataire == "mairie@montpezat-de-quercy.example"


def test_une_alerte_a_un_motif_et_ne_se_donne_qu_une_fois(instruction, agent):
    erreurs = refus(actions.alerter, instruction=instruction, alerte=" ", auteur=agent)
    assert erreurs == {"alerte": [actions.SANS_MOTIF]}
    actions.alerter(instruction=instruction, alerte="x", auteur=agent, maintenant=LUNDI)
    erreurs = refus(actions.alerter, instruction=instruction, alerte="x", auteur=agent)
    assert erreurs == {"": [actions.DEJA_ALERTEE]}
    assert courriels("instruction_alerte").count() == 1


def test_maintenue_par_ecrit_elle_s_execute(alertee, agent, dpd, decideur):
    maintenue = repondre(alertee, decideur, True, "La loi l’impose.")
    assert (maintenue.maintenue, maintenue.suite_par) == (True, decideur)
    recus = courriels("instruction_suite")
    assert {m.utilisateur for m in recus} == {agent, dpd}
    assert "La loi" not in recus[0].corps
    assert actions.executer(instruction=alertee, auteur=agent, maintenant=LUNDI).executee_le == LUNDI


def test_retiree_elle_ne_s_execute_jamais(alertee, agent, decideur):
    assert repondre(alertee, decideur, False).est_suspendue
    assert refus(actions.executer, instruction=alertee, auteur=agent) == {"": [actions.RETIREE]}
    assert "retirée" in courriels("instruction_suite").first().sujet


def test_seul_le_responsable_repond_par_ecrit_a_une_alerte_en_attente(
    instruction, alertee, agent, dpd, decideur
):
    base = {"instruction": alertee, "maintenue": True}
    action = actions.repondre_a_l_alerte
    assert refus(action, **base, suite="x", auteur=dpd) == {"": [actions.AU_RESPONSABLE]}
    assert refus(action, **base, suite=" ", auteur=decideur) == {"suite": [actions.SANS_SUITE]}
    repondre(alertee, decideur, True)
    assert refus(action, **base, suite="x", auteur=decideur) == {"": [actions.SANS_ALERTE]}


def test_sans_alerte_il_n_y_a_rien_a_repondre(instruction, decideur):
    arguments = {"instruction": instruction, "maintenue": True, "suite": "x", "auteur": decideur}
    assert refus(actions.repondre_a_l_alerte, **arguments) == {"": [actions.SANS_ALERTE]}


def test_la_reponse_a_un_prestataire_ne_part_pas_a_la_structure(au_prestataire, referent, decideur, agent):
    actions.alerter(instruction=au_prestataire, alerte="x", auteur=referent, maintenant=LUNDI)
    assert "Éditeur vous alerte" in courriels("instruction_alerte").first().corps
    repondre(au_prestataire, decideur, True)
    assert not courriels("instruction_suite").exists()
    assert Instruction.objects.get().maintenue is True
