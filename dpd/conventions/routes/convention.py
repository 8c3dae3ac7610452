"""Conventions, modèles, mise en place, désignation, changement d’exécutif."""

from django.urls import URLPattern, path

from dpd.conventions.views import (
    convention,
    convention_gestes,
    convention_portefeuille,
    convention_vie,
    designation,
    mise_en_place,
    modeles,
    passation,
)

S, C = "s/<siren:siren>/conventions/", "c/<siren:siren>/convention/"

urlpatterns: list[URLPattern] = [
    path(S, convention_portefeuille.conventions, name="conventions"),
    path(f"{S}mises-en-place/", convention_portefeuille.mises_en_place, name="mises_en_place"),
    path(f"{S}modeles/", modeles.modeles, name="modeles"),
    path(f"{S}modeles/nouveau/", modeles.creer, name="creer_modele"),
    path(f"{S}modeles/<int:pk>/", modeles.modele, name="modele"),
    path(f"{S}modeles/<int:pk>/modifier/", modeles.modifier, name="modifier_modele"),
    path(f"{S}modeles/<int:pk>/remplacer/", modeles.remplacer, name="remplacer_modele"),
    path(f"{S}modeles/<int:pk>/clore/", modeles.clore, name="clore_modele"),
    path(C, convention.convention, name="convention"),
    path(f"{C}projet/", convention_gestes.projet, name="projet"),
    path(f"{C}<int:pk>/signer/", convention_gestes.signer_convention, name="signer"),
    path(f"{C}<int:pk>/abandonner/", convention_gestes.abandonner_convention, name="abandonner_projet"),
    path(f"{C}<int:pk>/exemplaire/", convention_gestes.deposer_convention, name="deposer_signee"),
    path(f"{C}<int:pk>/prevoir/", convention_gestes.prevoir_convention, name="prevoir"),
    path(f"{C}<int:pk>/renouveler/", convention_vie.renouveler_convention, name="renouveler"),
    path(f"{C}<int:pk>/denoncer/", convention_vie.denoncer_convention, name="denoncer"),
    path(f"{C}<int:pk>/retirer-la-fin/", convention_vie.retirer_fin, name="retirer_fin"),
    path(f"{C}<int:pk>/accompagnement/", mise_en_place.basculer_convention, name="basculer"),
    path(f"{C}mise-en-place/", mise_en_place.mise_en_place, name="mise_en_place"),
    path(f"{C}mise-en-place/<int:pk>/", mise_en_place.etape, name="etape"),
    path(f"{C}designation/", designation.designation, name="designation"),
    path(f"{C}designation/nouvelle/", designation.noter_designation, name="designer"),
    path(f"{C}designation/<int:pk>/modifier/", designation.changer_designation, name="modifier_designation"),
    path(f"{C}designation/<int:pk>/fin/", designation.clore_designation, name="finir_designation"),
    path(f"{C}referent/<slug:nature>/", designation.lettre_referent, name="lettre_referent"),
    path(f"{C}executif/", passation.passations, name="passations"),
    path(f"{C}executif/nouveau/", passation.changer, name="changer_executif"),
    path(f"{C}executif/suites/<int:pk>/", passation.suite, name="noter_suite"),
]
