"""Les pages du registre 30-2, par qui en a le droit ; rien d’ailleurs n’y entre."""

import pytest
from django.urls import reverse

from subtraitance.actions import article_30_2 as actions
from subtraitance.models import ActiviteSousTraitee, ResponsableServi
from tests.subtraitance.fabriques_s1 import JOUR, LUNDI, activite_d_essai, communes, servir, texte

CONFIRME = {"confirme": "True"}
pytestmark = pytest.mark.django_db
LECTURES = ("registre_30_2", "activite")
GESTES = ("creer_activite", "modifier_activite", "arreter_activite", "reprendre_activite", "rattacher")
SAISIE = {"nom": "Assistance", "categories": "Consultation.", "securite": "Accès nominatif."}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def activite(structure, dpd):
    return activite_d_essai(structure, dpd)


def adresse(nom, activite, **query):
    seule = nom in ("registre_30_2", "creer_activite")
    args = [activite.structure.siren, *([] if seule else [activite.pk])]
    return reverse(f"subtraitance:{nom}", args=args, query=query or None)


@pytest.mark.parametrize(
    ("qui", "lit", "tient"),
    [
        ("dpd", 200, 200),
        ("gestionnaire", 200, 200),
        ("agent", 200, 403),
        ("referent", 404, 404),
        ("etranger", 404, 404),
    ],
)
def test_qui_lit_et_qui_tient_le_registre(connecte, activite, qui, lit, tient, request):
    client = connecte(request.getfixturevalue(qui))
    assert {client.get(adresse(nom, activite)).status_code for nom in LECTURES} == {lit}
    assert {client.get(adresse(nom, activite)).status_code for nom in GESTES} == {tient}
    retirer = client.post(adresse("retirer_responsables", activite), {"jusqu_au": "2026-11-23"})
    assert retirer.status_code == tient


def test_l_agent_lit_sans_qu_on_lui_propose_d_ecrire(connecte, agent, activite, collectivite, dpd):
    servir(activite, dpd, collectivite)
    client = connecte(agent)
    for nom in LECTURES:
        page = texte(client.get(adresse(nom, activite)))
        assert "Commune de Montpezat-de-Quercy" in page
        assert not [mot for mot in ("/nouvelle/", "/modifier/", "/rattacher/", "Retirer les") if mot in page]


def test_le_registre_vide_explique_ce_qu_on_y_ecrit(connecte, gestionnaire, structure):
    page = texte(connecte(gestionnaire).get(reverse("subtraitance:registre_30_2", args=[structure.siren])))
    assert "Aucune activité au registre" in page
    assert "pour qui vous agissez, ce que vous faites, les transferts, la sécurité" in page
    assert "Exporter" not in page


def test_une_activite_se_cree_se_modifie_s_arrete_et_reprend(connecte, gestionnaire, structure):
    client = connecte(gestionnaire)
    creer = reverse("subtraitance:creer_activite", args=[structure.siren])
    page = texte(client.post(creer, SAISIE | {"categories": ""}))
    assert "Dites ce que vous faites des données." in page
    assert 'value="Assistance"' in page
    assert "« Assistance » est au registre" in texte(client.post(creer, SAISIE, follow=True))
    assert "Cette activité est déjà au registre." in texte(client.post(creer, SAISIE))
    activite = ActiviteSousTraitee.objects.get()
    modifier = adresse("modifier_activite", activite)
    assert "Consultation." in texte(client.get(modifier))
    page = texte(client.post(modifier, SAISIE | {"transferts": "Suisse."}, follow=True))
    assert "Suisse." in page
    arreter = adresse("arreter_activite", activite)
    assert actions.FUTUR in texte(client.post(arreter, {"fin": "2026-11-24"}))
    assert client.post(arreter, {"fin": "2026-11-23"}).status_code == 302
    assert client.get(arreter).status_code == 302
    assert "Cette activité est arrêtée : reprenez-la d’abord." in texte(
        client.get(adresse("rattacher", activite), follow=True)
    )
    page = texte(client.get(adresse("registre_30_2", activite)))
    assert "Aucune activité ne répond à ce choix" in page
    assert "Arrêtée le" in texte(client.get(adresse("registre_30_2", activite, etat="arretees")))
    assert client.post(adresse("reprendre_activite", activite), CONFIRME).status_code == 302
    assert ActiviteSousTraitee.objects.get().fin is None
    assert actions.PAS_ARRETEE in texte(client.post(adresse("reprendre_activite", activite), CONFIRME))


def test_on_rattache_ce_qui_est_coche_ou_tout_ce_que_la_recherche_trouve(
    connecte, gestionnaire, activite, structure
):
    bourgs = communes(structure, 130)
    client = connecte(gestionnaire)
    rattacher = adresse("rattacher", activite)
    page = client.get(rattacher)
    assert "130 collectivités à rattacher" in texte(page)
    assert page.content.count(b'name="collectivites"') == 100
    assert b" checked" not in page.content
    toute = client.get(adresse("rattacher", activite, tout=1, page=2))
    assert toute.content.count(b" checked") == 30
    saisie = {"depuis": "2026-11-23", "geste": "cochees"}
    page = texte(client.post(rattacher, saisie))
    assert actions.PERSONNE in page
    page = client.post(rattacher, saisie | {"collectivites": [bourgs[3].siren], "depuis": "2026-11-24"})
    assert actions.FUTUR in texte(page)
    assert page.content.count(b" checked") == 1
    page = client.post(rattacher, saisie | {"collectivites": [bourgs[3].siren, bourgs[4].siren]}, follow=True)
    assert "2 collectivités rattachées" in texte(page)
    toutes = adresse("rattacher", activite, q="bourg 01")
    page = client.post(toutes, saisie | {"geste": "toutes"}, follow=True)
    assert "30 collectivités rattachées" in texte(page)
    assert ResponsableServi.objects.filter(jusqu_au=None).count() == 32
    client.post(rattacher, saisie | {"geste": "toutes"})
    assert "Toutes vos collectivités suivies sont déjà servies" in texte(client.get(rattacher))
    assert "Aucune autre collectivité ne répond" in texte(client.get(adresse("rattacher", activite, q="zzz")))


def erreurs(reponse):
    return list(reponse.context["formulaire"].non_field_errors())


def test_une_collectivite_d_ailleurs_ou_inconnue_ne_se_rattache_pas(
    connecte, gestionnaire, activite, structure, lointaine
):
    client, ici = connecte(gestionnaire), communes(structure, 1)[0]
    pages = []
    for siren in (lointaine.siren, "000000000"):
        saisie = {"depuis": "2026-11-23", "geste": "cochees", "collectivites": [ici.siren, siren]}
        pages.append(erreurs(client.post(adresse("rattacher", activite), saisie)))
    assert pages == [[actions.D_AILLEURS]] * 2, "un SIREN suivi ailleurs se distingue d’un inconnu"
    assert not ResponsableServi.objects.exists()


def test_on_retire_en_lot_et_les_anciens_restent_lisibles(connecte, gestionnaire, activite, structure, dpd):
    servis = servir(activite, dpd, *communes(structure, 3)).nouveaux
    client = connecte(gestionnaire)
    retirer = adresse("retirer_responsables", activite)
    assert client.get(retirer).status_code == 302
    assert actions.PERSONNE in texte(client.post(retirer, {"jusqu_au": "2026-11-23"}))
    choix = [str(servi.pk) for servi in servis[:2]]
    page = client.post(retirer, {"jusqu_au": "", "responsables": choix})
    assert "Indiquez une date." in texte(page)
    assert page.content.count(b" checked") == 2
    page = client.post(retirer, {"jusqu_au": "2026-11-23", "responsables": [*choix, "²", "x"]}, follow=True)
    assert "2 responsables ne sont plus servis" in texte(page)
    page = texte(client.get(adresse("activite", activite, anciens=1)))
    assert "jusqu’au 23 nov. 2026" in page
    assert "Bourg 0002" not in page


def test_un_responsable_se_cherche_par_son_nom(connecte, dpd, activite, collectivite, voisine):
    servir(activite, dpd, collectivite, voisine)
    client = connecte(dpd)
    page = texte(client.get(adresse("activite", activite, q="septf")))
    assert ("Commune de Septfonds" in page, "Commune de Montpezat" in page) == (True, False)
    assert "Aucun responsable ne répond" in texte(client.get(adresse("activite", activite, q="zzz")))


def test_sans_responsable_l_activite_le_dit(connecte, dpd, activite):
    assert "Aucun responsable rattaché" in texte(connecte(dpd).get(adresse("activite", activite)))


def test_une_collectivite_qui_n_est_plus_suivie_se_voit(connecte, dpd, activite, collectivite):
    servir(activite, dpd, collectivite)
    collectivite.active = False
    collectivite.save()
    assert "N’est plus suivie" in texte(connecte(dpd).get(adresse("activite", activite)))


def test_l_activite_d_une_autre_structure_n_existe_pas_ici(connecte, dpd, structure, autre_structure):
    ailleurs = activite_d_essai(autre_structure, dpd)
    ailleurs.structure = structure  # l’adresse d’ici, la clé de là-bas
    client = connecte(dpd)
    assert {client.get(adresse(nom, ailleurs)).status_code for nom in ("activite", "rattacher")} == {404}


def test_les_premiers_responsables_se_deplient_et_le_reste_se_voit_ailleurs(
    connecte, dpd, activite, structure
):
    servir(activite, dpd, *communes(structure, 15), depuis=JOUR, maintenant=LUNDI)
    page = texte(connecte(dpd).get(adresse("registre_30_2", activite)))
    assert "15 responsables servis" in page
    assert "Voir les 15 responsables" in page
    assert ("Bourg 0011" in page, "Bourg 0012" in page) == (True, False)
