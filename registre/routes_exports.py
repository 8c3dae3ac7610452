"""Les adresses des exports, des gestes groupés et de l’import."""

from django.urls import path

from registre.views import exports, imports

REGISTRE = "c/<siren:siren>/registre"

urlpatterns = [
    path(f"{REGISTRE}/exporter/<str:format>/", exports.exporter, name="exporter"),
    path(f"{REGISTRE}/<int:reference>/exporter/<str:format>/", exports.exporter_fiche, name="exporter_fiche"),
    path(f"{REGISTRE}/groupe/", exports.groupe, name="groupe"),
    path(f"{REGISTRE}/importer/", imports.importer, name="importer"),
    path(f"{REGISTRE}/importer/confirmer/", imports.confirmer, name="importer_confirmer"),
]
