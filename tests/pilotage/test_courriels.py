"""Une panne d’envoi se voit : au DPD, avec l’erreur, et de quoi retenter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import STATUS, Email

from dpd.messagerie.expedition import expedier
from dpd.messagerie.models import Message
from tests.messagerie.conftest import Horloge
from tests.violations.fabriques import T0, creer_violation

pytestmark = pytest.mark.django_db


class Refuse:
    """Un moteur d’envoi qui refuse tout."""

    def __init__(self, **_):
        pass

    def open(self):
        pass

    def close(self):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError("serveur injoignable")


@pytest.fixture
def liste(structure):
    return reverse("pilotage:courriels", args=[structure.siren])


@pytest.fixture
def panne(settings, collectivite, referent, dpd):
    creer_violation(collectivite, referent, T0)
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "tests.pilotage.test_courriels.Refuse"},
    }
    expedier(Horloge(T0))


def test_ce_qui_attend_se_voit_avec_son_erreur(panne, connecte, dpd, liste):
    html = connecte(dpd).get(liste).content.decode()
    assert "En attente, après un essai manqué" in html
    assert "serveur injoignable" in html
    assert "En attente (2)" in html


def test_un_echec_se_retente(panne, connecte, dpd, liste, structure):
    Email.objects.update(status=STATUS.failed, scheduled_time=None)
    client = connecte(dpd)
    html = client.get(liste, {"etat": "echec"}).content.decode()
    assert "2\u00a0courriels refusés" in html.replace("2 courriels", "2\u00a0courriels")
    assert "Échec définitif" in html
    message = client.get(liste).context["page"][0]
    adresse = reverse("pilotage:retenter_courriel", args=[structure.siren, message.pk])
    html = client.post(adresse, follow=True).content.decode()
    assert "repart au prochain envoi" in html
    assert Email.objects.get(pk=message.courriel_id).status == STATUS.requeued
    assert "rien à retenter" in client.post(adresse, follow=True).content.decode()


def test_chaque_filtre_ne_montre_que_les_siens(panne, connecte, dpd, liste):
    client = connecte(dpd)
    nombres = {
        etat: client.get(liste, {"etat": etat}).context["page"].paginator.count
        for etat in ("attente", "echec", "envoye", "autre", "")
    }
    assert nombres == {"attente": 2, "echec": 0, "envoye": 0, "autre": 2, "": 2}
    assert "Aucun courriel dans cet état" in client.get(liste, {"etat": "envoye"}).content.decode()


def test_les_courriels_d_une_autre_structure_n_y_sont_pas(panne, connecte, dpd, liste, lointaine, etranger):
    creer_violation(lointaine, etranger, T0)
    assert connecte(dpd).get(liste).context["page"].paginator.count == 2


def test_un_courriel_d_ailleurs_ne_se_retente_pas(panne, connecte, dpd, structure, lointaine, etranger):
    ailleurs = creer_violation(lointaine, etranger, T0)
    message = Message.objects.get(objet_id=ailleurs.pk, collectivite=lointaine)
    adresse = reverse("pilotage:retenter_courriel", args=[structure.siren, message.pk])
    assert connecte(dpd).post(adresse).status_code == 404


@pytest.mark.parametrize("qui", ["gestionnaire", "agent"])
def test_le_gestionnaire_et_l_agent_n_y_entrent_pas(connecte, liste, qui, request):
    assert connecte(request.getfixturevalue(qui)).get(liste).status_code == 403


def test_la_liste_coute_autant_a_dix_qu_a_deux_cents(connecte, dpd, liste, collectivite, referent):

    client, couts = connecte(dpd), []
    client.get(liste)  # la session s’ouvre
    for total in (10, 200):
        while Email.objects.count() < total:
            creer_violation(collectivite, referent, T0, titre=str(Email.objects.count()))
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(liste).status_code == 200
        couts.append(len(requetes))
    assert couts[0] == couts[1] <= 15
