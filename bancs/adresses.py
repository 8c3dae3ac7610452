"""Les adresses du site, plus les deux planchers : une page vide et un tableau nu."""

from django.urls import path

from bancs import planchers
from dpd.urls import urlpatterns as site
from registre.views import fiches

fiches.PAR_PAGE = planchers.LIGNES  # la liste du registre se mesure comme celles des pairs

urlpatterns = [
    *site,
    path("banc/vide/", planchers.vide),
    path("banc/tableau/<siren:siren>/", planchers.tableau_nu),
]
