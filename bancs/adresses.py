"""Les adresses du site, plus les deux planchers : une page vide et un tableau nu."""

from django.urls import path

from bancs import planchers
from dpd.urls import urlpatterns as site

urlpatterns = [
    *site,
    path("banc/vide/", planchers.vide),
    path("banc/tableau/<siren:siren>/", planchers.tableau_nu),
]
