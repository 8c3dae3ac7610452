"""Le dossier d’une violation ; inclus par violations/urls.py."""

from django.urls import path

from violations.views import cloture, cnil, dossier

V = "c/<siren:siren>/violations/<int:annee>-<int:rang>/"

urlpatterns = [
    path(V, dossier.violation, name="violation"),
    path(f"{V}horloges/", dossier.horloges, name="horloges"),
    path(f"{V}dossier-cnil.pdf", dossier.dossier_pdf, name="dossier_pdf"),
    path(f"{V}cnil/", cnil.notifier, name="notifier"),
    path(f"{V}cnil/<int:pk>.pdf", dossier.notification_pdf, name="notification_pdf"),
    path(f"{V}clore/", cloture.clore, name="clore"),
    path(f"{V}rouvrir/", cloture.rouvrir, name="rouvrir"),
]
