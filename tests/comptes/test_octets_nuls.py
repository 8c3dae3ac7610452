"""Un octet nul, que PostgreSQL refuse, s’arrête à l’entrée : jamais une panne."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError
from django.urls import reverse

from dpd.comptes.garde import OctetsNuls
from dpd.comptes.models import Utilisateur
from registre.models import VersionTraitement
from registre.regles.contenu import Fiche, en_dict

pytestmark = pytest.mark.django_db
# (adresse, de la collectivité ou de la structure, paramètre lu)
RECHERCHES = [
    ("pilotage:portefeuille", "structure", "q"),
    ("pilotage:portefeuille", "structure", "intercommunalite"),
    ("pilotage:portefeuille", "structure", "page"),
    ("comptes:communes", "structure", "q"),
    ("comptes:creer_collectivite", "structure", "commune"),
    ("comptes:creer_collectivite", "structure", "depuis"),
    ("comptes:journal", "collectivite", "page"),
    ("registre:liste", "collectivite", "q"),
    ("registre:liste", "collectivite", "service"),
    ("registre:modeles", "collectivite", "mot"),
    ("registre:bibliotheque", "structure", "mot"),
]
ENVOIS = [
    ("comptes:inviter", "collectivite", {"courriel": "a\0@b.fr", "role": "lecteur"}),
    ("comptes:creer_collectivite", "structure", {"nom": "A\0", "siren": "21820\x001317"}),
    ("comptes:ajouter_contact", "collectivite", {"nom": "Odile\0"}),
    ("registre:nouvelle", "collectivite", {"nom": "Cantine\0"}),
    ("registre:groupe", "collectivite", {"geste": "\0", "fiches": "1\0"}),
    ("registre:importer_confirmer", "collectivite", {"apercu": "\0"}),
]


@pytest.fixture
def ici(request, connecte, dpd, collectivite, structure):
    """Le DPD connecté, et l’adresse d’un nom chez lui."""
    lieux = {"collectivite": collectivite, "structure": structure}
    return connecte(dpd), lambda nom, lieu: reverse(nom, args=[lieux[lieu].siren])


@pytest.mark.parametrize(("nom", "lieu", "parametre"), RECHERCHES)
def test_une_recherche_avec_un_octet_nul_est_refusee_proprement(ici, nom, lieu, parametre):
    client, adresse = ici
    assert client.get(adresse(nom, lieu)).status_code == 200
    for htmx in ({}, {"HX-Request": "true"}):
        reponse = client.get(f"{adresse(nom, lieu)}?{parametre}=a%00b", headers=htmx)
        assert reponse.status_code == 400
        assert "Une demande illisible" in reponse.content.decode()


@pytest.mark.parametrize(("nom", "lieu", "champs"), ENVOIS)
def test_un_envoi_avec_un_octet_nul_est_refuse_sans_rien_ecrire(ici, nom, lieu, champs):
    client, adresse = ici
    assert client.post(adresse(nom, lieu), champs).status_code == 400
    assert not VersionTraitement.objects.exists()


def test_un_nom_de_champ_ne_passe_pas_davantage(ici):
    client, adresse = ici
    assert client.post(adresse("registre:nouvelle", "collectivite"), {"nom\0": "x"}).status_code == 400


@pytest.mark.parametrize("chemin", ["/%00", "/c/218201317%00/", "/entrer/%00/", "/invitation/a%00b/"])
def test_une_adresse_avec_un_octet_nul_est_refusee(client, chemin):
    assert client.get(chemin).status_code == 400


def test_un_temoin_de_session_avec_un_octet_nul_est_refuse(client):
    client.cookies.load('sessionid="abcdefgh\\000"')
    assert client.get(reverse("aide")).status_code == 400


def test_un_en_tete_avec_un_octet_nul_est_refuse(client):
    assert client.get(reverse("aide"), HTTP_USER_AGENT="a\0b").status_code == 400


def test_la_connexion_ne_tombe_pas(client, referent):
    champs = {"login": f"{referent.email}\0", "password": "x\0"}
    assert client.post(reverse("account_login"), champs).status_code == 400
    assert Utilisateur.objects.get().last_login is None


def test_ce_qui_n_a_pas_d_octet_nul_passe(ici):
    client, adresse = ici
    assert client.get(f"{adresse('registre:liste', 'collectivite')}?q=100%2500").status_code == 200


def test_un_envoi_interrompu_n_est_pas_une_panne(rf):
    class Interrompue:
        @property
        def POST(self):
            raise UnreadablePostError

    assert OctetsNuls(lambda r: None).process_view(Interrompue(), None, (), {}) is None


@pytest.mark.parametrize("cle", ["nom", "description", "inconnue\0"])
def test_un_json_importe_est_epure_ou_refuse_mais_ne_casse_rien(ici, cle, client):
    connecte, adresse = ici
    contenu = {**en_dict(Fiche(nom="Cantine")), cle: "Can\0tine"}
    document = {
        "document": {"siren": "218201317", "nature": "x\0"},
        "enregistrements": [{"contenu": contenu}],
    }
    fichier = SimpleUploadedFile("registre.json", json.dumps(document).encode())
    depot = connecte.post(adresse("registre:importer", "collectivite"), {"fichier": fichier})
    assert depot.status_code in (200, 422)
    if depot.status_code == 200:
        confirmation = depot.context["confirmation"]
        connecte.post(
            adresse("registre:importer_confirmer", "collectivite"), {"apercu": confirmation["apercu"].value()}
        )
        assert "\0" not in json.dumps(VersionTraitement.objects.get().contenu)
        assert VersionTraitement.objects.get().contenu[cle] == "Cantine"
