"""Les gestes du parcours, par qui en a le droit, sur ce qu’il a lu."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from dpd.accompagnement.models import Question, Reserve
from registre import actions

pytestmark = pytest.mark.django_db


def adresse(nom, collectivite, *args):
    return reverse(f"registre:{nom}", args=[collectivite.siren, *args])


def etat(version):
    version.refresh_from_db()
    return version.etat


def test_la_referente_transmet_puis_reprend(connecte, referent, complete, collectivite):
    client = connecte(referent)
    assert client.post(adresse("transmettre", collectivite, 1)).status_code == 302
    assert etat(complete) == "transmise"
    client.post(adresse("reprendre", collectivite, 1))
    assert etat(complete) == "brouillon"


@pytest.mark.parametrize(
    ("qui", "statut"), [("referent", 403), ("decideur", 403), ("lecteur", 403), ("etranger", 404)]
)
def test_seul_le_dpd_rend_un_avis(qui, statut, request, connecte, transmise, collectivite):
    reponse = connecte(request.getfixturevalue(qui)).post(
        adresse("avis", collectivite, 1), {"sens": "favorable", "texte": "x", "lu": transmise.lu}
    )
    assert reponse.status_code == statut
    assert etat(transmise) == "transmise"


def test_le_dpd_rend_un_avis_avec_reserves(connecte, dpd, transmise, collectivite):
    client = connecte(dpd)
    page = adresse("avis", collectivite, 1)
    refus = client.post(page, {"sens": "reserves", "texte": "Bien", "lu": transmise.lu})
    assert refus.status_code == 422
    assert "au moins une réserve" in refus.content.decode()
    client.post(page, {"sens": "reserves", "texte": "Bien", "reserves": "Une\nDeux", "lu": transmise.lu})
    assert etat(transmise) == "avis_rendu"
    assert transmise.avis.reserves.count() == 2


@pytest.mark.parametrize(
    ("qui", "statut"), [("referent", 403), ("dpd", 403), ("lecteur", 403), ("etranger", 404)]
)
def test_seul_le_responsable_decide(qui, statut, request, connecte, avec_avis, collectivite):
    reponse = connecte(request.getfixturevalue(qui)).post(
        adresse("decider", collectivite, 1), {"geste": "adopter", "suite": "suivi", "lu": avec_avis.lu}
    )
    assert reponse.status_code == statut
    assert etat(avec_avis) == "avis_rendu"


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"geste": "adopter"}, "Dites si vous suivez"),
        ({"geste": "adopter", "suite": "non_suivi"}, "Expliquez pourquoi"),
        ({"geste": "renvoyer"}, "Dites ce qu’il faut reprendre"),
        ({}, "elle est nécessaire"),
    ],
)
def test_une_decision_incomplete_se_dit(champs, message, connecte, decideur, avec_avis, collectivite):
    reponse = connecte(decideur).post(adresse("decider", collectivite, 1), {**champs, "lu": avec_avis.lu})
    assert reponse.status_code == 422
    assert message in reponse.content.decode()


def test_le_responsable_adopte_ce_qu_il_a_lu(connecte, decideur, avec_avis, collectivite):
    client = connecte(decideur)
    decision = {"geste": "adopter", "suite": "suivi"}
    client.post(adresse("decider", collectivite, 1), {**decision, "lu": "1.transmise.0.perime"})
    assert etat(avec_avis) == "avis_rendu"
    client.post(adresse("decider", collectivite, 1), {**decision, "lu": avec_avis.lu})
    assert etat(avec_avis) == "adoptee"


def test_le_responsable_renvoie(connecte, decideur, avec_avis, collectivite):
    connecte(decideur).post(
        adresse("decider", collectivite, 1), {"geste": "renvoyer", "motif": "Durées", "lu": avec_avis.lu}
    )
    assert etat(avec_avis) == "brouillon"


def test_adopter_une_fiche_incomplete_se_motive(
    connecte, decideur, referent, brouillon, collectivite, maintenant
):
    version = actions.transmettre(version=brouillon, auteur=referent, maintenant=maintenant)
    client, page = connecte(decideur), adresse("decider", collectivite, 1)
    refus = client.post(page, {"geste": "adopter", "lu": version.lu})
    assert "La fiche est incomplète" in refus.content.decode()
    client.post(page, {"geste": "adopter", "motif": "Contrôle demain", "lu": version.lu})
    assert etat(version) == "adoptee"


def test_abroger_relire_modifier_retirer(connecte, decideur, referent, adoptee, collectivite):
    client = connecte(referent)
    client.post(adresse("relire", collectivite, 1))
    adoptee.refresh_from_db()
    assert adoptee.relue_le is not None
    assert client.post(adresse("modifier", collectivite, 1)).url == adresse("etape", collectivite, 1, 1)
    client.post(adresse("retirer", collectivite, 1))
    assert "reste dans l’historique" in client.get(adresse("liste", collectivite)).content.decode()
    maire = connecte(decideur)
    maire.post(adresse("abroger", collectivite, 1), {"motif": ""})
    assert etat(adoptee) == "adoptee"
    maire.post(adresse("abroger", collectivite, 1), {"motif": "Cantine fermée"})
    assert etat(adoptee) == "abrogee"
    page = connecte(referent).post(adresse("modifier", collectivite, 1), follow=True).content.decode()
    assert "abrogée" in page


def test_retirer_dit_ce_qu_il_advient_de_la_fiche(connecte, referent, brouillon, collectivite):
    """Jamais adoptée, elle ne s’ouvre plus nulle part : promettre l’historique serait faux."""
    client = connecte(referent)
    relecture = client.get(adresse("etape", collectivite, 1, 7)).content.decode()
    assert "Elle quittera le registre et ne s’ouvrira plus." in relecture
    page = client.post(adresse("retirer", collectivite, 1), follow=True).content.decode()
    assert "est retirée du registre." in page
    assert "historique" not in page
    assert client.get(adresse("historique", collectivite, 1)).status_code == 404


def test_retirer_une_nouvelle_version_laisse_celle_d_avant(connecte, referent, adoptee, collectivite):
    client = connecte(referent)
    client.post(adresse("modifier", collectivite, 1))
    relecture = client.get(adresse("etape", collectivite, 1, 7)).content.decode()
    assert "La version d’avant reste en vigueur, et ce brouillon dans l’historique." in relecture
    assert "ne s’ouvrira plus" not in relecture
    client.post(adresse("retirer", collectivite, 1))
    assert client.get(adresse("historique", collectivite, 1)).status_code == 200


def test_un_geste_interdit_se_dit_sans_erreur(connecte, referent, brouillon, collectivite):
    page = connecte(referent).post(adresse("relire", collectivite, 1), follow=True).content.decode()
    assert "Seule une fiche adoptée" in page


def test_question_reponse_et_reserve(connecte, referent, dpd, adoptee, collectivite):
    client = connecte(referent)
    assert client.post(adresse("questionner", collectivite, 1), {"texte": ""}).status_code == 422
    client.post(adresse("questionner", collectivite, 1), {"texte": "Quelle durée\u202f?"})
    reserve = Reserve.objects.get()
    client.post(adresse("lever", collectivite, 1, reserve.pk), {"comment": ""})
    client.post(adresse("lever", collectivite, 1, reserve.pk), {"comment": "Liste séparée"})
    client.post(adresse("lever", collectivite, 1, reserve.pk), {"comment": "Encore"})
    reserve.refresh_from_db()
    assert reserve.levee_comment == "Liste séparée"
    assert client.post(adresse("lever", collectivite, 1, 999), {"comment": "x"}).status_code == 404
    question = Question.objects.get()
    bureau = connecte(dpd)
    for reponse in ("", "Un an.", "Deux ans."):
        bureau.post(adresse("repondre", collectivite, question.pk), {"reponse": reponse})
    question.refresh_from_db()
    assert question.reponse == "Un an."
    assert bureau.post(adresse("repondre", collectivite, 999), {"reponse": "x"}).status_code == 404


def test_deux_questions_a_repondre_ne_se_confondent_pas(
    connecte, referent, dpd, complete, collectivite, maintenant
):
    for heures in (0, 1):
        quand = maintenant + timedelta(hours=heures)
        actions.poser(version=complete, texte="Combien ?", auteur=referent, maintenant=quand)
    page = connecte(dpd).get(adresse("fiche", collectivite, 1)).content.decode()
    for debut in (">Votre réponse<", ">Répondre<"):
        noms = re.findall(rf"{debut}span class=\"visually-hidden\"> (à Sylvie Delmas, [^<]+)</span>", page)
        assert len(set(noms)) == 2


@pytest.mark.parametrize(
    ("reponse", "dit"),
    [("", "Écrivez une réponse."), ("Notez 1 84 12 76 451 089 46.", "un numéro de sécurité sociale")],
)
def test_une_reponse_refusee_dit_pourquoi(
    reponse, dit, connecte, referent, dpd, complete, collectivite, maintenant
):
    question = actions.poser(version=complete, texte="Combien ?", auteur=referent, maintenant=maintenant)
    page = connecte(dpd).post(
        adresse("repondre", collectivite, question.pk), {"reponse": reponse}, follow=True
    )
    assert dit in page.content.decode()
    question.refresh_from_db()
    assert question.repondue_le is None


def test_abroger_sans_motif_se_dit(connecte, decideur, adoptee, collectivite):
    page = connecte(decideur).post(adresse("abroger", collectivite, 1), {}, follow=True)
    assert "Dites pourquoi ce traitement cesse." in page.content.decode()
