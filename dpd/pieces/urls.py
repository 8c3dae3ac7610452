from django.urls import path

from dpd.pieces import views

app_name = "pieces"
urlpatterns = [
    path("c/<siren:siren>/pieces/<int:pk>/", views.telecharger, name="telecharger"),
    path("s/<siren:siren>/pieces/<int:pk>/", views.telecharger_structure, name="telecharger_structure"),
]
