"""Le dossier d’une demande de droits et sa recherche ; inclus par registre/urls.py."""

from django.urls import path

from registre.views import demandes, demandes_recherche

D = "c/<siren:siren>/demandes/<int:annee>-<int:rang>/"

urlpatterns: list = [
    path(D, demandes.demande, name="demande"),
    path(f"{D}recherche/", demandes_recherche.choisir, name="choisir_les_fiches"),
    path(f"{D}recherche/noter/", demandes_recherche.noter, name="noter_la_recherche"),
]
