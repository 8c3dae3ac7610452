"""Un contrat et les fiches qu’il confie ; inclus par registre/urls.py."""

urlpatterns: list = []
