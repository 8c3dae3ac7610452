"""Les adresses des violations ; chaque sujet a ses routes."""

from violations.routes import decisions, declaration, dossier, incidents, personnes, registre

app_name = "violations"
urlpatterns = [
    *declaration.urlpatterns,
    *registre.urlpatterns,
    *dossier.urlpatterns,
    *decisions.urlpatterns,
    *personnes.urlpatterns,
    *incidents.urlpatterns,
]
