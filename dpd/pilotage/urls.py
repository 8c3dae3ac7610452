from django.urls import path

from dpd.comptes import convertisseurs  # noqa: F401 — enregistre <siren:…>
from dpd.pilotage import routes_portefeuille
from dpd.pilotage.views import collectivite, structure

app_name = "pilotage"
urlpatterns = [
    path("c/<siren:siren>/", collectivite.a_faire, name="collectivite"),
    path("s/<siren:siren>/", structure.aujourdhui, name="structure"),
    *routes_portefeuille.urlpatterns,
]
