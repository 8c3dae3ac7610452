"""Ce que le navigateur a le droit de garder."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_une_page_connectee_ne_se_garde_pas(connecte, referent, collectivite):
    reponse = connecte(referent).get(reverse("registre:liste", args=[collectivite.siren]))
    assert reponse["Cache-Control"] == "no-store, private"


def test_une_page_ouverte_n_ouvre_pas_de_session(client):
    reponse = client.get(reverse("aide"))
    assert reponse.status_code == 200
    assert "sessionid" not in reponse.cookies
