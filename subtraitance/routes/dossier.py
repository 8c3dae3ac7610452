"""Les gestes sur une demande de droits ; inclus par subtraitance/urls.py."""

from django.urls import path

from subtraitance.views import dossier, dossier_delais, dossier_reponse

D = "c/<siren:siren>/demandes/<int:annee>-<int:rang>/"

urlpatterns: list = [
    path(f"{D}transmettre/", dossier.transmettre, name="transmettre"),
    path(f"{D}qualifier/", dossier.qualifier, name="qualifier"),
    path(f"{D}suspendre/", dossier_delais.suspendre, name="suspendre"),
    path(f"{D}reprendre/", dossier_delais.reprendre, name="reprendre"),
    path(f"{D}prolonger/", dossier_delais.prolonger, name="prolonger"),
    path(f"{D}identite/", dossier_reponse.verifier_identite, name="verifier_identite"),
    path(f"{D}piece/", dossier_reponse.joindre, name="joindre_a_la_demande"),
    path(f"{D}repondre/", dossier_reponse.repondre, name="repondre"),
    path(f"{D}clore/", dossier_reponse.clore, name="clore_demande"),
    path(f"{D}rouvrir/", dossier_reponse.rouvrir, name="rouvrir_demande"),
]
