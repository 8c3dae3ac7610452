"""L’annuaire partagé et les contrats d’une collectivité ; inclus par subtraitance/urls.py."""

from django.urls import path

from subtraitance.views import annuaire, annuaire_gestes, annuaire_lignes, autorisations, prestataires

C = "c/<siren:siren>/prestataires"
S = "s/<siren:siren>/prestataires"
FICHE = f"{S}/<int:pk>"

urlpatterns: list = [
    path(f"{C}/", prestataires.prestataires, name="prestataires"),
    path(f"{C}/proposer/", prestataires.proposer, name="proposer"),
    path(f"{C}/exporter/<str:format>/", prestataires.exporter, name="exporter_contrats"),
    path(f"{C}/<int:pk>/", prestataires.prestataire, name="prestataire"),
    path(
        f"{C}/<int:pk>/certifications/<int:certification>/",
        prestataires.justificatif,
        name="justificatif",
    ),
    path("c/<siren:siren>/autorisations/<int:pk>/", autorisations.autorisation, name="autorisation"),
    path(
        "c/<siren:siren>/contrats/<int:pk>/sous-traitants/<int:ulterieur>/demander/",
        autorisations.demander,
        name="demander_autorisation",
    ),
    path(f"{S}/", annuaire.annuaire, name="annuaire"),
    path(f"{S}/exporter/<str:format>/", annuaire.exporter, name="exporter_annuaire"),
    path(f"{S}/nouveau/", annuaire_gestes.creer, name="creer_prestataire"),
    path(f"{S}/nous-memes/", annuaire_gestes.inscrire, name="inscrire_la_structure"),
    path(f"{FICHE}/", annuaire.fiche, name="fiche_annuaire"),
    path(f"{FICHE}/modifier/", annuaire_gestes.modifier, name="modifier_prestataire"),
    path(f"{FICHE}/verifier/", annuaire_gestes.verifier, name="verifier_prestataire"),
    path(f"{FICHE}/reunir/", annuaire_gestes.fusionner, name="fusionner"),
    path(f"{FICHE}/logiciels/ajouter/", annuaire_lignes.ajouter_logiciel, name="ajouter_logiciel"),
    path(
        f"{FICHE}/logiciels/<int:ligne>/retirer/", annuaire_lignes.retirer_logiciel, name="retirer_logiciel"
    ),
    path(
        f"{FICHE}/certifications/ajouter/",
        annuaire_lignes.ajouter_certification,
        name="ajouter_certification",
    ),
    path(
        f"{FICHE}/certifications/<int:certification>/", annuaire.justificatif, name="justificatif_structure"
    ),
    path(
        f"{FICHE}/certifications/<int:ligne>/retirer/",
        annuaire_lignes.retirer_certification,
        name="retirer_certification",
    ),
    path(f"{FICHE}/sous-traitants/ajouter/", annuaire_lignes.ajouter_ulterieur, name="ajouter_ulterieur"),
    path(
        f"{FICHE}/sous-traitants/<int:ligne>/retirer/",
        annuaire_lignes.retirer_ulterieur,
        name="retirer_ulterieur",
    ),
]
