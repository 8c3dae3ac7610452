"""Informer les personnes ; inclus par violations/urls.py."""

from django.urls import path

from violations.views import page_publique, personnes

P = "c/<siren:siren>/violations/<int:annee>-<int:rang>/personnes/"

urlpatterns = [
    path(P, personnes.personnes, name="personnes"),
    path(f"{P}faite/", personnes.informees, name="personnes_informees"),
    path(f"{P}imprimer/<slug:support>/", personnes.document, name="personnes_document"),
    path(f"{P}publier/", personnes.publier, name="personnes_publier"),
    path(f"{P}fermer/", personnes.fermer, name="personnes_fermer"),
    path("information/<slug:jeton>/", page_publique.page_publique, name="page_publique"),
]
