"""Les réglages de la structure : au DPD seul, historisés, rien d’écrit si rien ne change."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.comptes.actions.structure import regler_structure

pytestmark = pytest.mark.django_db
ENVOI = {
    "dpd_nom": "Nadège Roucoules",
    "dpd_courriel": "dpd@cdg.example",
    "dpd_telephone": "05 36 49 12 34",
    "dpd_horaires": "du lundi au vendredi",
    "adresse": "23 boulevard Vincent-Auriol",
    "direction_courriel": "direction@cdg.example",
}


@pytest.fixture
def adresse(structure):
    return reverse("comptes:reglages", args=[structure.siren])


def test_le_dpd_les_change_et_l_histoire_garde_avant(connecte, dpd, adresse, structure):
    client = connecte(dpd)
    assert "Courriel de la direction" in client.get(adresse).content.decode()
    reponse = client.post(adresse, ENVOI)
    assert reponse.url == reverse("comptes:structure", args=[structure.siren])
    structure.refresh_from_db()
    assert structure.direction_courriel == "direction@cdg.example"
    dernier = structure.history.first()
    assert (dernier.history_user, dernier.history_change_reason) == (dpd, "Réglages de la structure")
    lignes = structure.history.count()
    client.post(adresse, ENVOI)
    assert structure.history.count() == lignes


def test_une_adresse_fausse_revient_sous_son_champ(connecte, dpd, adresse, structure):
    reponse = connecte(dpd).post(adresse, ENVOI | {"direction_courriel": "direction"})
    assert reponse.status_code == 200
    assert "direction_courriel" in reponse.context["formulaire"].errors
    structure.refresh_from_db()
    assert structure.direction_courriel == ""


def test_l_action_refuse_ce_que_le_modele_refuse(structure, dpd, maintenant):
    with pytest.raises(ValidationError):
        regler_structure(structure=structure, auteur=dpd, maintenant=maintenant, dpd_courriel="x")


@pytest.mark.parametrize("qui", ["gestionnaire", "agent", "referent"])
def test_les_autres_n_y_entrent_pas(connecte, adresse, qui, request):
    assert connecte(request.getfixturevalue(qui)).get(adresse).status_code in (403, 404)


def test_l_etranger_recoit_404(connecte, adresse, etranger):
    assert connecte(etranger).get(adresse).status_code == 404
