"""« Entrer comme… » : une porte qui n’existe qu’en démonstration."""

import pytest
from django.urls import reverse

from dpd.comptes.demonstration import PERSONNES, personne
from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import JournalAcces, Utilisateur

pytestmark = pytest.mark.django_db
CLES = [p.cle for p in PERSONNES]


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION = True


@pytest.fixture
def fictives(db):
    return {p.cle: Utilisateur.objects.create_user(p.courriel, None) for p in PERSONNES}


def entrer(client, cle, **options):
    return client.post(reverse("comptes:entrer", args=[cle]), **options)


def test_les_cinq_personnes_annoncees():
    assert CLES == ["referente", "dpd", "maire", "gestionnaire", "agent"]
    assert len({p.courriel for p in PERSONNES}) == 5
    assert personne("inconnue") is None


@pytest.mark.parametrize("methode", ["get", "post"])
@pytest.mark.parametrize("cle", CLES)
def test_hors_demonstration_la_porte_n_existe_pas(client, fictives, settings, cle, methode):
    assert settings.DEMONSTRATION is False
    assert getattr(client, methode)(reverse("comptes:entrer", args=[cle])).status_code == 404
    assert "_auth_user_id" not in client.session


def test_hors_demonstration_la_page_de_connexion_n_en_parle_pas(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert "entrer comme" not in page
    assert "/entrer/" not in page


def test_en_demonstration_la_page_de_connexion_propose_les_cinq(client, demonstration):
    page = client.get(reverse("account_login")).content.decode()
    for fictive in PERSONNES:
        assert reverse("comptes:entrer", args=[fictive.cle]) in page
        assert fictive.libelle in page


@pytest.mark.parametrize("cle", CLES)
def test_un_clic_ouvre_la_session_et_l_inscrit_au_journal(client, demonstration, fictives, cle):
    assert entrer(client, cle)["Location"] == reverse("accueil")
    assert client.session["_auth_user_id"] == str(fictives[cle].pk)
    ligne = JournalAcces.objects.get()
    assert (ligne.nature, ligne.utilisateur) == (NatureAcces.DEMONSTRATION, fictives[cle])


def test_changer_de_personne_ne_garde_rien_de_la_precedente(client, demonstration, fictives):
    entrer(client, "dpd")
    session = client.session
    session["reste"] = "de la DPD"
    session.save()
    entrer(client, "maire")
    assert client.session["_auth_user_id"] == str(fictives["maire"].pk)
    assert "reste" not in client.session


def test_une_personne_inconnue_est_introuvable(client, demonstration, fictives):
    assert entrer(client, "president").status_code == 404


def test_sans_jeu_de_demonstration_la_page_dit_quoi_lancer(client, demonstration):
    page = entrer(client, "dpd", follow=True).content.decode()
    assert "lancez «\u00a0make demo\u00a0»" in page
    assert not JournalAcces.objects.exists()


def test_un_compte_ferme_ne_s_ouvre_pas(client, demonstration, fictives):
    Utilisateur.objects.update(is_active=False)
    entrer(client, "dpd")
    assert "_auth_user_id" not in client.session


def test_une_simple_visite_n_ouvre_rien(client, demonstration, fictives):
    assert client.get(reverse("comptes:entrer", args=["dpd"]))["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_un_autre_site_ne_peut_pas_faire_entrer(demonstration, fictives, client):
    client.handler.enforce_csrf_checks = True
    assert entrer(client, "dpd").status_code == 403
