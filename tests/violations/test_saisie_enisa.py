"""L’aide de l’ENISA : calculée, gardée, jamais convertie."""

import pytest
from django.urls import reverse

from violations import actions
from violations.forms.saisie_enisa import cotation_lue
from violations.models import Violation

pytestmark = pytest.mark.django_db
REPONSES = {
    "contexte": "sensibles",
    "ajustement": "-1",
    "identification": "importante",
    "confidentialite": "limitee",
    "integrite": "aucune",
    "disponibilite": "etendue",
    "malveillance": "on",
    "personnes": "101",
}


@pytest.fixture
def adresse(violation):
    return reverse("violations:enisa", args=[violation.collectivite.siren, 2026, 1])


def test_le_score_se_calcule_se_garde_et_s_affiche(connecte, referent, violation, adresse):
    page = connecte(referent).post(adresse, REPONSES, follow=True).content.decode()
    gardee = Violation.objects.get().enisa
    # (4 - 1) × 0,75 + 0,25 + 0,5 + 0,5
    assert (gardee["dpc"], gardee["ei"], gardee["cb"], gardee["score"]) == ("3", "0.75", "1.25", "3.50")
    assert (gardee["severite"], gardee["nombreuses"], gardee["inintelligibles"]) == ("elevee", True, False)
    assert "Contexte 3 × identification 0,75 + circonstances 1,25 = 3,5" in page
    assert "Élevée" in page
    assert "Plus de 100 personnes" in page


def test_le_score_ne_touche_ni_la_gravite_ni_l_etat(connecte, referent, violation, adresse):
    avant = (violation.gravite, violation.etat, violation.notification_ecartee)
    connecte(referent).post(adresse, REPONSES)
    violation.refresh_from_db()
    assert (violation.gravite, violation.etat, violation.notification_ecartee) == avant
    assert not violation.decisions.exists()


def test_les_reponses_gardees_se_retrouvent(connecte, referent, violation, adresse):
    client = connecte(referent)
    assert client.get(adresse).context["cotation"] == {}
    client.post(adresse, REPONSES)
    formulaire = client.get(adresse).context["formulaire"]
    assert formulaire["contexte"].value() == "sensibles"
    assert formulaire["malveillance"].value() is True


def test_le_nombre_de_personnes_vient_du_dossier(connecte, referent, violation, maintenant, adresse):
    actions.completer(violation=violation, auteur=referent, maintenant=maintenant, lu={}, personnes_max=95)
    assert connecte(referent).get(adresse).context["formulaire"]["personnes"].value() == 95


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"contexte": ""}, "contexte"),
        ({"contexte": "secret"}, "contexte"),
        ({"ajustement": "4"}, "ajustement"),
        ({"personnes": "-1"}, "personnes"),
        ({"disponibilite": ""}, "disponibilite"),
    ],
)
def test_une_reponse_manquante_ou_fausse_se_dit_sous_sa_question(
    connecte, referent, violation, adresse, champs, champ
):
    reponse = connecte(referent).post(adresse, REPONSES | champs)
    assert list(reponse.context["formulaire"].errors) == [champ]
    assert Violation.objects.get().enisa == {}


def test_une_cotation_faite_par_un_autre_n_est_pas_ecrasee(
    connecte, referent, dpd, violation, maintenant, adresse
):
    client = connecte(referent)
    lu = client.get(adresse).context["formulaire"]["lu"].value()
    connecte(dpd).post(adresse, REPONSES)
    reponse = connecte(referent).post(adresse, REPONSES | {"contexte": "simples", "lu": lu})
    assert "contexte" in reponse.context["formulaire"].errors
    assert "score 3.50" in reponse.content.decode()
    assert Violation.objects.get().enisa["contexte"] == "sensibles"


def test_un_temoin_faux_ne_casse_pas_la_page(connecte, referent, adresse):
    reponse = connecte(referent).post(adresse, {"lu": '{"enisa": "x"}'})
    assert reponse.status_code == 200


def test_sans_cotation_il_n_y_a_rien_a_lire():
    assert cotation_lue({}) == {}
