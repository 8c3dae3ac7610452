"""L’avis du DPD, les décisions du responsable ; inclus par violations/urls.py."""

from django.urls import path

from violations.views import decisions

V = "c/<siren:siren>/violations/<int:annee>-<int:rang>/"

urlpatterns = [
    path(f"{V}avis/", decisions.avis, name="avis"),
    path(f"{V}decider/", decisions.decider, name="decider"),
]
