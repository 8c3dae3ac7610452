"""Les adresses de la bibliothèque de modèles, incluses par ``registre.urls``."""

from django.urls import path

from registre.views import bibliotheque, modeles

STRUCTURE = "s/<siren:siren>/modeles"

urlpatterns = [
    path("c/<siren:siren>/modeles/", modeles.modeles, name="modeles"),
    path("c/<siren:siren>/modeles/<int:pk>/", modeles.modele, name="modele"),
    path(f"{STRUCTURE}/", bibliotheque.bibliotheque, name="bibliotheque"),
    path(f"{STRUCTURE}/<int:pk>/", bibliotheque.modele_structure, name="modele_structure"),
    path(f"{STRUCTURE}/<int:pk>/modifier/", bibliotheque.modele_modifier, name="modele_modifier"),
    path(f"{STRUCTURE}/<int:pk>/adapter/", bibliotheque.modele_adapter, name="modele_adapter"),
    path(f"{STRUCTURE}/<int:pk>/version/", bibliotheque.modele_version, name="modele_version"),
    path(f"{STRUCTURE}/<int:pk>/publier/", bibliotheque.modele_publier, name="modele_publier"),
    path(f"{STRUCTURE}/<int:pk>/retirer/", bibliotheque.modele_retirer, name="modele_retirer"),
]
