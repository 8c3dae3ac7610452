"""Décider : deux questions, des motifs, et la liberté de revenir en le disant."""

from datetime import datetime

import pytest
from django.urls import reverse

from tests.violations.fabriques import PARIS, decider, rendre_avis
from violations import actions
from violations.enums import EtatViolation, TypeNotification
from violations.models import DecisionViolation

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
OUI = {"notifier": "oui", "informer": "oui", "informer_moyen": "courriel", "prevue_le": "2026-11-24"}
NON = {
    "notifier": "non",
    "notifier_motif": "Rien n’a été lu.",
    "informer": "non",
    "motif_34": "risque_non_eleve",
    "informer_motif": "Risque faible.",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def adresse(violation):
    return reverse("violations:decider", args=["218201317", violation.annee, violation.rang])


def erreurs(reponse):
    return set(reponse.context["decision_form"].errors)


def test_le_responsable_repond_oui_aux_deux_questions(connecte, decideur, violation, adresse):
    reponse = connecte(decideur).post(adresse, OUI, follow=True)
    assert "Vos décisions sont enregistrées" in reponse.content.decode()
    informer = violation.decisions.get(question="informer")
    assert (informer.reponse, informer.moyen, str(informer.prevue_le)) == (True, "courriel", "2026-11-24")
    violation.refresh_from_db()
    assert violation.etat == EtatViolation.DECIDEE


def test_un_non_garde_son_motif_et_la_raison_de_l_article_34(connecte, decideur, violation, adresse):
    connecte(decideur).post(adresse, {**NON, "informer_moyen": "courriel", "prevue_le": "2026-11-24"})
    informer = violation.decisions.get(question="informer")
    assert (informer.motif_34, informer.motif) == ("risque_non_eleve", "Risque faible.")
    assert (informer.moyen, informer.prevue_le) == ("", None)  # la carte repliée ne compte pas
    violation.refresh_from_db()
    assert violation.notification_ecartee


@pytest.mark.parametrize(
    ("envoi", "attendues"),
    [
        ({}, {"notifier", "informer"}),
        ({**OUI, "notifier": ""}, {"notifier"}),
        ({**NON, "notifier_motif": "  "}, {"notifier_motif"}),
        ({**NON, "motif_34": ""}, {"motif_34"}),
        ({**NON, "motif_34": "invente"}, {"motif_34"}),
        ({**NON, "informer_motif": ""}, {"informer_motif"}),
        ({**NON, "motif_34": "efforts"}, {"communication"}),
        ({**OUI, "prevue_le": "2026-11-22"}, {"prevue_le"}),
        ({**OUI, "prevue_le": "demain"}, {"prevue_le"}),
        ({**NON, "notifier_motif": "2 69 05 49 588 157 80"}, {"notifier_motif"}),
    ],
)
def test_chaque_refus_est_sous_son_champ_et_rien_ne_s_ecrit(connecte, decideur, adresse, envoi, attendues):
    reponse = connecte(decideur).post(adresse, envoi)
    assert (reponse.status_code, erreurs(reponse)) == (200, attendues)
    assert not DecisionViolation.objects.exists()


def test_la_saisie_refusee_reste_a_l_ecran(connecte, decideur, adresse):
    lue = connecte(decideur).post(adresse, {**NON, "motif_34": ""}).content.decode()
    assert "Rien n’a été lu." in lue
    assert "Choisissez la raison, parmi celles de l’article 34." in lue


def test_la_communication_publique_remplace_l_information_de_chacun(connecte, decideur, violation, adresse):
    connecte(decideur).post(adresse, {**NON, "motif_34": "efforts", "communication": "publication"})
    assert violation.decisions.get(question="informer").moyen == "publication"


def test_le_double_envoi_ne_decide_qu_une_fois(connecte, decideur, adresse):
    client = connecte(decideur)
    client.post(adresse, OUI)
    client.post(adresse, OUI)
    assert DecisionViolation.objects.count() == 2


def test_un_avis_rendu_pendant_sa_lecture_se_relit(connecte, decideur, dpd, violation, adresse):
    avis = rendre_avis(violation, dpd, LUNDI)
    client = connecte(decideur)
    refusee = client.post(adresse, {**OUI, "avis_lu": ""})
    assert "relisez-le avant de décider" in refusee.content.decode()
    assert f'name="avis_lu" value="{avis.pk}"' in refusee.content.decode()
    assert client.post(adresse, {**OUI, "avis_lu": avis.pk}).status_code == 302


@pytest.mark.parametrize("faux", ["x", "-1", "²", "99999999999999999999"])
def test_un_avis_invente_ne_trompe_personne(connecte, decideur, dpd, violation, adresse, faux):
    rendre_avis(violation, dpd, LUNDI)
    assert connecte(decideur).post(adresse, {**OUI, "avis_lu": faux}).status_code == 200
    assert not DecisionViolation.objects.exists()


def test_revenir_ne_reprend_que_ce_qui_change_et_dit_pourquoi(connecte, decideur, violation, adresse):
    decider(violation, decideur, LUNDI)
    client = connecte(decideur)
    lue = client.get(adresse).content.decode()
    assert "Revenir sur votre décision" in lue
    assert lue.count(" checked") == 2
    sans_motif = {"notifier": "oui", "informer": "non", "motif_34": "mesures", "informer_motif": "Effacé."}
    assert erreurs(client.post(adresse, sans_motif)) == {"motif"}
    assert client.post(adresse, {**sans_motif, "motif": "Le fichier est effacé."}).status_code == 302
    assert violation.decisions.filter(question="notifier").count() == 1
    assert [d.reponse for d in violation.decisions.filter(question="informer")] == [False, True]


def test_revenir_sans_rien_changer_se_dit(connecte, decideur, violation, adresse):
    decider(violation, decideur, LUNDI)
    reponse = connecte(decideur).post(adresse, {"notifier": "oui", "informer": "oui", "motif": "Je relis."})
    assert "Rien ne change" in reponse.content.decode()
    assert DecisionViolation.objects.count() == 2


def test_la_cnil_notifiee_seule_la_seconde_question_se_pose(connecte, decideur, referent, violation, adresse):
    decider(violation, decideur, LUNDI)
    actions.notifier(
        violation=violation,
        type_envoi=TypeNotification.INITIALE,
        numero="1",
        envoyee_le=LUNDI,
        contenu={"x": 1},
        auteur=referent,
        maintenant=LUNDI,
    )
    client = connecte(decideur)
    page = client.get(adresse).content.decode()
    assert "Notifier cette violation" not in page
    assert "La CNIL est déjà notifiée" in page
    assert "À notifier, si vous le décidez" not in page
    envoi = {"informer": "non", "motif_34": "illisibles", "informer_motif": "Chiffré.", "motif": "Vérifié."}
    assert client.post(adresse, envoi).status_code == 302
    violation.refresh_from_db()
    assert violation.etat == EtatViolation.NOTIFIEE


def test_seul_le_decideur_decide(connecte, dpd, referent, etranger, adresse):
    for qui, statut in ((dpd, 403), (referent, 403), (etranger, 404)):
        assert connecte(qui).post(adresse, OUI).status_code == statut
    assert not DecisionViolation.objects.exists()


def test_une_violation_close_renvoie_au_dossier(connecte, decideur, violation, adresse):
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    actions.clore(violation=violation, auteur=decideur, maintenant=LUNDI)
    reponse = connecte(decideur).get(adresse, follow=True)
    assert "rouvrez-la d’abord" in reponse.content.decode()
