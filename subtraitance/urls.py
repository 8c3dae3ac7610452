"""Les adresses de la sous-traitance et des demandes de droits ; chaque sujet a ses routes."""

from subtraitance.routes import annuaire, article_30_2, demandes, dossier, publiques

app_name = "subtraitance"
urlpatterns = [
    *annuaire.urlpatterns,
    *article_30_2.urlpatterns,
    *demandes.urlpatterns,
    *dossier.urlpatterns,
    *publiques.urlpatterns,
]
