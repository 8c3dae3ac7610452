"""Deux formulaires sur une page : envoyer l’un n’efface pas sans prévenir le texte commencé dans l’autre."""

import pytest
from django.urls import reverse

from registre import actions
from registre.actions.questions import poser
from registre.ecriture import fiche_de
from tests.registre.conftest import remplir


@pytest.fixture
def transmise(collectivite, referent, maintenant):
    version = actions.creer(collectivite=collectivite, nom="Cantine", auteur=referent, maintenant=maintenant)
    poser(version=version, texte="Combien de temps garder\u202f?", auteur=referent, maintenant=maintenant)
    version = actions.enregistrer_contenu(
        version=version, fiche=remplir(fiche_de(version)), auteur=referent, maintenant=maintenant, raison="x"
    )
    return actions.transmettre(version=version, auteur=referent, maintenant=maintenant)


def test_repondre_a_une_question_n_efface_pas_l_avis_commence(entrer, collectivite, dpd, transmise):
    page = entrer(dpd)
    demandes = []
    page.on(
        "dialog", lambda d: (demandes.append(d.message), d.dismiss() if len(demandes) == 1 else d.accept())
    )
    page.goto(reverse("registre:fiche", args=[collectivite.siren, transmise.traitement.reference]))
    avis = page.locator("form[action*='/avis/'] textarea").first
    avis.fill("Un avis longuement pesé.")
    page.get_by_label("Votre réponse").fill("Deux ans.")
    repondre = page.get_by_role("button", name="Répondre")
    repondre.click()
    assert len(demandes) == 1
    assert "il sera perdu" in demandes[0]
    assert avis.input_value() == "Un avis longuement pesé."
    assert page.get_by_label("Votre réponse").input_value() == "Deux ans."
    repondre.click()
    page.get_by_text("Réponse de Nadège Roucoules").wait_for()
    assert len(demandes) == 2
    assert page.erreurs == []
