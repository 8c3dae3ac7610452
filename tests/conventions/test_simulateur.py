"""Le simulateur public : ouvert sur réglage, sans compte, sans rien dire de qui adhère."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from dpd.conventions.enums import NatureBareme, Revision, SensForfait, SerieIndice
from dpd.conventions.models import ReglagesConventions
from dpd.conventions.views.simulateur import RECHERCHES_PAR_MINUTE
from tests.comptes.fabriques_referentiel import creer_commune, montpezat
from tests.conventions.conftest import creer_bareme, creer_indice
from tests.conventions.test_tarification import creer_raccord

pytestmark = pytest.mark.django_db
SIREN = "288200017"
SIMULATEUR = f"/simulateur/{SIREN}/"


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    cache.clear()
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def ouvert(structure):
    reglages = ReglagesConventions(
        structure=structure, simulateur_ouvert=True, presentation="Adhérez par délibération."
    )
    reglages.save()
    return reglages


def sans_jeton(reponse):
    """La page, sans le jeton de formulaire qui change à chaque lecture."""
    return re.sub(r'"x-csrftoken": "\w+"', "", reponse.content.decode())


def simuler(client, code):
    return client.get(SIMULATEUR, {"commune": code})


@pytest.mark.parametrize("reglage", [None, False])
def test_ferme_il_n_existe_pas(client, structure, reglage):
    if reglage is False:
        ReglagesConventions(structure=structure, simulateur_ouvert=False).save()
    assert client.get(SIMULATEUR).status_code == 404


def test_d_une_structure_inconnue_il_n_existe_pas(client, ouvert):
    assert client.get("/simulateur/999999999/").status_code == 404


def test_ouvert_il_se_lit_sans_compte(client, ouvert, bareme_tranches):
    reponse = client.get(SIMULATEUR)
    page = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Adhérez par délibération." in page
    assert client.post(SIMULATEUR).status_code == 405
    assert "sessionid" not in reponse.cookies


def test_une_commune_se_cherche_par_son_nom(client, ouvert, bareme_tranches):
    montpezat()
    creer_commune("82179", "Septfonds")
    page = client.get(SIMULATEUR, {"q": "montp"}).content.decode()
    assert "1 proposition pour «\u00a0montp\u00a0»" in page
    assert "?commune=82131" in page
    assert "Septfonds" not in page
    assert "Aucune commune ne répond" in client.get(SIMULATEUR, {"q": "zzz"}).content.decode()


def test_la_commune_voit_sa_tranche_et_ses_prix(client, ouvert, bareme_tranches):
    montpezat(population_totale=1556)
    page = simuler(client, "82131").content.decode()
    assert "1\u202f556 habitants (population totale, millésime 2022)" in page
    assert "1\u202f200,00\u00a0€" in page
    assert "750,00\u00a0€" in page
    assert "dans la cinquième des 8 tranches" in page
    assert "Ces prix se révisent chaque année comme l’indice Syntec." in page


def test_les_prix_revises_de_l_exercice_s_ajoutent_quand_ils_sont_connus(
    client, ouvert, bareme_tranches, structure
):
    montpezat(population_totale=1556)
    creer_indice(structure, 2025, 11, "318.0", SerieIndice.REVISE)
    creer_raccord(structure)
    prix = simuler(client, "82131").context["simulation"].prix
    assert [(p.phase, p.revise) for p in prix] == [
        ("Mise en place", "1\u202f417,86\u00a0€"),
        ("Accompagnement", "886,16\u00a0€"),
    ]


def test_il_ne_lit_que_le_referentiel_public(client, ouvert, bareme_tranches, collectivite, convention):
    """La commune adhère avec 1 556 habitants à son compte ; la page ne connaît que ceux du référentiel."""
    montpezat(population_totale=480)
    creer_commune("82179", "Septfonds", population_totale=480)
    adherente = sans_jeton(simuler(client, "82131")).replace("Montpezat-de-Quercy", "X")
    autre = sans_jeton(simuler(client, "82179")).replace("Septfonds", "X")
    assert adherente == autre
    assert "560,00\u00a0€" in autre


@pytest.mark.parametrize(
    ("population", "phrase"),
    [
        (10_001, "sur la base de 250,00\u00a0€ la journée"),
        (None, "Sans population publiée"),
    ],
)
def test_hors_de_la_grille_ou_sans_population(client, ouvert, bareme_tranches, population, phrase):
    creer_commune("82121", "Montauban", population_totale=population, millesime=2022)
    assert phrase in simuler(client, "82121").content.decode()


def test_sans_bareme_en_vigueur_rien_n_est_invente(client, ouvert, structure):
    montpezat()
    creer_bareme(structure, NatureBareme.GRATUIT, en_vigueur_du=date(2028, 1, 1))
    assert "Aucun tarif n’est publié" in simuler(client, "82131").content.decode()


def test_un_service_gratuit_le_dit(client, ouvert, structure):
    montpezat()
    creer_bareme(structure, NatureBareme.GRATUIT)
    assert "Gratuit." in simuler(client, "82131").content.decode()


def test_un_forfait_se_montre_avec_sa_journee(client, ouvert, structure):
    montpezat()
    creer_bareme(
        structure,
        NatureBareme.FORFAIT_JOURNEES,
        forfaits=(("a", "Études", "2300"), ("b", "Sur mesure", None)),
        cout_journee=Decimal(230),
        sens_forfait=SensForfait.CUMUL,
        revision=Revision.DECISION,
    )
    page = simuler(client, "82131").content.decode()
    assert "Études\u00a0: 2\u202f300,00\u00a0€ par an" in page
    assert "Sur mesure\u00a0: montant à demander" in page
    assert "Journée\u00a0: 230,00\u00a0€" in page
    assert "par décision de la structure" in page


@pytest.mark.parametrize("code", ["99999", "'; DROP", "é" * 50])
def test_un_code_inconnu_ne_montre_rien(client, ouvert, bareme_tranches, code):
    reponse = simuler(client, code)
    assert reponse.status_code == 200
    assert reponse.context["simulation"] is None


def test_trop_de_recherches_attendent_une_minute(client, ouvert, bareme_tranches, time_machine, maintenant):
    for _ in range(RECHERCHES_PAR_MINUTE):
        assert client.get(SIMULATEUR, {"q": "mon"}).status_code == 200
    refus = client.get(SIMULATEUR, {"q": "mon"})
    assert (refus.status_code, refus["Retry-After"]) == (429, "60")
    assert "Attendez une minute" in refus.content.decode()
    assert client.get(SIMULATEUR).status_code == 200  # lire la page ne compte pas
    assert client.get(SIMULATEUR, {"q": "mon"}, REMOTE_ADDR="203.0.113.9").status_code == 200
    time_machine.move_to(maintenant + timedelta(seconds=61), tick=False)
    assert client.get(SIMULATEUR, {"q": "mon"}).status_code == 200


def test_une_connexion_se_compte_meme_si_la_minute_finit_au_meme_instant(
    client, ouvert, bareme_tranches, monkeypatch
):
    client.get(SIMULATEUR, {"q": "mon"})

    def perdue(cle):
        raise ValueError(cle)

    monkeypatch.setattr(cache, "incr", perdue)
    assert client.get(SIMULATEUR, {"q": "mon"}).status_code == 200


def regler():
    return reverse("conventions:simulateur_regler", args=[SIREN])


def test_le_gestionnaire_ouvre_puis_ferme(client, connecte, gestionnaire, structure):
    gere = connecte(gestionnaire)
    envoi = {"simulateur_ouvert": "on", "presentation": "Le service", "geste": "regler"}
    assert gere.post(regler()).status_code == 200
    assert not ReglagesConventions.objects.exists()
    assert "Le simulateur est ouvert." in gere.post(regler(), envoi, follow=True).content.decode()
    assert client.get(SIMULATEUR).status_code == 200
    assert "Le service" in gere.get(regler()).content.decode()
    assert (
        "Le simulateur est fermé." in gere.post(regler(), {"geste": "regler"}, follow=True).content.decode()
    )
    assert client.get(SIMULATEUR).status_code == 404


def test_une_presentation_ne_porte_pas_de_numero_personnel(connecte, gestionnaire, structure):
    envoi = {"presentation": "Demandez 2 84 12 82 131 045 67", "geste": "regler"}
    reponse = connecte(gestionnaire).post(regler(), envoi)
    assert "presentation" in reponse.context["formulaire"].errors
    assert not ReglagesConventions.objects.exists()


def test_le_dpd_ne_regle_pas(connecte, dpd, structure):
    assert connecte(dpd).get(regler()).status_code == 403
