"""Session finie au milieu d’une saisie : rien ne se perd, rien ne fuit."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.signing import get_cookie_signer
from django.urls import resolve, reverse

from dpd.comptes.enums import Role
from dpd.comptes.models import Invitation, Utilisateur
from dpd.comptes.saisie import CLE, TAILLE_MAX, TEMOIN, page_d_origine, reprendre, suspendre
from tests.comptes.conftest import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
SAISIE = {"courriel": "nouvelle@mairie.example", "prenom": "Zélie", "role": "referent"}


@pytest.fixture
def horloge():
    with time_machine.travel(T0, tick=False) as voyage:
        yield voyage


def se_connecter(client, personne, **champs):
    return client.post(
        reverse("account_login"), {"login": personne.email, "password": MOT_DE_PASSE, **champs}
    )


@pytest.fixture
def page(collectivite):
    return reverse("comptes:inviter", args=[collectivite.siren])


# --- Le trajet entier ----------------------------------------------------------------------------


def test_de_l_expiration_a_la_saisie_rendue(client, decideur, page, horloge):
    se_connecter(client, decideur)
    assert client.get(page).status_code == 200
    horloge.shift(timedelta(minutes=31))
    reponse = client.post(page, SAISIE)
    assert reponse["Location"] == f"{reverse('account_login')}?next={page}"
    assert not Invitation.objects.exists()
    connexion = client.get(reponse["Location"]).content.decode()
    assert "Vous avez été déconnecté après 30 minutes. Votre saisie est enregistrée." in connexion
    assert se_connecter(client, decideur, next=page)["Location"] == page
    rendue = client.get(page).content.decode()
    assert 'value="nouvelle@mairie.example"' in rendue
    assert 'value="Zélie"' in rendue
    assert not Invitation.objects.exists()
    assert 'value="Zélie"' not in client.get(page).content.decode()
    client.post(page, SAISIE)
    assert Invitation.objects.get().role == Role.REFERENT


def test_chaque_action_repousse_la_fin_de_la_session(client, decideur, page, horloge):
    se_connecter(client, decideur)
    for _ in range(4):
        horloge.shift(timedelta(minutes=25))
        assert client.get(page).status_code == 200


def test_douze_heures_apres_la_connexion_la_session_se_ferme_meme_active(client, decideur, page, horloge):
    se_connecter(client, decideur)
    for _ in range(35):
        horloge.shift(timedelta(minutes=20))
        assert client.get(page).status_code == 200
    horloge.shift(timedelta(minutes=20))
    assert client.post(page, SAISIE).status_code == 302
    assert "_auth_user_id" not in client.session
    se_connecter(client, decideur, next=page)
    assert 'value="Zélie"' in client.get(page).content.decode()


def test_une_session_sans_heure_d_ouverture_commence_a_etre_comptee(connecte, decideur, page, horloge):
    client = connecte(decideur)
    client.get(page)
    assert client.session["session_ouverte_le"] == T0.timestamp()


def test_une_visite_expiree_revient_a_sa_page_sans_parler_de_saisie(client, page):
    reponse = client.get(f"{page}?a=1")
    assert reponse["Location"] == f"{reverse('account_login')}?next={page}%3Fa%3D1"
    assert "Votre saisie est enregistrée" not in client.get(reponse["Location"]).content.decode()


# --- Les fragments -------------------------------------------------------------------------------


@pytest.mark.parametrize("methode", ["get", "post"])
def test_un_fragment_anonyme_change_de_page_au_lieu_de_recevoir_la_connexion(client, page, methode):
    vue = f"http://testserver{page}?etape=2"
    reponse = getattr(client, methode)(
        "/compte/", {"nom": "x"}, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=vue
    )
    assert (reponse.status_code, reponse.content) == (204, b"")
    assert reponse["HX-Redirect"] == f"{reverse('account_login')}?next={page}%3Fetape%3D2"


def test_la_saisie_d_un_fragment_se_rend_sur_la_page_qui_le_portait(client, decideur, page):
    enregistrer = f"{page}?fragment=1"
    se_connecter(client, decideur)
    client.cookies.pop("sessionid")
    client.post(enregistrer, SAISIE, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://testserver{page}")
    se_connecter(client, decideur)
    assert 'value="Zélie"' in client.get(page).content.decode()


@pytest.mark.parametrize("entete", ["HTTP_HX_CURRENT_URL", "HTTP_REFERER"])
def test_une_page_d_un_autre_site_n_est_pas_suivie(client, page, entete):
    reponse = client.post(page, SAISIE, **{entete: "https://pirate.example/c/"})
    assert reponse["Location"] == f"{reverse('account_login')}?next={page}"


def test_un_bouton_ramene_a_la_page_qui_le_porte(client, collectivite):
    liste = reverse("comptes:personnes", args=[collectivite.siren])
    geste = reverse("comptes:revoquer_invitation", args=[collectivite.siren, 1])
    reponse = client.post(geste, HTTP_REFERER=f"http://testserver{liste}")
    assert reponse["Location"] == f"{reverse('account_login')}?next={liste}"
    assert CLE not in client.session


# --- Ce qui est gardé, ce qui ne l’est pas -------------------------------------------------------


@pytest.fixture
def requete(rf):
    def _requete(chemin, donnees, **entetes):
        demande = rf.post(chemin, donnees, **entetes)
        demande.session, demande.user = SessionStore(), AnonymousUser()
        demande.resolver_match = resolve(chemin)
        demande.COOKIES[TEMOIN] = get_cookie_signer(salt=TEMOIN + TEMOIN).sign("7")
        return demande

    return _requete


def test_aucun_mot_de_passe_n_entre_dans_la_session_anonyme(client, decideur, page):
    se_connecter(client, decideur)
    client.cookies.pop("sessionid")
    secrets = {"oldpassword": "Secret-1-ancien", "password1": "Secret-2-neuf", "password2": "Secret-2-neuf"}
    client.post(reverse("account_change_password"), secrets)
    client.post(page, {"nom": "Visible", "password": "Secret-3", "mot_de_passe": "Secret-4"})
    assert "Visible" in str(dict(client.session))
    assert "Secret" not in str(dict(client.session))


def test_une_saisie_demesuree_ou_vide_n_est_pas_gardee(requete, page):
    for donnees in ({"nom": "x" * TAILLE_MAX}, {}, {"csrfmiddlewaretoken": "x"}):
        demande = requete(page, donnees)
        suspendre(demande)
        assert CLE not in demande.session


def test_la_saisie_n_est_rendue_que_sur_sa_page_et_une_fois(requete, page):
    demande = requete(page, {"nom": ["a", "b"]})
    suspendre(demande)
    demande.user = Utilisateur(pk=7)
    demande.path = "/ailleurs/"
    assert reprendre(demande) is None
    demande.path = page
    assert reprendre(demande).getlist("nom") == ["a", "b"]
    assert reprendre(demande) is None


def test_la_page_d_origine_reste_une_adresse_locale(rf):
    def origine(**entetes):
        return page_d_origine(rf.post("/ici/?a=1", **entetes))

    assert origine() == "/ici/?a=1"
    assert origine(HTTP_REFERER="http://testserver/la/?b=2#c") == "/la/?b=2"
    assert origine(HTTP_REFERER="http://testserver") == "/"
    assert origine(HTTP_REFERER="javascript:alert(1)") == "/ici/?a=1"
    assert origine(HTTP_REFERER="//pirate.example/x") == "/ici/?a=1"


def test_la_referente_d_une_consultation_n_est_pas_suivie(rf):
    assert page_d_origine(rf.get("/ici/", HTTP_REFERER="http://testserver/la/")) == "/ici/"


# --- À qui elle est rendue -----------------------------------------------------------------------


def test_sur_un_poste_partage_la_saisie_n_est_pas_rendue_a_une_autre_personne(client, decideur, dpd, page):
    se_connecter(client, decideur)
    client.cookies.pop("sessionid")
    client.post(page, SAISIE)
    assert CLE in client.session
    se_connecter(client, dpd)
    assert "Zélie" not in client.get(page).content.decode()
    assert CLE not in client.session


def test_le_temoin_du_compte_est_signe_et_hors_de_portee_des_scripts(client, decideur, page):
    se_connecter(client, decideur)
    temoin = client.cookies[TEMOIN]
    assert temoin["httponly"]
    assert temoin["samesite"] == "Lax"
    client.cookies.clear()
    client.cookies[TEMOIN] = f"{decideur.pk}:faux"
    client.post(page, SAISIE)
    assert CLE not in client.session


@pytest.mark.parametrize("nom", ["comptes:profil", "comptes:affichage"])
def test_une_page_de_profil_n_est_jamais_gardee(requete, nom):
    demande = requete(reverse(nom), {"nom": "Delmas"})
    suspendre(demande)
    assert CLE not in demande.session
