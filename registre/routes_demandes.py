"""Le dossier d’une demande de droits et sa recherche ; inclus par registre/urls.py."""

from django.urls import path

from subtraitance.views.provisoire import provisoire  # à remplacer

urlpatterns: list = [
    path("c/<siren:siren>/demandes/<int:annee>-<int:rang>/", provisoire, name="demande"),
]
