"""La mise en place à l’écran : qui lit, qui note quoi, et le passage en accompagnement."""

from datetime import date

import pytest
from django.urls import reverse

from dpd.conventions.enums import Acteur
from dpd.conventions.models import EtapeMiseEnPlace
from tests.conventions.conftest import creer_convention
from tests.conventions.test_convention_vues import texte
from tests.conventions.test_mise_en_place import creer_etape
from tests.pieces.fabriques import fichier

pytestmark = pytest.mark.django_db
FAITE = {"ou": "faite", "faite_le": "2026-11-20", "trace": "Classeur bleu"}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def etapes(convention):
    """Une étape de chaque acteur."""
    return {acteur: creer_etape(convention, acteur.value, acteur) for acteur in Acteur}


def page(collectivite, nom="mise_en_place", *args) -> str:
    return reverse(f"conventions:{nom}", args=[collectivite.siren, *args])


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *((qui, 200) for qui in ("referent", "decideur", "lecteur", "dpd")),
        ("gestionnaire", 403),
        ("agent", 403),
        ("etranger", 404),
    ],
)
def test_qui_lit_la_mise_en_place(qui, statut, request, connecte, collectivite, etapes):
    assert connecte(request.getfixturevalue(qui)).get(page(collectivite)).status_code == statut


@pytest.mark.parametrize(
    ("qui", "siennes"),
    [
        ("referent", {Acteur.COLLECTIVITE, Acteur.REFERENT}),
        ("dpd", {Acteur.COLLECTIVITE, Acteur.REFERENT, Acteur.DPD}),
        ("decideur", {Acteur.RESPONSABLE}),
        ("lecteur", set()),
        ("gestionnaire", set()),
    ],
)
def test_chacun_ne_note_que_ses_etapes(qui, siennes, request, connecte, collectivite, etapes):
    client = connecte(request.getfixturevalue(qui))
    for acteur, etape in etapes.items():
        attendu = 200 if acteur in siennes else 403
        assert client.get(page(collectivite, "etape", etape.pk)).status_code == attendu, acteur
        client.post(page(collectivite, "etape", etape.pk), FAITE)
        etape.refresh_from_db()
        assert (etape.faite_le is not None) == (acteur in siennes), acteur
    if qui in ("referent", "dpd", "decideur", "lecteur"):
        lue = texte(client.get(page(collectivite)))
        liens = {a for a, e in etapes.items() if page(collectivite, "etape", e.pk) in lue}
        assert liens == siennes


def test_l_etranger_et_la_voisine_ne_trouvent_rien(
    connecte, etranger, referent, voisine, collectivite, etapes
):
    pk = etapes[Acteur.REFERENT].pk
    assert connecte(etranger).post(page(collectivite, "etape", pk), FAITE).status_code == 404
    assert connecte(referent).get(page(voisine, "etape", pk)).status_code == 404


def test_chaque_etat_se_lit_avec_ce_qui_l_explique(connecte, referent, collectivite, convention):
    creer_etape(
        convention,
        "a",
        faite_le=date(2026, 5, 4),
        faite_par=referent,
        trace="Délibération 12",
        source="RGPD, art. 24",
    )
    creer_etape(convention, "b", bloquee_depuis=date(2026, 11, 13), blocage="Serveur en panne")
    creer_etape(convention, "c", sans_objet=True, motif="Aucune régie", trace_attendue="")
    creer_etape(convention, "d", prevue_le=date(2027, 1, 5))
    creer_etape(convention, "e", bloquee_depuis=date(2026, 11, 23), blocage="Ce matin")
    lue = texte(connecte(referent).get(page(collectivite)))
    for attendu in (
        "1 étape faite sur 4, 2 bloquées.",
        "le 4 mai 2026, par Sylvie Delmas",
        "Délibération 12",
        "RGPD, art. 24",
        "Bloquée depuis 10 jours",
        "Serveur en panne",
        "Bloquée depuis aujourd’hui",
        "Sans objet",
        "Aucune régie",
        "prévue le 5 janv. 2027",
        "aucune attendue",
    ):
        assert attendu in lue


def test_sans_etape_la_page_dit_quand_elle_s_ouvre(connecte, referent, collectivite, modele_tranches):
    client = connecte(referent)
    assert "Elle s’ouvre quand les deux parties ont signé." in texte(client.get(page(collectivite)))
    creer_convention(collectivite, modele_tranches, None)
    assert "Aucune étape ouverte" in texte(client.get(page(collectivite)))


def test_noter_une_etape_avec_sa_piece(connecte, referent, lecteur, collectivite, etapes):
    adresse = page(collectivite, "etape", etapes[Acteur.REFERENT].pk)
    client = connecte(referent)
    reponse = client.post(adresse, FAITE | {"fichier": fichier("inventaire.pdf")}, follow=True)
    lue = texte(reponse)
    assert "L’étape est notée." in lue
    assert "Classeur bleu" in lue
    piece = EtapeMiseEnPlace.objects.get(code="referent").piece
    assert piece.get_absolute_url() in lue
    assert "inventaire.pdf" in texte(client.get(adresse))
    assert piece.get_absolute_url() not in texte(connecte(lecteur).get(page(collectivite)))


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({}, "ou"),
        ({"ou": "ailleurs"}, "ou"),
        ({"ou": "faite", "faite_le": "2026-11-20"}, "trace"),
        ({"ou": "faite", "trace": "x"}, "faite_le"),
        ({"ou": "bloquee", "bloquee_depuis": "2026-11-01"}, "blocage"),
        ({"ou": "sans_objet"}, "motif"),
        ({"ou": "faite", "faite_le": "x", "trace": "x"}, "faite_le"),
        ({"ou": "sans_objet", "motif": "1 84 12 82 131 001 66"}, "motif"),
    ],
)
def test_une_reponse_incomplete_se_dit_sous_son_champ(
    saisie, champ, connecte, referent, collectivite, etapes
):
    etape = etapes[Acteur.REFERENT]
    reponse = connecte(referent).post(page(collectivite, "etape", etape.pk), saisie)
    assert list(reponse.context["formulaire"].errors) == [champ]
    assert etape.history.count() == 1


def test_sans_reponse_l_erreur_se_relie_a_la_question(connecte, referent, collectivite, etapes):
    adresse = page(collectivite, "etape", etapes[Acteur.REFERENT].pk)
    lue = connecte(referent).post(adresse, {}).content.decode()
    assert 'id="id_ou" aria-describedby="id_ou_error"' in lue
    assert '<div id="id_ou_error">' in lue
    assert lue.count('aria-invalid="true"') == lue.count('type="radio" name="ou"') > 1


@pytest.mark.parametrize(
    ("qui", "statut"), [("dpd", 200), ("gestionnaire", 403), ("referent", 403), ("etranger", 404)]
)
def test_seul_le_dpd_passe_en_accompagnement(qui, statut, request, connecte, collectivite, convention):
    client = connecte(request.getfixturevalue(qui))
    adresse = page(collectivite, "basculer", convention.pk)
    assert client.get(adresse).status_code == statut
    assert client.post(adresse, {}).status_code == statut


def test_passer_en_accompagnement_nomme_ce_qui_reste(connecte, dpd, collectivite, convention, etapes):
    client, adresse = connecte(dpd), page(collectivite, "basculer", convention.pk)
    assert adresse in texte(client.get(page(collectivite)))
    lue = texte(client.get(adresse))
    assert "4 étapes restent ouvertes" in lue
    assert "Étape responsable" in lue
    saisie = {"le": "2026-11-20", "bilan": "Le registre est ouvert."}
    reponse = client.post(adresse, saisie)
    assert list(reponse.context["formulaire"].errors) == ["motif"]
    reponse = client.post(adresse, saisie | {"motif": "La suite en janvier."}, follow=True)
    assert "La collectivité est en accompagnement." in texte(reponse)
    assert "En accompagnement depuis le vendredi 20 novembre 2026." in texte(reponse)
    assert "a commencé le 20 novembre 2026" in texte(client.post(adresse, saisie | {"motif": "x"}))
    assert adresse not in texte(client.get(page(collectivite)))


def test_tout_est_clos_aucun_motif_n_est_demande(connecte, dpd, collectivite, convention):
    client, adresse = connecte(dpd), page(collectivite, "basculer", convention.pk)
    assert "Toutes les étapes sont closes." in texte(client.get(adresse))
    assert client.post(adresse, {"le": "2026-11-20", "bilan": "Tout est fait."}).status_code == 302


def test_un_projet_ne_passe_pas_en_accompagnement(connecte, dpd, collectivite, modele_tranches):
    projet = creer_convention(collectivite, modele_tranches, None)
    assert connecte(dpd).get(page(collectivite, "basculer", projet.pk)).status_code == 404
