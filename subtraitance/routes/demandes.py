"""Recevoir, lister, exporter les demandes de droits ; le calculateur ; inclus par subtraitance/urls.py."""

from django.urls import path

from subtraitance.views.provisoire import provisoire  # à remplacer

urlpatterns: list = [
    path("c/<siren:siren>/demandes/", provisoire, name="demandes"),
    path("s/<siren:siren>/demandes/", provisoire, name="demandes_structure"),
]
