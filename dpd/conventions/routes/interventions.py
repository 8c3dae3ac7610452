"""Les interventions : celles de la structure, celles que lit une collectivité."""

from django.urls import path

from dpd.conventions.views import interventions, interventions_collectivite

STRUCTURE = "s/<siren:siren>/interventions"
COLLECTIVITE = "c/<siren:siren>/interventions"

urlpatterns = [
    path(f"{STRUCTURE}/", interventions.interventions_structure, name="interventions_structure"),
    path(f"{STRUCTURE}/<int:pk>/annuler/", interventions.annuler_intervention, name="annuler_intervention"),
    path(f"{COLLECTIVITE}/", interventions_collectivite.interventions, name="interventions"),
    path(
        f"{COLLECTIVITE}/exporter/<str:format>/",
        interventions_collectivite.exporter_interventions,
        name="exporter_interventions",
    ),
]
