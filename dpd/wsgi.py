"""Point d’entrée WSGI de la production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dpd.settings")
application = get_wsgi_application()
