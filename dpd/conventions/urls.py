"""Les adresses des conventions ; une table par sujet."""

from dpd.conventions.routes import convention, devis, etats, interventions, tarifs

app_name = "conventions"
urlpatterns = [
    *convention.urlpatterns,
    *tarifs.urlpatterns,
    *devis.urlpatterns,
    *interventions.urlpatterns,
    *etats.urlpatterns,
]
