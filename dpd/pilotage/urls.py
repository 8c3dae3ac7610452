from django.urls import path

from dpd.pilotage import routes_depart, routes_portefeuille
from dpd.pilotage.views import collectivite, courriels, structure

app_name = "pilotage"
urlpatterns = [
    path("c/<siren:siren>/", collectivite.a_faire, name="collectivite"),
    path("s/<siren:siren>/", structure.aujourdhui, name="structure"),
    path("s/<siren:siren>/questions/", structure.questions, name="questions"),
    path("s/<siren:siren>/courriels/", courriels.courriels, name="courriels"),
    path(
        "s/<siren:siren>/courriels/<int:pk>/retenter/", courriels.retenter_courriel, name="retenter_courriel"
    ),
    *routes_portefeuille.urlpatterns,
    *routes_depart.urlpatterns,
]
