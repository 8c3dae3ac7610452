"""Le départ d’une collectivité ; inclus par dpd/pilotage/urls.py."""

from django.urls import path

from dpd.pilotage.views import depart, depart_gestes

D = "c/<siren:siren>/depart/"

urlpatterns = [
    path(D, depart.depart, name="depart"),
    path(f"{D}archive/", depart.exporter, name="exporter_depart"),
    path(f"{D}attestation/", depart.attestation, name="attestation_depart"),
    path(f"{D}ouvrir/", depart_gestes.ouvrir, name="ouvrir_depart"),
    path(f"{D}reception/", depart_gestes.recevoir, name="recevoir_depart"),
    path(f"{D}sort/", depart_gestes.choisir, name="sort_depart"),
    path(f"{D}visa/", depart_gestes.viser, name="viser_depart"),
    path(f"{D}destruction/", depart_gestes.detruire, name="detruire_depart"),
    path(f"{D}cloture/", depart_gestes.clore, name="clore_depart"),
    path(f"{D}abandon/", depart_gestes.abandonner, name="abandonner_depart"),
]
