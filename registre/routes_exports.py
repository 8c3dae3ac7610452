"""Exports et imports du registre (provisoire, remplacé par le lot des exports)."""

from django.http import Http404
from django.urls import path


def _a_venir(request, **_):
    raise Http404


urlpatterns = [
    path("c/<siren:siren>/registre/exporter/<str:format>/", _a_venir, name="exporter"),
    path("c/<siren:siren>/registre/<int:reference>/exporter/<str:format>/", _a_venir, name="exporter_fiche"),
    path("c/<siren:siren>/registre/groupe/", _a_venir, name="groupe"),
    path("c/<siren:siren>/registre/importer/", _a_venir, name="importer"),
]
