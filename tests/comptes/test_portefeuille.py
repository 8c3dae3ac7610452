"""Le portefeuille d’une structure : tout voir, vite, chacun à sa place."""

from datetime import date

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from dpd.comptes.enums import FonctionContact
from dpd.comptes.models import Collectivite, Contact
from dpd.pagination import PAR_PAGE
from dpd.pilotage.portefeuille import barrettes
from registre.models import Traitement, VersionTraitement
from tests.conftest import creer_collectivite

pytestmark = pytest.mark.django_db


def creer_fiche(collectivite, auteur, maintenant, rang=1, **champs):
    traitement = Traitement.objects.create(collectivite=collectivite, reference=rang, cree_le=maintenant)
    return VersionTraitement.objects.create(
        collectivite=collectivite,
        traitement=traitement,
        numero=1,
        nom=f"Fiche {rang}",
        contenu={},
        cree_le=maintenant,
        modifie_le=maintenant,
        modifie_par=auteur,
        **champs,
    )


@pytest.fixture
def adresse(structure):
    return reverse("pilotage:portefeuille", args=[structure.siren])


@pytest.fixture
def registres(collectivite, voisine, dpd, maintenant):
    """Montpezat : 1 fiche complète sur 2, plus une abrogée ; Septfonds : complet ; Auvillar : rien."""
    creer_fiche(collectivite, dpd, maintenant, 1, manquantes="")
    creer_fiche(collectivite, dpd, maintenant, 2, manquantes="f")
    creer_fiche(collectivite, dpd, maintenant, 3, manquantes="abc", etat="abrogee")
    creer_fiche(voisine, dpd, maintenant, 1, manquantes="")
    return creer_collectivite(
        collectivite.structure, "Auvillar", "218200087", epci_siren="248200016", epci_nom="CC 2R"
    )


def noms(reponse):
    return [c.nom for c in reponse.context["page"]]


@pytest.mark.parametrize(
    ("personne", "statut"),
    [("dpd", 200), ("gestionnaire", 200), ("agent", 200), ("referent", 404), ("etranger", 404), (None, 302)],
)
def test_le_portefeuille_est_a_la_structure(personne, statut, request, client, connecte, adresse):
    if personne:
        connecte(request.getfixturevalue(personne))
    assert client.get(adresse).status_code == statut


def test_le_dpd_voit_chaque_registre_et_rien_d_ailleurs(connecte, dpd, adresse, registres, lointaine):
    page = connecte(dpd).get(adresse).content.decode()
    assert "1 sur 2 complètes" in page
    assert "1 sur 1 complète<" in page
    assert "Pas encore de fiche" in page
    assert page.count('<rect class="passe"') == 2
    assert "3\u00a0suivies\u00a0: 3\u00a0communes." in page
    assert lointaine.nom not in page


@pytest.mark.parametrize("personne", ["gestionnaire", "agent"])
def test_ni_le_gestionnaire_ni_l_agent_ne_voient_l_etat_des_registres(
    personne, request, connecte, adresse, registres
):
    client = connecte(request.getfixturevalue(personne))
    for demande in ("", "?registre=complet", "?tri=-registre"):
        reponse = client.get(adresse + demande)
        page = reponse.content.decode()
        assert "complète" not in page
        assert "Pas encore de fiche" not in page
        assert "f-registre" not in page
        assert noms(reponse) == ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]


def test_seuls_le_dpd_et_le_gestionnaire_peuvent_ajouter(connecte, agent, gestionnaire, adresse, structure):
    ajouter = reverse("comptes:creer_collectivite", args=[structure.siren])
    assert ajouter not in connecte(agent).get(adresse).content.decode()
    assert ajouter in connecte(gestionnaire).get(adresse).content.decode()


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ("", ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]),
        ("?tri=-nom", ["Septfonds", "Montpezat-de-Quercy", "Auvillar"]),
        ("?q=quercy", ["Montpezat-de-Quercy"]),
        ("?q=218 201 317", ["Montpezat-de-Quercy"]),
        ("?q=zzz", []),
        ("?type=commune", ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]),
        ("?type=ccas", []),
        ("?type=licorne", ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]),
        ("?intercommunalite=248200016", ["Auvillar"]),
        ("?intercommunalite=x", ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]),
        ("?tri=-intercommunalite", ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]),
        ("?tri=-habitants", ["Montpezat-de-Quercy", "Septfonds", "Auvillar"]),
        ("?registre=a_completer", ["Montpezat-de-Quercy"]),
        ("?registre=complet", ["Septfonds"]),
        ("?registre=vide", ["Auvillar"]),
        ("?registre=ouvert", ["Montpezat-de-Quercy", "Septfonds"]),
        ("?tri=-registre", ["Montpezat-de-Quercy", "Auvillar", "Septfonds"]),
        ("?tri=licorne", ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]),
        ("?page=999", ["Auvillar", "Montpezat-de-Quercy", "Septfonds"]),
    ],
)
def test_filtrer_et_trier(connecte, dpd, adresse, registres, demande, attendus):
    QuerySet(Collectivite).filter(pk=registres.pk).update(population_totale=None, population_millesime=None)
    assert noms(connecte(dpd).get(adresse + demande)) == attendus


def test_une_collectivite_qui_n_est_plus_suivie_se_retrouve(connecte, dpd, adresse, registres):
    QuerySet(Collectivite).filter(pk=registres.pk).update(active=False)
    client = connecte(dpd)
    assert noms(client.get(adresse)) == ["Montpezat-de-Quercy", "Septfonds"]
    assert noms(client.get(adresse + "?suivi=anciennes")) == ["Auvillar"]
    assert len(noms(client.get(adresse + "?suivi=toutes"))) == 3
    QuerySet(Collectivite).update(active=False)
    assert "Plus aucune collectivité n’est suivie." in client.get(adresse).content.decode()


def test_le_referent_est_le_contact_en_cours_sinon_le_compte(connecte, dpd, adresse, collectivite, referent):
    client = connecte(dpd)
    assert "Sylvie Delmas" in client.get(adresse).content.decode()
    contact = Contact.objects.create(
        collectivite=collectivite,
        fonction=FonctionContact.REFERENT,
        nom="Odile Sabatier",
        depuis=date(2024, 1, 1),
    )
    page = client.get(adresse).content.decode()
    assert "Odile Sabatier" in page
    assert "Sylvie Delmas" not in page
    contact.jusqu_au = date(2025, 1, 1)
    contact.save()
    referent.is_active = False
    referent.save()
    assert "à nommer" in client.get(adresse).content.decode()


def test_htmx_ne_recoit_que_le_tableau(connecte, dpd, adresse, registres):
    reponse = connecte(dpd).get(adresse + "?q=quercy", headers={"HX-Request": "true"})
    page = reponse.content.decode()
    assert '<div id="resultats">' in page
    assert "<html" not in page
    assert "HX-Request" in reponse["Vary"]


def test_un_filtre_sans_reponse_propose_d_en_sortir(connecte, dpd, adresse, registres):
    page = connecte(dpd).get(adresse + "?q=zzz").content.decode()
    assert f'<a href="{adresse}">Voir toutes les collectivités suivies</a>' in page


def test_un_portefeuille_vide_apprend_quoi_y_mettre(connecte, dpd, agent, adresse):
    assert "Votre portefeuille est vide" in connecte(dpd).get(adresse).content.decode()
    assert "Ajouter une collectivité" not in connecte(agent).get(adresse).content.decode()


def test_les_pages_gardent_les_filtres_et_le_tri(connecte, dpd, adresse, structure):
    for rang in range(2 * PAR_PAGE + 1):
        creer_collectivite(structure, f"Commune {rang:03}", f"{rang:09}")
    client = connecte(dpd)
    premiere = client.get(adresse + "?tri=-nom&q=commune").content.decode()
    assert "Page 1 sur 3" in premiere
    assert 'rel="next" href="?tri=-nom&amp;q=commune&amp;page=2"' in premiere
    assert 'rel="prev"' not in premiere
    assert 'href="?tri=nom&amp;q=commune"' in premiere  # trier revient à la première page
    assert 'aria-sort="descending"' in premiere
    derniere = client.get(adresse + "?tri=-nom&page=3")
    assert noms(derniere) == ["Commune 000"]
    assert 'rel="next"' not in derniere.content.decode()


@pytest.mark.parametrize("nombre", [10, 200])
@pytest.mark.parametrize(
    ("demande", "requetes"),
    [("", 9), ("?registre=a_completer&attente=avis&tri=-registre&q=commune", 10)],
)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_collectivites(
    nombre, demande, requetes, connecte, dpd, adresse, structure, maintenant, django_assert_num_queries
):
    for rang in range(nombre):
        creer_fiche(
            creer_collectivite(structure, f"Commune {rang:03}", f"{rang:09}"),
            dpd,
            maintenant,
            manquantes="f",
            etat="transmise",
            attend_depuis=maintenant,
        )
    client = connecte(dpd)
    client.get(adresse)
    with django_assert_num_queries(requetes):
        client.get(adresse + demande)


def test_les_barrettes_sont_une_par_fiche_puis_une_proportion():
    assert barrettes(0, 0) == []
    assert barrettes(1, 2) == [("passe", "0.00%", "38.80%"), ("reste", "50.00%", "38.80%")]
    assert len(barrettes(10, 40)) == 40
    assert barrettes(10, 50) == [("passe", "0.00%", "20.00%"), ("reste", "20.00%", "80.00%")]
    assert barrettes(50, 50) == [("passe", "0.00%", "100.00%")]
