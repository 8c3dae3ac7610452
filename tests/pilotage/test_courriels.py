"""Une panne d’envoi se voit : au DPD, avec l’erreur, et de quoi retenter."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import STATUS, Email

from dpd.messagerie.expedition import expedier
from dpd.messagerie.models import Message
from dpd.messagerie.suivi import compter, courriels_de, filtrer
from tests.messagerie.conftest import Horloge
from tests.plans import plans
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
    a_retenter = f"l’envoi à {message.destinataire}\u00a0: {message.sujet}</span>"
    assert html.count(a_retenter) == 1
    assert f'<th role="rowheader" scope="row">{message.sujet}</th>' in html
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


def test_les_echecs_viennent_d_abord_en_petit_nombre_puis_tout_par_date(
    panne, connecte, dpd, liste, collectivite, referent, monkeypatch
):
    monkeypatch.setattr("dpd.pilotage.views.courriels.A_TRAITER", 1)
    Email.objects.update(status=STATUS.failed, scheduled_time=None)
    creer_violation(collectivite, referent, T0 + timedelta(hours=1), titre="Une autre")
    client = connecte(dpd)
    contexte = client.get(liste).context
    assert [message.est_en_echec for message in contexte["a_traiter"]] == [True]
    assert [message.est_en_echec for message in contexte["page"]] == [False, False, True, True]
    assert (contexte["echecs"], contexte["attente"]) == (2, 2)
    html = client.get(liste).content.decode()
    assert html.index("À traiter, les plus récents") < html.index("Tous, les plus récents d’abord")
    for ailleurs in ({"etat": "echec"}, {"etat": "attente"}):
        assert "À traiter" not in client.get(liste, ailleurs).content.decode()


def test_une_liste_sans_fin_ne_compte_que_jusqu_a_la_page_suivante(connecte, dpd, liste, collectivite):
    _ecrire(collectivite, 60)
    client = connecte(dpd)
    pages = {demandee: client.get(liste, {"page": demandee}) for demandee in ("", "2", "3", "99", "-1", "x")}
    lues = {d: (p.context["page"].number, p.context["page"].paginator.count) for d, p in pages.items()}
    assert lues == {"": (1, 26), "2": (2, 51), "3": (3, 60), "99": (3, 60), "-1": (1, 26), "x": (1, 26)}
    html = pages["2"].content.decode()
    assert "Page 2</p>" in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html
    assert 'rel="next"' not in pages["3"].content.decode()
    assert client.get(liste, {"page": "9" * 5000}).context["page"].number == 1


@pytest.mark.un_moteur
@pytest.mark.parametrize("etat", ["", "envoye", "echec", "attente"])
def test_un_index_sert_quelle_que_soit_la_liste(structure, etat):
    """Des années de courriels ne se trient pas pour en montrer une page ; ceux à traiter sont peu."""
    tous = courriels_de(structure)
    tri, reste = "SCAN messagerie_message USING INDEX messagerie_message_cree_le", "post_office_email_status"
    for requete in (filtrer(tous, etat), filtrer(tous, etat).values("pk")):
        plan = requete[:25].explain()
        assert (reste if etat in ("echec", "attente") else tri) in plan
        assert ("TEMP B-TREE" in plan) == (etat in ("echec", "attente"))
    (plan,) = plans(lambda: compter(tous), "messagerie_message")
    assert "post_office_email_status" in plan


def test_l_ecran_ne_coute_pas_plus_quand_il_y_a_des_echecs(panne, connecte, dpd, liste):
    client = connecte(dpd)
    client.get(liste)
    couts = []
    for statut in (STATUS.queued, STATUS.failed):
        Email.objects.update(status=statut)
        with CaptureQueriesContext(connection) as requetes:
            client.get(liste)
        couts.append(sum("messagerie_message" in requete["sql"] for requete in requetes))
    assert couts == [3, 4]


def _ecrire(collectivite, nombre):
    Message.objects.bulk_create(
        Message(nature="essai", collectivite=collectivite, destinataire=f"m{n}@exemple.fr", cree_le=T0)
        for n in range(nombre)
    )
