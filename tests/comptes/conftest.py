"""Ce que partagent les tests de comptes : le dernier courriel, son lien, un cache vide."""

import re

import pytest
from django.core.cache import cache
from post_office.models import Email

MOT_DE_PASSE = "Une phrase de passe longue 1!"


@pytest.fixture(autouse=True)
def _cache_vide():
    """Les décomptes d’essais vivent dans le cache : ils ne passent pas d’un test à l’autre."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def courriel_recu():
    """Le dernier courriel mis en file pour une adresse."""

    def _dernier(adresse):
        return Email.objects.filter(to=adresse).latest("pk")

    return _dernier


@pytest.fixture
def lien_recu(courriel_recu):
    """Le chemin du dernier lien personnel reçu par une adresse."""

    def _lien(adresse):
        return re.search(r"https?://[^/\s]+(/(?:invitation|compte)/\S+)", courriel_recu(adresse).message)[1]

    return _lien
