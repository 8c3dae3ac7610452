"""Les réglages du site en production, sans TLS ni double facteur, et les planchers parmi les adresses."""

import tempfile

from dpd.settings import *  # noqa: F403 — tous les réglages, sauf ceux qui suivent
from dpd.settings import RACINE, STORAGES, TEMPLATES

DEBUG = False
SECURE_SSL = SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
DOUBLE_FACTEUR_OBLIGATOIRE = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bancs.adresses"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], RACINE / "bancs" / "gabarits"]}]
MEDIA_ROOT = tempfile.mkdtemp(prefix="banc-pieces-")
LOGGING = {"version": 1, "disable_existing_loggers": True}
