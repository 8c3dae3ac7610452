"""Un contrat et les fiches qu’il confie ; inclus par registre/urls.py."""

from django.urls import path

from registre.views import contrats, contrats_gestes

CONTRAT = "c/<siren:siren>/contrats/<int:pk>"

urlpatterns: list = [
    path("c/<siren:siren>/prestataires/<int:pk>/contrat/", contrats_gestes.nouveau, name="nouveau_contrat"),
    path(f"{CONTRAT}/", contrats.contrat, name="contrat"),
    path(f"{CONTRAT}/modifier/", contrats_gestes.modifier, name="modifier_contrat"),
    path(f"{CONTRAT}/clauses/", contrats_gestes.clauses, name="clauses_contrat"),
    path(f"{CONTRAT}/fiches/", contrats_gestes.fiches, name="fiches_contrat"),
    path(f"{CONTRAT}/clore/", contrats_gestes.clore, name="clore_contrat"),
    path(f"{CONTRAT}/avenant/", contrats.avenant, name="avenant"),
    path(f"{CONTRAT}/avenant/<str:format>/", contrats.exporter_avenant, name="exporter_avenant"),
]
