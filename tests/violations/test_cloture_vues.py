"""Clore ce qui est fini, rouvrir en disant pourquoi."""

from datetime import datetime

import pytest
from django.urls import reverse

from tests.violations.fabriques import PARIS, decider
from violations import actions
from violations.enums import EtatViolation

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def adresse(nom):
    return reverse(f"violations:{nom}", args=["218201317", 2026, 1])


@pytest.fixture
def ecartee(violation, decideur):
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    violation.refresh_from_db()
    return violation


def test_ce_qui_reste_se_lit_avant_de_clore(connecte, referent, violation, decideur):
    client = connecte(referent)
    assert "une fois les deux décisions prises" in client.get(adresse("clore")).content.decode()
    assert adresse("clore") not in client.get(adresse("violation")).content.decode()
    decider(violation, decideur, LUNDI)
    assert "Enregistrez le numéro" in client.get(adresse("clore")).content.decode()
    refusee = client.post(adresse("clore"), {"lecon": "Tester avant"})
    assert "Tester avant" in refusee.content.decode()
    violation.refresh_from_db()
    assert violation.etat == EtatViolation.DECIDEE


def test_clore_garde_la_lecon_et_la_violation(connecte, referent, ecartee):
    reponse = connecte(referent).post(adresse("clore"), {"lecon": "Tester avant"}, follow=True)
    lue = reponse.content.decode()
    assert "La violation est close" in lue
    assert "Tester avant" in lue
    ecartee.refresh_from_db()
    assert ecartee.etat == EtatViolation.CLOSE


def test_le_double_envoi_de_la_cloture_ne_casse_rien(connecte, referent, ecartee):
    client = connecte(referent)
    client.post(adresse("clore"), {})
    assert client.post(adresse("clore"), {}).status_code == 200
    assert ecartee.evenements.filter(nature="cloture").count() == 1


def test_rouvrir_demande_pourquoi_et_le_garde(connecte, referent, ecartee):
    actions.clore(violation=ecartee, auteur=referent, maintenant=LUNDI)
    client = connecte(referent)
    assert client.get(adresse("rouvrir")).status_code == 200
    refusee = client.post(adresse("rouvrir"), {"motif": ""})
    assert set(refusee.context["formulaire"].errors) == {"motif"}
    lue = client.post(adresse("rouvrir"), {"motif": "Une copie est apparue."}, follow=True).content.decode()
    assert "Violation rouverte\u00a0: Une copie est apparue." in lue
    assert "Ces décisions sont à confirmer ou à reprendre" in lue


def test_une_violation_ouverte_ne_se_rouvre_pas(connecte, referent, ecartee):
    client = connecte(referent)
    assert "n’est pas close" in client.get(adresse("rouvrir"), follow=True).content.decode()
    assert client.post(adresse("rouvrir"), {"motif": "x"}).status_code == 200


def test_confirmer_apres_reouverture_garde_les_reponses(connecte, decideur, referent, ecartee):
    actions.clore(violation=ecartee, auteur=referent, maintenant=LUNDI)
    actions.rouvrir(violation=ecartee, motif="Copie", auteur=referent, maintenant=LUNDI)
    client = connecte(decideur)
    lue = client.get(adresse("violation")).content.decode()
    assert lue.count(" checked") == 2
    assert "Vos réponses précédentes sont reprises" in lue
    envoi = {
        "notifier": "non",
        "notifier_motif": "Aucune donnée n’a été lue.",
        "informer": "non",
        "motif_34": "risque_non_eleve",
        "informer_motif": "Le risque est faible.",
    }
    assert client.post(adresse("decider"), envoi).status_code == 302
    ecartee.refresh_from_db()
    assert ecartee.etat == EtatViolation.DECIDEE
