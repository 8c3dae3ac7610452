"""Point d’entrée WSGI de la production."""

import os

from django.core.wsgi import get_wsgi_application

from dpd.checks import refuser_si_mal_regle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dpd.settings")
application = get_wsgi_application()
refuser_si_mal_regle()  # un serveur WSGI ne lance aucun contrôle de lui-même
