"""Le portefeuille d’une structure ; inclus par dpd/pilotage/urls.py."""

from django.urls import path

from dpd.pilotage.views import portefeuille

urlpatterns = [path("s/<siren:siren>/collectivites/", portefeuille.portefeuille, name="portefeuille")]
