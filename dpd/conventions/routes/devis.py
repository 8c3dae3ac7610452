"""Les devis : ceux d’une collectivité, ceux d’une structure."""

from django.urls import path

from dpd.conventions.views import devis, devis_structure

urlpatterns = [
    path("s/<siren:siren>/devis/", devis_structure.devis_structure, name="devis_structure"),
    path("c/<siren:siren>/devis/", devis.devis_collectivite, name="devis_collectivite"),
    path("c/<siren:siren>/devis/nouveau/", devis.devis_demander, name="devis_demander"),
    path("c/<siren:siren>/devis/<int:pk>/", devis.devis, name="devis"),
    path("c/<siren:siren>/devis/<int:pk>/pdf/", devis.devis_pdf, name="devis_pdf"),
    path("c/<siren:siren>/devis/<int:pk>/etudier/", devis.devis_etudier, name="devis_etudier"),
    path("c/<siren:siren>/devis/<int:pk>/proposer/", devis_structure.devis_proposer, name="devis_proposer"),
    path("c/<siren:siren>/devis/<int:pk>/reprendre/", devis.devis_reprendre, name="devis_reprendre"),
    path("c/<siren:siren>/devis/<int:pk>/decliner/", devis.devis_decliner, name="devis_decliner"),
    path("c/<siren:siren>/devis/<int:pk>/accepter/", devis.devis_accepter, name="devis_accepter"),
    path("c/<siren:siren>/devis/<int:pk>/refuser/", devis.devis_refuser, name="devis_refuser"),
    path("c/<siren:siren>/devis/<int:pk>/retirer/", devis.devis_retirer, name="devis_retirer"),
]
