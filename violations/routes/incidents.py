"""L’incident mutualisé ; inclus par violations/urls.py."""

from django.urls import path

from violations.views import incidents, incidents_gestes, incidents_ouvrir, incidents_pieces

DE_LA_STRUCTURE = "s/<siren:siren>/incidents/"
UN_INCIDENT = f"{DE_LA_STRUCTURE}<int:annee>-<int:rang>/"
UNE_VIOLATION = "c/<siren:siren>/violations/<int:annee>-<int:rang>/"

urlpatterns = [
    path(DE_LA_STRUCTURE, incidents.incidents, name="incidents"),
    path(f"{DE_LA_STRUCTURE}signaler/", incidents.signaler, name="signaler"),
    path(UN_INCIDENT, incidents.incident, name="incident"),
    path(f"{UN_INCIDENT}exporter/<str:format>/", incidents.exporter, name="exporter_incident"),
    path(f"{UN_INCIDENT}prevenir/", incidents_ouvrir.ouvrir, name="ouvrir_incident"),
    path(f"{UN_INCIDENT}informer/", incidents_gestes.diffuser, name="diffuser"),
    path(f"{UN_INCIDENT}clore/", incidents_gestes.clore, name="clore_incident"),
    path(f"{UN_INCIDENT}rouvrir/", incidents_gestes.rouvrir, name="rouvrir_incident"),
    path(f"{UN_INCIDENT}joindre/", incidents_pieces.joindre, name="joindre_incident"),
    path(f"{UN_INCIDENT}pieces/<int:pk>/", incidents_pieces.piece, name="piece_incident"),
    path(
        f"{UN_INCIDENT}pieces/<int:pk>/retirer/",
        incidents_pieces.retirer_piece,
        name="retirer_piece_incident",
    ),
    path(f"{UNE_VIOLATION}documentation/<int:pk>/", incidents_pieces.documentation, name="documentation"),
]
