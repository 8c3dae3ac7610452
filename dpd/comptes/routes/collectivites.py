"""Collectivités, contacts, référentiel des communes, populations."""

from django.urls import path

from dpd.comptes.views import collectivites, communes, contacts, populations

urlpatterns = [
    path("s/<siren:siren>/communes/", communes.communes, name="communes"),
    path(
        "s/<siren:siren>/collectivites/nouvelle/",
        collectivites.creer_collectivite,
        name="creer_collectivite",
    ),
    path("s/<siren:siren>/populations/", populations.populations, name="populations"),
    path(
        "s/<siren:siren>/populations/appliquer/",
        populations.appliquer_populations,
        name="appliquer_populations",
    ),
    path("c/<siren:siren>/collectivite/", collectivites.collectivite, name="collectivite"),
    path(
        "c/<siren:siren>/collectivite/modifier/",
        collectivites.modifier_collectivite,
        name="modifier_collectivite",
    ),
    path("c/<siren:siren>/contacts/nouveau/", contacts.ajouter_contact, name="ajouter_contact"),
    path("c/<siren:siren>/contacts/<int:pk>/clore/", contacts.clore_contact, name="clore_contact"),
]
