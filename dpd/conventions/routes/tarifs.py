"""Barèmes, indices, hausses, simulateur, et le tarif d’une collectivité."""

from django.urls import path

from dpd.conventions.views import hausses, indices, simulateur, tarifs, tarifs_collectivite, tarifs_prix

urlpatterns = [
    path("s/<siren:siren>/tarifs/", tarifs.tarifs, name="tarifs"),
    path("s/<siren:siren>/tarifs/nouveau/", tarifs.bareme_nouveau, name="bareme_nouveau"),
    path("s/<siren:siren>/tarifs/simulateur/", simulateur.simulateur_regler, name="simulateur_regler"),
    path("s/<siren:siren>/tarifs/indices/", indices.indices, name="indices"),
    path("s/<siren:siren>/tarifs/indices/reprendre/", indices.indices_reprendre, name="indices_reprendre"),
    path("s/<siren:siren>/tarifs/indices/raccord/", indices.raccord_deliberer, name="raccord_deliberer"),
    path("s/<siren:siren>/tarifs/indices/<int:pk>/", indices.indice_corriger, name="indice_corriger"),
    path("s/<siren:siren>/tarifs/hausses/", hausses.hausses, name="hausses"),
    path("s/<siren:siren>/tarifs/hausses/<int:pk>/", hausses.hausse, name="hausse"),
    path("s/<siren:siren>/tarifs/<int:pk>/", tarifs.bareme, name="bareme"),
    path("s/<siren:siren>/tarifs/<int:pk>/modifier/", tarifs.bareme_modifier, name="bareme_modifier"),
    path("s/<siren:siren>/tarifs/<int:pk>/prix/", tarifs_prix.bareme_prix, name="bareme_prix"),
    path("s/<siren:siren>/tarifs/<int:pk>/publier/", tarifs.bareme_publier, name="bareme_publier"),
    path("s/<siren:siren>/tarifs/<int:pk>/copier/", tarifs.bareme_copier, name="bareme_copier"),
    path("s/<siren:siren>/tarifs/<int:pk>/retirer/", tarifs.bareme_retirer, name="bareme_retirer"),
    path("c/<siren:siren>/convention/tarif/<int:exercice>/", tarifs_collectivite.tarif, name="tarif"),
    path("simulateur/<siren:siren>/", simulateur.simulateur, name="simulateur"),
]
