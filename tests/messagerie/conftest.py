"""Un serveur SMTP, et une horloge que le test avance."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.messagerie.serveur import serveur_smtp


class Horloge:
    def __init__(self, depart: datetime):
        self.instant = depart

    def __call__(self) -> datetime:
        return self.instant

    def avancer(self, **duree) -> None:
        self.instant += timedelta(**duree)


@pytest.fixture
def horloge():
    return Horloge(timezone.now())


@pytest.fixture
def smtp(settings):
    """La boîte d’un vrai serveur, sur lequel la file envoie."""
    with serveur_smtp() as (boite, port):
        settings.POST_OFFICE = {
            **settings.POST_OFFICE,
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
        }
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 3
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield boite
