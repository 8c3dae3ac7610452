"""L’annuaire partagé et les contrats d’une collectivité ; inclus par subtraitance/urls.py."""

from django.urls import path

from subtraitance.views.provisoire import provisoire  # à remplacer

urlpatterns: list = [
    path("c/<siren:siren>/prestataires/", provisoire, name="prestataires"),
    path("s/<siren:siren>/prestataires/", provisoire, name="annuaire"),
]
