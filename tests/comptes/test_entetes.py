"""Ce que le navigateur a le droit de garder, de prêter et de croire."""

import pytest
from django.urls import reverse

from tests.comptes.conftest import MOT_DE_PASSE

pytestmark = pytest.mark.django_db


def test_une_page_connectee_ne_se_garde_pas(connecte, referent, collectivite):
    reponse = connecte(referent).get(reverse("registre:liste", args=[collectivite.siren]))
    assert reponse["Cache-Control"] == "no-store, private"


def test_une_page_ouverte_n_ouvre_pas_de_session(client):
    reponse = client.get(reverse("aide"))
    assert reponse.status_code == 200
    assert "sessionid" not in reponse.cookies


@pytest.mark.parametrize("adresse", ["/aide/", "/nulle/part/", "/", "/static/dpd/theme.css", "/aide/?q=%00"])
def test_toute_reponse_refuse_camera_micro_et_position(client, adresse):
    politique = client.get(adresse)["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()", "payment=()"} <= set(politique)
    assert all(directive.endswith("=()") for directive in politique)


def test_la_redirection_vers_https_la_porte_aussi(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    reponse = client.get("/aide/")
    assert reponse.status_code == 301
    assert "camera=()" in reponse["Permissions-Policy"]


def test_sous_tls_les_temoins_sont_lies_a_l_hote(client, referent, settings):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    adresse = reverse("account_login")
    jeton = client.get(adresse, secure=True).cookies["__Host-csrftoken"]
    identifiants = {"login": referent.email, "password": MOT_DE_PASSE}
    session = client.post(adresse, identifiants, secure=True).cookies["__Host-sessionid"]
    for temoin in (jeton, session):
        assert (temoin["secure"], temoin["path"], temoin["domain"]) == (True, "/", "")
    assert session["httponly"]
    assert client.get(reverse("comptes:profil"), secure=True).status_code == 200
