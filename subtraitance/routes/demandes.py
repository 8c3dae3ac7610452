"""Recevoir, lister, exporter les demandes de droits, leurs lettres, le calculateur ; inclus par urls.py."""

from django.urls import path

from subtraitance.views import calculateur, enregistrer, lettres, registre

C = "c/<siren:siren>/demandes/"
D = f"{C}<int:annee>-<int:rang>/lettres/"
S = "s/<siren:siren>/demandes/"

urlpatterns: list = [
    path(C, registre.demandes, name="demandes"),
    path(f"{C}enregistrer/", enregistrer.enregistrer_demande, name="enregistrer_demande"),
    path(f"{C}exporter/<str:format>/", registre.exporter_demandes, name="exporter_demandes"),
    path(S, registre.demandes_structure, name="demandes_structure"),
    path(f"{S}enregistrer/", enregistrer.enregistrer_demande_structure, name="enregistrer_demande_structure"),
    path(
        f"{S}exporter/<str:format>/", registre.exporter_demandes_structure, name="exporter_demandes_structure"
    ),
    path(f"{D}<int:pk>/<str:sortie>/", lettres.lettre_fichier, name="lettre_fichier"),
    path(f"{D}<str:type>/", lettres.lettre, name="lettre"),
    path("calculateur/", calculateur.calculateur, name="calculateur"),
]
