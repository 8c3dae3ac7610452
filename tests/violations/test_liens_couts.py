"""Le choix des fiches touchées coûte autant avec dix fiches qu’avec deux cents."""

import pytest
from django.urls import reverse

from registre import actions

pytestmark = pytest.mark.django_db


def test_les_fiches_touchees_coutent_autant_a_dix_qu_a_deux_cents(
    connecte, referent, collectivite, violation, maintenant, django_assert_max_num_queries
):
    client = connecte(referent)
    adresse = reverse("violations:traitements", args=[collectivite.siren, 2026, 1])
    client.get(adresse)  # la première lecture remplit ce qui se garde en mémoire
    couts = []
    for nombre in (10, 190):
        for rang in range(nombre):
            nom = f"Fiche {rang} sur {nombre}"
            actions.creer(collectivite=collectivite, nom=nom, auteur=referent, maintenant=maintenant)
        with django_assert_max_num_queries(40) as captees:
            page = client.get(adresse).content.decode()
        assert page.count('name="traitements"') == sum((10, 190)[: len(couts) + 1])
        couts.append(len(captees))
    assert couts[0] == couts[1]
