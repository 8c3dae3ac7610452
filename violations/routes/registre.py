"""Le registre des violations, ses exports et ses statistiques ; inclus par violations/urls.py."""

from django.urls import path

from violations.views import exports, registre, statistiques

C = "c/<siren:siren>/violations/"
S = "s/<siren:siren>/violations/"

urlpatterns = [
    path(C, registre.liste, name="liste"),
    path(f"{C}exporter/<str:format>/", exports.exporter, name="exporter"),
    path(f"{C}statistiques/", statistiques.statistiques, name="statistiques"),
    path(S, registre.structure, name="structure"),
    path(f"{S}exporter/<str:format>/", exports.exporter_structure, name="exporter_structure"),
    path(f"{S}statistiques/", statistiques.statistiques_structure, name="statistiques_structure"),
]
