"""Les adresses sans locataire : la porte d’entrée et les pages ouvertes à tous."""

from django.urls import path

from dpd.pilotage.views import accueil, pages

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("aide/", pages.aide, name="aide"),
    path("accessibilite/", pages.accessibilite, name="accessibilite"),
    path("donnees-personnelles/", pages.donnees_personnelles, name="donnees_personnelles"),
    path("mentions-legales/", pages.mentions_legales, name="mentions_legales"),
    path("plan-du-site/", pages.plan, name="plan"),
]
