"""Rendre son avis : le DPD seul, chaque oubli à sa place, rien de perdu."""

from datetime import datetime

import pytest
from django.urls import reverse

from tests.violations.fabriques import PARIS, decider
from violations import actions
from violations.enums import EtatViolation
from violations.models import AvisViolation

pytestmark = pytest.mark.django_db
LUNDI = datetime(2026, 11, 23, 9, 40, tzinfo=PARIS)
ENVOI = {
    "risque": "eleve",
    "gravite": "importante",
    "conseil_notifier": "oui",
    "conseil_informer": "non",
    "raisons": "Données de santé.\nCopies possibles.",
    "sait": "95 personnes",
    "ignore": "",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def adresse(violation):
    return reverse("violations:avis", args=["218201317", violation.annee, violation.rang])


def test_le_dpd_rend_son_avis_et_revient_au_dossier(connecte, dpd, violation, adresse):
    client = connecte(dpd)
    assert "Quel est le risque pour les personnes" in client.get(adresse).content.decode()
    reponse = client.post(adresse, ENVOI, follow=True)
    assert "Votre avis est rendu. La décision appartient au responsable" in reponse.content.decode()
    avis = AvisViolation.objects.get()
    assert (avis.conseil_notifier, avis.conseil_informer, avis.risque) == (True, False, "eleve")
    violation.refresh_from_db()
    assert violation.etat == EtatViolation.A_DECIDER


def test_le_double_envoi_ne_rend_qu_un_avis(connecte, dpd, adresse):
    client = connecte(dpd)
    for _ in range(2):
        assert client.post(adresse, ENVOI).status_code == 302
    assert AvisViolation.objects.count() == 1


@pytest.mark.parametrize("oubli", ["risque", "gravite", "conseil_notifier", "conseil_informer", "raisons"])
def test_un_oubli_se_dit_sous_son_champ_et_la_saisie_reste(connecte, dpd, adresse, oubli):
    reponse = connecte(dpd).post(adresse, {**ENVOI, oubli: ""})
    assert reponse.context["formulaire"].errors.keys() == {oubli}
    assert "95 personnes" in reponse.content.decode()
    assert not AvisViolation.objects.exists()


def test_un_numero_de_securite_sociale_n_entre_pas_dans_un_avis(connecte, dpd, adresse):
    reponse = connecte(dpd).post(adresse, {**ENVOI, "raisons": "Mme X, 2 69 05 49 588 157 80"})
    assert reponse.context["formulaire"].errors.keys() == {"raisons"}


def test_apres_la_decision_le_nouvel_avis_demande_un_motif(connecte, dpd, decideur, violation, adresse):
    decider(violation, decideur, LUNDI)
    client = connecte(dpd)
    assert "Pourquoi un nouvel avis" in client.get(adresse).content.decode()
    assert client.post(adresse, ENVOI).context["formulaire"].errors.keys() == {"motif"}
    assert client.post(adresse, {**ENVOI, "motif": "Journaux reçus"}).status_code == 302


def test_un_avis_ne_se_rend_pas_sur_une_violation_close(
    connecte, dpd, decideur, referent, violation, adresse
):
    decider(violation, decideur, LUNDI, notifier=False, informer=False)
    actions.clore(violation=violation, auteur=decideur, maintenant=LUNDI)
    client = connecte(dpd)
    assert client.get(adresse).status_code == 302
    assert "pas possible" in client.post(adresse, ENVOI).content.decode()
    assert not AvisViolation.objects.exists()


def test_le_rappel_du_reglement_ne_choisit_rien(connecte, dpd, adresse):
    lue = connecte(dpd).get(adresse).content.decode()
    assert "Ce que demande le règlement, selon le risque" in lue
    assert " checked" not in lue


def test_ni_le_referent_ni_le_decideur_ne_rendent_d_avis(connecte, referent, decideur, etranger, adresse):
    for qui, statut in ((referent, 403), (decideur, 403), (etranger, 404)):
        assert connecte(qui).post(adresse, ENVOI).status_code == statut
    assert not AvisViolation.objects.exists()
