"""Déclarer une violation, puis compléter son dossier ; inclus par violations/urls.py."""

from django.urls import path

from violations.views import declaration, instants, liens, saisie

V = "c/<siren:siren>/violations/<int:annee>-<int:rang>/"

urlpatterns = [
    path("violations/declarer/", declaration.declarer_ici, name="declarer_ici"),
    path("c/<siren:siren>/violations/declarer/", declaration.declarer, name="declarer"),
    path(f"{V}dossier/<slug:rubrique>/", saisie.saisie, name="saisie"),
    path(f"{V}enisa/", saisie.enisa, name="enisa"),
    path(f"{V}instants/", instants.instants, name="instants"),
    path(f"{V}evenement/", liens.note, name="note"),
    path(f"{V}prestataire/", liens.impliquer, name="impliquer"),
    path(f"{V}prestataire/<int:pk>/retirer/", liens.retirer_prestataire, name="retirer_prestataire"),
    path(f"{V}traitements/", liens.traitements, name="traitements"),
    path(f"{V}piece/", liens.joindre, name="joindre"),
]
