from django.urls import path

from registre import routes_contrats, routes_demandes, routes_exports, routes_modeles
from registre.views import etapes, fiches, parcours

app_name = "registre"
FICHE = "c/<siren:siren>/registre/<int:reference>"

urlpatterns = [
    path("c/<siren:siren>/registre/", fiches.liste, name="liste"),
    path("c/<siren:siren>/registre/nouvelle/", fiches.nouvelle, name="nouvelle"),
    path(f"{FICHE}/", fiches.fiche, name="fiche"),
    path(f"{FICHE}/historique/", fiches.historique, name="historique"),
    path(f"{FICHE}/versions/<int:numero>/", fiches.version_figee, name="version"),
    path(f"{FICHE}/etape/<int:numero>/", etapes.etape, name="etape"),
    path(f"{FICHE}/modifier/", parcours.modifier, name="modifier"),
    path(f"{FICHE}/transmettre/", parcours.transmettre, name="transmettre"),
    path(f"{FICHE}/reprendre/", parcours.reprendre, name="reprendre"),
    path(f"{FICHE}/retirer/", parcours.retirer, name="retirer"),
    path(f"{FICHE}/avis/", parcours.avis, name="avis"),
    path(f"{FICHE}/decider/", parcours.decider, name="decider"),
    path(f"{FICHE}/abroger/", parcours.abroger, name="abroger"),
    path(f"{FICHE}/relire/", parcours.relire, name="relire"),
    path(f"{FICHE}/question/", parcours.questionner, name="questionner"),
    path(f"{FICHE}/reserves/<int:pk>/lever/", parcours.lever, name="lever"),
    path("c/<siren:siren>/questions/<int:pk>/repondre/", parcours.repondre, name="repondre"),
    *routes_contrats.urlpatterns,
    *routes_demandes.urlpatterns,
    *routes_exports.urlpatterns,
    *routes_modeles.urlpatterns,
]
