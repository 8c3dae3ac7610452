"""Les réglages du site, plus ce que demandent les tests : pas de TLS, hachage rapide."""

import tempfile

from dpd.settings import *  # noqa: F403 — tous les réglages, sauf ceux qui suivent
from dpd.settings import STORAGES

SECURE_SSL = SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"  # « __Host- » ne va pas sans TLS
DOUBLE_FACTEUR_OBLIGATOIRE = False  # les tests du double facteur le rétablissent
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "dpd.messagerie.file.FileDAttente"
MEDIA_ROOT = tempfile.mkdtemp(prefix="pieces-")
