"""Le formulaire public et son suivi, les réglages, l’effacement ; inclus par subtraitance/urls.py."""

from django.urls import path

from subtraitance.views import effacement, public, reglages, suivi

urlpatterns: list = [
    path("demande/<siren:siren>/", public.formulaire_public, name="formulaire_public"),
    path("suivi/<str:jeton>/", suivi.suivi, name="suivi"),
    path("c/<siren:siren>/demandes/reglages/", reglages.reglages_demandes, name="reglages_demandes"),
    path("c/<siren:siren>/demandes/affichette/", reglages.affichette, name="affichette_demandes"),
    path("c/<siren:siren>/demandes/a-effacer/", effacement.demandes_a_effacer, name="demandes_a_effacer"),
    path(
        "c/<siren:siren>/demandes/<int:annee>-<int:rang>/effacer/",
        effacement.effacer_demandeur,
        name="effacer_demandeur",
    ),
]
