"""L’accès rapide : chacun arrive là où il peut déclarer, et le bouton est sur toute page."""

import pytest
from django.urls import reverse

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from tests.conftest import creer_collectivite, creer_personne

pytestmark = pytest.mark.django_db
ICI = "/violations/declarer/"


def test_qui_n_a_qu_une_collectivite_y_est_conduit(connecte, referent, collectivite, voisine):
    assert connecte(referent).get(ICI).url == reverse("violations:declarer", args=[collectivite.siren])


def test_qui_en_a_plusieurs_choisit(connecte, referent, collectivite, voisine):
    accorder(referent, Role.DECIDEUR, voisine)
    page = connecte(referent).get(ICI).content.decode()
    for lieu in (collectivite, voisine):
        assert reverse("violations:declarer", args=[lieu.siren]) in page


def test_le_dpd_cherche_parmi_les_siennes(connecte, dpd, collectivite, voisine, lointaine):
    client = connecte(dpd)
    page = client.get(ICI).content.decode()
    assert collectivite.denomination in page
    assert lointaine.denomination not in page
    page = client.get(ICI, {"q": "septfonds"}).content.decode()
    assert voisine.denomination in page
    assert collectivite.denomination not in page
    assert "Aucune de vos collectivités ne porte ce nom" in client.get(ICI, {"q": "zzz"}).content.decode()


def test_l_agent_est_conduit_au_signalement_d_un_incident(connecte, agent, structure, collectivite):
    assert connecte(agent).get(ICI).url == reverse("violations:signaler", args=[structure.siren])


def test_le_dpd_peut_aussi_signaler_un_incident(connecte, dpd, structure, collectivite, voisine):
    signaler = reverse("violations:signaler", args=[structure.siren])
    client = connecte(dpd)
    assert signaler in client.get(ICI).content.decode()
    assert signaler in client.get(reverse("violations:declarer", args=[collectivite.siren])).content.decode()


@pytest.mark.parametrize("qui", ["lecteur", "gestionnaire"])
def test_qui_ne_declare_nulle_part_apprend_qui_prevenir(connecte, request, qui):
    page = connecte(request.getfixturevalue(qui)).get(ICI, follow=True).content.decode()
    assert "Prévenez l’un d’eux sans attendre" in page


def test_l_acces_rapide_demande_d_etre_connecte(client):
    assert client.get(ICI).url.startswith("/compte/")


def bouton(client, chemin):
    page = client.get(chemin).content.decode()
    entete = page[page.index("<header") : page.index("</header>")]
    return "Déclarer une violation" in entete, entete


@pytest.mark.parametrize("chemin", ["pilotage:collectivite", "registre:liste"])
def test_dans_sa_collectivite_le_bouton_mene_droit_au_formulaire(connecte, referent, collectivite, chemin):
    present, entete = bouton(connecte(referent), reverse(chemin, args=[collectivite.siren]))
    assert present
    assert reverse("violations:declarer", args=[collectivite.siren]) in entete


@pytest.mark.parametrize("qui", ["referent", "decideur", "dpd", "agent"])
def test_hors_de_toute_collectivite_le_bouton_mene_a_l_acces_rapide(connecte, request, qui):
    present, entete = bouton(connecte(request.getfixturevalue(qui)), reverse("comptes:profil"))
    assert present
    assert f'href="{ICI}"' in entete


@pytest.mark.parametrize("qui", ["lecteur", "gestionnaire"])
def test_qui_ne_declare_nulle_part_n_a_pas_le_bouton(connecte, request, qui):
    assert not bouton(connecte(request.getfixturevalue(qui)), reverse("comptes:profil"))[0]


def test_la_liste_coute_autant_a_dix_qu_a_deux_cents_collectivites(
    connecte, structure, django_assert_max_num_queries
):
    dpd = creer_personne("d@cdg.example", "D", "P", Role.DPD, structure)
    client = connecte(dpd)
    client.get(ICI)  # la première lecture remplit ce qui se garde en mémoire
    comptes = []
    for debut, fin in ((0, 10), (10, 200)):
        for rang in range(debut, fin):
            creer_collectivite(structure, f"Lieu {rang:03}", f"{900000000 + rang}")
        with django_assert_max_num_queries(30) as captees:
            assert client.get(ICI).status_code == 200
        comptes.append(len(captees))
    assert comptes[0] == comptes[1]
