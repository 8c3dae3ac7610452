"""Ce que partagent les tests de comptes : le dernier courriel, son lien, le double facteur, un cache vide."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from post_office.models import Email

MOT_DE_PASSE = "Une phrase de passe longue 1!"
T0 = datetime(2026, 11, 23, 8, 40, 5, tzinfo=UTC)


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


@pytest.fixture
def horloge():
    """L’heure arrêtée à ``T0``, qu’un test avance."""
    with time_machine.travel(T0, tick=False) as voyage:
        yield voyage


@pytest.fixture
def client_bis():
    """Un second navigateur."""
    return Client()


@pytest.fixture
def proteger():
    """Active l’application de codes d’une personne et rend son secret."""

    def _proteger(personne):
        secret = generate_totp_secret()
        TOTP.activate(personne, secret)
        RecoveryCodes.activate(personne)
        return secret

    return _proteger
