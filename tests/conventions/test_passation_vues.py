"""« Le maire a changé », à l’écran."""

from datetime import date

import pytest
from django.urls import reverse

from dpd.conventions.actions.passation import changer_executif
from dpd.conventions.models import Passation
from tests.conftest import creer_collectivite
from tests.conventions.test_convention_vues import texte

pytestmark = pytest.mark.django_db
SAISIE = {"nouveau": "Jeanne Vidal", "titre": "maire", "le": "2026-03-28"}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def passation(collectivite, decideur, dpd, maintenant):
    return changer_executif(
        collectivite=collectivite,
        nouveau="Jeanne Vidal",
        titre="maire",
        le=date(2026, 3, 28),
        auteur=dpd,
        maintenant=maintenant,
    )


def page(collectivite, nom="passations", *args) -> str:
    return reverse(f"conventions:{nom}", args=[collectivite.siren, *args])


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *((qui, 200) for qui in ("referent", "decideur", "lecteur", "dpd", "gestionnaire")),
        ("agent", 403),
        ("etranger", 404),
    ],
)
def test_qui_lit_les_changements(qui, statut, request, connecte, passation, collectivite):
    assert connecte(request.getfixturevalue(qui)).get(page(collectivite)).status_code == statut


@pytest.mark.parametrize(
    ("qui", "statut"), [("dpd", 200), ("gestionnaire", 200), ("referent", 403), ("etranger", 404)]
)
def test_qui_note_un_changement(qui, statut, request, connecte, collectivite):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(page(collectivite, "changer_executif")).status_code == statut
    assert client.post(page(collectivite, "changer_executif"), {}).status_code == statut
    assert not Passation.objects.exists()


def test_le_geste_mene_a_ce_qui_reste_a_reprendre(connecte, dpd, decideur, collectivite, structure):
    creer_collectivite(
        structure, "CCAS", "268201316", type="ccas", code_insee="82131", denomination="CCAS de Montpezat"
    )
    client = connecte(dpd)
    lue = texte(client.get(page(collectivite, "changer_executif")))
    assert "Aujourd’hui noté : Bernard Lacaze, maire." in lue
    assert "CCAS de Montpezat" in lue
    reponse = client.post(page(collectivite, "changer_executif"), SAISIE, follow=True)
    lue = texte(reponse)
    for attendu in (
        "C’est noté : Jeanne Vidal. Voici ce qui reste à reprendre.",
        "depuis le samedi 28 mars 2026, après Bernard Lacaze",
        f"Retirer le rôle de décideur à qui n’exerce plus : {decideur}",
        "Personnes et rôles",
        "Voir ce qui attend une décision",
        "Elle continue, sans rien resigner.",
        "Préparer la lettre",
        "Fiche de la désignation",
    ):
        assert attendu in lue
    reponse = client.post(page(collectivite, "changer_executif"), SAISIE)
    assert list(reponse.context["formulaire"].errors) == ["nouveau"]


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({"nouveau": ""}, "nouveau"),
        ({"titre": ""}, "titre"),
        ({"le": "2026-12-01"}, "le"),
        ({"courriel": "pas un courriel"}, "courriel"),
    ],
)
def test_un_changement_incomplet_se_dit(saisie, champ, connecte, dpd, collectivite):
    reponse = connecte(dpd).post(page(collectivite, "changer_executif"), SAISIE | saisie)
    assert list(reponse.context["formulaire"].errors) == [champ]


def test_sans_changement_la_page_dit_a_quoi_elle_sert(connecte, lecteur, collectivite):
    lue = texte(connecte(lecteur).get(page(collectivite)))
    assert "Aucun changement noté" in lue
    assert page(collectivite, "changer_executif") not in lue


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("referent", 302), ("dpd", 302), ("lecteur", 403), ("gestionnaire", 403), ("etranger", 404)],
)
def test_qui_coche_une_suite(qui, statut, request, connecte, passation, collectivite):
    suite = passation.suites.first()
    client = connecte(request.getfixturevalue(qui))
    reponse = client.post(page(collectivite, "noter_suite", suite.pk), {"faite": "on", "note": "Fait"})
    assert reponse.status_code == statut
    suite.refresh_from_db()
    assert (suite.faite_le is not None) == (statut == 302)


def test_une_suite_se_coche_puis_se_rouvre(connecte, referent, passation, collectivite, voisine):
    suite = passation.suites.first()
    client, adresse = connecte(referent), page(collectivite, "noter_suite", suite.pk)
    assert client.get(adresse).status_code == 405
    lue = texte(client.post(adresse, {"faite": "on", "note": "Accusé DPO-9"}, follow=True))
    assert "le 23 nov. 2026, par Sylvie Delmas : Accusé DPO-9" in lue
    lue = texte(client.post(adresse, {"note": "À refaire"}, follow=True))
    assert "À refaire" in lue
    suite.refresh_from_db()
    assert suite.faite_le is None
    refusee = client.post(adresse, {"faite": "on", "note": "1 84 12 82 131 001 66"}, follow=True)
    assert "numéro de sécurité sociale" in texte(refusee)
    assert client.post(page(voisine, "noter_suite", suite.pk), {"faite": "on"}).status_code == 404
