"""La structure comme sous-traitante, et ce que chaque collectivité en lit."""

from django.urls import path

from subtraitance.views import (
    article_30_2,
    article_30_2_responsables,
    detention,
    detention_gestes,
    documentation,
    hebergement,
    instructions,
    instructions_recues,
    notre_sous_traitant,
)

REGISTRE = "s/<siren:siren>/article-30-2/"
HEBERGEMENT = "s/<siren:siren>/hebergement/"
DETENTION = "s/<siren:siren>/donnees-detenues/"
RECUES = "s/<siren:siren>/instructions/"
NOTRE = "c/<siren:siren>/sous-traitance/"
INSTRUCTIONS = "c/<siren:siren>/instructions/"

urlpatterns: list = [
    path(REGISTRE, article_30_2.registre_30_2, name="registre_30_2"),
    path(f"{REGISTRE}exporter/<str:format>/", article_30_2.exporter, name="exporter_registre_30_2"),
    path(f"{REGISTRE}nouvelle/", article_30_2.creer, name="creer_activite"),
    path(f"{REGISTRE}<int:pk>/", article_30_2_responsables.activite, name="activite"),
    path(f"{REGISTRE}<int:pk>/modifier/", article_30_2.modifier, name="modifier_activite"),
    path(f"{REGISTRE}<int:pk>/arreter/", article_30_2.arreter, name="arreter_activite"),
    path(f"{REGISTRE}<int:pk>/reprendre/", article_30_2.reprendre, name="reprendre_activite"),
    path(f"{REGISTRE}<int:pk>/rattacher/", article_30_2_responsables.rattacher, name="rattacher"),
    path(f"{REGISTRE}<int:pk>/retirer/", article_30_2_responsables.retirer, name="retirer_responsables"),
    path(HEBERGEMENT, hebergement.hebergement, name="hebergement"),
    path(f"{HEBERGEMENT}nouveau/", hebergement.ajouter, name="ajouter_hebergement"),
    path(f"{HEBERGEMENT}<int:pk>/terminer/", hebergement.terminer, name="terminer_hebergement"),
    path(DETENTION, detention.donnees_detenues, name="donnees_detenues"),
    path(f"{DETENTION}exporter/<str:format>/", detention.exporter, name="exporter_detention"),
    path(f"{DETENTION}nouveau/", detention_gestes.enregistrer, name="enregistrer_lot"),
    path(f"{DETENTION}detruire/", detention_gestes.detruire, name="detruire_lots"),
    path(f"{DETENTION}durees/", detention.durees, name="durees_detention"),
    path(f"{DETENTION}durees/<str:type>/", detention_gestes.regler, name="regler_detention"),
    path(f"{DETENTION}<int:pk>/proces-verbal/", detention.proces_verbal, name="proces_verbal"),
    path(RECUES, instructions_recues.liste, name="instructions_recues"),
    path(f"{RECUES}<int:pk>/", instructions_recues.instruction, name="instruction_recue"),
    path(f"{RECUES}<int:pk>/accuser/", instructions_recues.accuser, name="accuser_instruction"),
    path(f"{RECUES}<int:pk>/executer/", instructions_recues.executer, name="executer_instruction"),
    path(f"{RECUES}<int:pk>/alerter/", instructions_recues.alerter, name="alerter_instruction"),
    path(NOTRE, notre_sous_traitant.notre_sous_traitant, name="notre_sous_traitant"),
    path(f"{NOTRE}fiche/", notre_sous_traitant.fiche, {"format": "pdf"}, name="fiche_30_2"),
    path(f"{NOTRE}fiche/<str:format>/", notre_sous_traitant.fiche, name="exporter_fiche_30_2"),
    path(f"{NOTRE}documentation/", documentation.documentation, name="documentation"),
    path(f"{NOTRE}detruites/<int:pk>/", notre_sous_traitant.proces_verbal, name="proces_verbal_recu"),
    path(INSTRUCTIONS, instructions.liste, name="instructions"),
    path(f"{INSTRUCTIONS}nouvelle/", instructions.donner, name="donner_instruction"),
    path(f"{INSTRUCTIONS}<int:pk>/", instructions.instruction, name="instruction"),
    path(f"{INSTRUCTIONS}<int:pk>/suite/", instructions.repondre, name="repondre_alerte"),
    path(f"{INSTRUCTIONS}<int:pk>/accuser/", instructions.noter_accuse, name="noter_accuse"),
    path(f"{INSTRUCTIONS}<int:pk>/executer/", instructions.noter_execution, name="noter_execution"),
    path(f"{INSTRUCTIONS}<int:pk>/alerter/", instructions.noter_alerte, name="noter_alerte"),
]
