"""Les états mensuels et annuels, et la génération d’un exercice."""

from django.urls import path

from dpd.conventions.views import annuels, campagne, mensuels
from dpd.conventions.views import mensuels_collectivite as mensuel

MENSUELS = "s/<siren:siren>/etats-mensuels"
MENSUEL = "c/<siren:siren>/etats-mensuels/<int:annee>/<int:mois>"
ANNUELS = "s/<siren:siren>/etats-annuels"
ANNUEL = "c/<siren:siren>/etats-annuels/<int:exercice>"
GENERATION = f"{ANNUELS}/<int:exercice>/generation"

urlpatterns = [
    path(f"{MENSUELS}/", mensuels.etats_mensuels, name="etats_mensuels"),
    path(f"{MENSUELS}/figer/", mensuels.figer_mois, name="figer_mois"),
    path(f"{MENSUEL}/", mensuel.etat_mensuel, name="etat_mensuel"),
    path(f"{MENSUEL}/valider/", mensuel.valider_etat_mensuel, name="valider_etat_mensuel"),
    path(f"{MENSUEL}/decider/", mensuel.decider_ligne, name="decider_ligne"),
    path(f"{MENSUEL}/repondre/", mensuel.repondre_ligne, name="repondre_ligne"),
    path(f"{MENSUEL}/exporter/<str:format>/", mensuel.exporter_etat_mensuel, name="exporter_etat_mensuel"),
    path(f"{ANNUELS}/", annuels.etats_annuels, name="etats_annuels"),
    path(
        f"{ANNUELS}/<int:exercice>/exporter/<str:format>/",
        annuels.exporter_etats_annuels,
        name="exporter_etats_annuels",
    ),
    path(f"{GENERATION}/", campagne.campagne, name="campagne"),
    path(f"{GENERATION}/lancer/", campagne.lancer_campagne, name="lancer_campagne"),
    path(f"{GENERATION}/avancer/", campagne.avancer_campagne, name="avancer_campagne"),
    path(f"{ANNUEL}/exporter/<str:format>/", annuels.exporter_etat_annuel, name="exporter_etat_annuel"),
]
