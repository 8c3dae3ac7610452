"""Les pages des instructions, de chaque côté ; la structure ne lit que celles qui lui sont adressées."""

import pytest
from django.urls import reverse

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from subtraitance.actions import instructions as actions
from subtraitance.models import Instruction
from tests.subtraitance.fabriques_s1 import LUNDI, creer_contrat, creer_fiche, instruction_d_essai, texte

CONFIRME = {"confirme": "True"}
pytestmark = pytest.mark.django_db
TEXTE = "Détruisez la sauvegarde du 3."
SECRET = "Fermez l’accès du prestataire."


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def contrat(collectivite, structure):
    return creer_contrat(collectivite, creer_fiche(structure, "Éditeur"))


@pytest.fixture
def recue(collectivite, referent):
    return instruction_d_essai(collectivite, referent, TEXTE)


@pytest.fixture
def autre(collectivite, referent, contrat):
    return instruction_d_essai(collectivite, referent, SECRET, contrat=contrat)


def ici(nom, instruction):
    return reverse(f"subtraitance:{nom}", args=[instruction.collectivite.siren, instruction.pk])


def la_bas(nom, instruction):
    return reverse(f"subtraitance:{nom}", args=[instruction.collectivite.structure.siren, instruction.pk])


@pytest.mark.parametrize(
    ("qui", "lit", "donne", "decide"),
    [
        ("referent", 200, 200, 403),
        ("decideur", 200, 200, 200),
        ("lecteur", 200, 403, 403),
        ("dpd", 200, 403, 403),
        ("gestionnaire", 403, 403, 403),
        ("agent", 403, 403, 403),
        ("etranger", 404, 404, 404),
    ],
)
def test_qui_lit_donne_et_repond_dans_la_collectivite(
    connecte, collectivite, recue, autre, qui, lit, donne, decide, request
):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(reverse("subtraitance:instructions", args=[collectivite.siren])).status_code == lit
    assert client.get(ici("instruction", recue)).status_code == lit
    donner = reverse("subtraitance:donner_instruction", args=[collectivite.siren])
    assert client.get(donner).status_code == donne
    assert client.get(ici("noter_accuse", autre)).status_code == donne
    assert client.get(ici("repondre_alerte", recue)).status_code == decide


@pytest.mark.parametrize(
    ("qui", "lit", "agit"),
    [
        ("dpd", 200, 200),
        ("agent", 200, 200),
        ("gestionnaire", 200, 403),
        ("referent", 404, 404),
        ("etranger", 404, 404),
    ],
)
def test_qui_lit_et_execute_chez_la_structure(connecte, structure, recue, qui, lit, agit, request):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(reverse("subtraitance:instructions_recues", args=[structure.siren])).status_code == lit
    assert client.get(la_bas("instruction_recue", recue)).status_code == lit
    gestes = ("accuser_instruction", "executer_instruction", "alerter_instruction")
    assert {client.get(la_bas(nom, recue)).status_code for nom in gestes} == {agit}


@pytest.mark.parametrize("qui", ["dpd", "agent", "gestionnaire"])
def test_la_structure_ne_lit_jamais_ce_qui_s_adresse_a_un_autre(
    connecte, structure, recue, autre, qui, request
):
    client = connecte(request.getfixturevalue(qui))
    page = texte(client.get(reverse("subtraitance:instructions_recues", args=[structure.siren])))
    assert TEXTE in page
    assert SECRET not in page
    gestes = ("instruction_recue", "accuser_instruction", "executer_instruction", "alerter_instruction")
    assert {client.get(la_bas(nom, autre)).status_code for nom in gestes} <= {403, 404}
    assert client.get(la_bas("instruction_recue", autre)).status_code == 404


def test_les_pages_vides_apprennent_a_quoi_elles_servent(connecte, referent, dpd, collectivite, structure):
    page = texte(connecte(referent).get(reverse("subtraitance:instructions", args=[collectivite.siren])))
    assert "Aucune instruction donnée" in page
    page = texte(connecte(dpd).get(reverse("subtraitance:instructions_recues", args=[structure.siren])))
    assert "Aucune instruction reçue" in page


def test_le_parcours_d_une_instruction_alertee_puis_maintenue(
    connecte, collectivite, structure, referent, agent, decideur
):
    donner = reverse("subtraitance:donner_instruction", args=[collectivite.siren])
    page = texte(connecte(referent).post(donner, {"texte": ""}))
    assert "Écrivez l’instruction" in page
    page = texte(connecte(referent).post(donner, {"texte": TEXTE, "contrat": ""}, follow=True))
    assert f"Votre instruction à {structure.nom} est enregistrée." in page
    recue = Instruction.objects.get()
    client = connecte(agent)
    assert "Elle paraît illicite" in texte(client.get(la_bas("instruction_recue", recue)))
    assert client.post(la_bas("accuser_instruction", recue), CONFIRME).status_code == 302
    assert actions.DEJA_ACCUSEE in texte(client.post(la_bas("accuser_instruction", recue), CONFIRME))
    page = texte(client.post(la_bas("alerter_instruction", recue), {"alerte": ""}))
    assert "Dites pourquoi elle paraît illicite." in page
    page = texte(client.post(la_bas("alerter_instruction", recue), {"alerte": "Archives."}, follow=True))
    assert "Elle est suspendue." in page
    assert "C’est exécuté" not in page
    page = texte(client.post(la_bas("executer_instruction", recue), CONFIRME))
    assert "le responsable doit d’abord la maintenir par écrit" in page
    client = connecte(referent)
    page = texte(client.get(ici("instruction", recue)))
    assert "Le responsable de traitement décide" in page
    assert ici("repondre_alerte", recue) not in page
    client = connecte(decideur)
    assert ici("repondre_alerte", recue) in texte(client.get(ici("instruction", recue)))
    page = texte(client.post(ici("repondre_alerte", recue), {"choix": "", "suite": "Le visa est donné."}))
    assert "Choisissez : la retirer, ou la maintenir." in page
    assert "Le visa est donné." in page
    client.post(ici("repondre_alerte", recue), {"choix": "maintenir", "suite": "Le visa est donné."})
    assert "Maintenue par écrit" in texte(client.get(ici("instruction", recue)))
    client = connecte(agent)
    page = texte(client.post(la_bas("executer_instruction", recue), CONFIRME, follow=True))
    assert "L’instruction est exécutée, le responsable en est prévenu." in page


def test_retiree_elle_le_dit_a_la_structure(connecte, recue, agent, decideur):
    actions.alerter(instruction=recue, alerte="x", auteur=agent, maintenant=LUNDI)
    page = connecte(decideur).post(
        ici("repondre_alerte", recue), {"choix": "retirer", "suite": "Soit."}, follow=True
    )
    assert "L’instruction est retirée." in texte(page)
    page = texte(connecte(agent).get(la_bas("instruction_recue", recue)))
    assert "N’y donnez pas suite." in page


def test_un_dpd_qui_deciderait_aussi_ne_repond_pas(connecte, recue, agent, dpd, collectivite, monkeypatch):
    # Aucun geste ne crée ce cumul ; une base reprise peut en porter.
    monkeypatch.setattr("dpd.comptes.droits.en_conflit", lambda role, objet: type(dpd).objects.none())
    accorder(dpd, Role.DECIDEUR, collectivite)
    assert connecte(dpd).get(ici("repondre_alerte", recue)).status_code == 403


def test_la_collectivite_note_ce_que_dit_un_prestataire_sans_compte(connecte, autre, referent):
    client = connecte(referent)
    assert "Ce prestataire vous a répondu" in texte(client.get(ici("instruction", autre)))
    assert client.post(ici("noter_accuse", autre), CONFIRME).status_code == 302
    assert client.post(ici("noter_execution", autre), CONFIRME).status_code == 302
    autre.refresh_from_db()
    assert (autre.accusee_par, autre.executee_le is not None) == (referent, True)


def test_ce_que_fait_la_structure_ne_se_note_pas_a_sa_place(connecte, recue, referent):
    client = connecte(referent)
    noms = ("noter_accuse", "noter_execution", "noter_alerte")
    assert {client.post(ici(nom, recue), {"alerte": "x"}).status_code for nom in noms} == {403}
    assert "Ce prestataire vous a répondu" not in texte(client.get(ici("instruction", recue)))


def test_un_contrat_clos_fini_ou_d_ailleurs_ne_se_choisit_pas(
    connecte, referent, collectivite, voisine, structure, contrat
):
    fiche = creer_fiche(structure, "Fini")
    creer_contrat(collectivite, fiche, fin=LUNDI.date().replace(year=2020))
    creer_contrat(collectivite, creer_fiche(structure, "Clos"), clos_le=LUNDI, motif_cloture="x")
    creer_contrat(collectivite, creer_fiche(structure, "La structure", est_la_structure=True))
    ailleurs = creer_contrat(voisine, fiche)
    donner = reverse("subtraitance:donner_instruction", args=[collectivite.siren])
    client = connecte(referent)
    choix = client.get(donner).context["formulaire"].fields["contrat"].queryset
    assert list(choix) == [contrat]
    client.post(donner, {"texte": "x", "contrat": ailleurs.pk})
    assert not Instruction.objects.exists()


@pytest.mark.parametrize(
    ("etat", "attendues"),
    [
        ("", {"neuve", "accusée", "alertée", "exécutée", "retirée"}),
        ("a_accuser", {"neuve"}),
        ("a_executer", {"accusée"}),
        ("suspendues", {"alertée"}),
        ("executees", {"exécutée"}),
        ("retirees", {"retirée"}),
        ("inconnu", {"neuve", "accusée", "alertée", "exécutée", "retirée"}),
    ],
)
def test_chaque_etat_se_filtre_des_deux_cotes(
    connecte, collectivite, referent, agent, decideur, etat, attendues
):
    geste = {"auteur": agent, "maintenant": LUNDI}
    toutes = {
        nom: instruction_d_essai(collectivite, referent, nom)
        for nom in (*("neuve", "accusée", "alertée", "exécutée", "retirée"),)
    }
    actions.accuser(instruction=toutes["accusée"], **geste)
    actions.accuser(instruction=toutes["alertée"], **geste)
    actions.alerter(instruction=toutes["alertée"], alerte="x", **geste)
    actions.executer(instruction=toutes["exécutée"], **geste)
    actions.alerter(instruction=toutes["retirée"], alerte="x", **geste)
    actions.repondre_a_l_alerte(
        instruction=toutes["retirée"], maintenue=False, suite="x", auteur=decideur, maintenant=LUNDI
    )
    structure = collectivite.structure
    for qui, nom, lieu in (
        (agent, "instructions_recues", structure),
        (referent, "instructions", collectivite),
    ):
        adresse = reverse(f"subtraitance:{nom}", args=[lieu.siren], query={"etat": etat})
        page = connecte(qui).get(adresse)
        assert {ligne[0].texte for ligne in page.context["lignes"]} == attendues


def test_un_filtre_sans_reponse_propose_de_tout_revoir(connecte, agent, referent, recue):
    siren = recue.collectivite.structure.siren
    adresse = reverse("subtraitance:instructions_recues", args=[siren], query={"q": "zzz"})
    page = texte(connecte(agent).get(adresse))
    assert "Aucune instruction ne répond à ces filtres" in page
    adresse = reverse(
        "subtraitance:instructions", args=[recue.collectivite.siren], query={"etat": "retirees"}
    )
    assert "Aucune instruction ne répond à ce choix" in texte(connecte(referent).get(adresse))


def test_l_instruction_d_une_autre_collectivite_n_existe_pas_ici(connecte, referent, recue, voisine):
    recue.collectivite = voisine
    adresse = reverse("subtraitance:instruction", args=[voisine.siren, recue.pk])
    assert connecte(referent).get(adresse).status_code == 404
