"""Le plan du site : un include par application."""

from django.urls import include, path

urlpatterns = [
    path("", include("dpd.pilotage.urls_racine")),
    path("", include("dpd.pilotage.urls")),
    path("", include("dpd.comptes.urls")),
    path("", include("dpd.pieces.urls")),
    path("", include("dpd.conventions.urls")),
    path("", include("subtraitance.urls")),
    path("", include("registre.urls")),
    path("", include("violations.urls")),
    path("compte/", include("dpd.comptes.routes.allauth")),
]
