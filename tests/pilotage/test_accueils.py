"""Chacun arrive là où il a à faire."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.droits import accorder, retirer
from dpd.comptes.enums import Role
from dpd.comptes.models import Structure
from dpd.pilotage.graphiques import CASES_MAX, barre_de_registre
from dpd.regles.typographie import INSECABLE
from registre import actions
from registre.ecriture import fiche_de
from tests.conftest import creer_collectivite, creer_personne
from tests.registre.conftest import remplir
from tests.subtraitance.fabriques_demandes import creer_demande
from tests.violations.fabriques import creer_violation
from tests.volume import collectivites_de, registres_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def transmise(collectivite, referent, maintenant):
    version = actions.creer(collectivite=collectivite, nom="Cantine", auteur=referent, maintenant=maintenant)
    version = actions.enregistrer_contenu(
        version=version, fiche=remplir(fiche_de(version)), auteur=referent, maintenant=maintenant, raison="x"
    )
    return actions.transmettre(version=version, auteur=referent, maintenant=maintenant)


def test_la_referente_arrive_dans_sa_commune(connecte, referent, collectivite):
    reponse = connecte(referent).get("/")
    assert reponse.url == reverse("pilotage:collectivite", args=[collectivite.siren])


def test_le_dpd_arrive_sur_son_portefeuille(connecte, dpd, structure):
    assert connecte(dpd).get("/").url == reverse("pilotage:structure", args=[structure.siren])


def test_qui_a_plusieurs_organismes_choisit(connecte, referent, collectivite, voisine):
    accorder(referent, Role.LECTEUR, voisine)
    page = connecte(referent).get("/").content.decode()
    assert collectivite.denomination in page
    assert voisine.denomination in page


def test_chaque_organisme_dit_ce_qui_l_attend_a_qui_peut_le_lire(
    connecte, referent, lecteur, collectivite, voisine, dpd, maintenant
):
    accorder(referent, Role.REFERENT, voisine)
    accorder(lecteur, Role.LECTEUR, voisine)
    client = connecte(referent)
    assert not any(lieu.attend for lieu in client.get("/").context["lieux"])
    with CaptureQueriesContext(connection) as vides:
        client.get("/")
    for nom in ("Cantine", "Paie"):
        actions.creer(collectivite=collectivite, nom=nom, auteur=referent, maintenant=maintenant)
    creer_violation(voisine, referent, maintenant)
    creer_demande(voisine, dpd, maintenant)
    with CaptureQueriesContext(connection) as pleins:
        reponse = client.get("/")
    assert len(pleins) == len(vides)
    en_cours = (f"1{INSECABLE}violation en cours", f"1{INSECABLE}demande en cours")
    assert dict(reponse.context["lieux"]) == {
        collectivite: (f"2{INSECABLE}fiches à compléter",),
        voisine: en_cours,
    }
    assert ", ".join(en_cours) in reponse.content.decode()
    assert dict(connecte(lecteur).get("/").context["lieux"])[voisine] == ()


def test_qui_n_a_aucun_acces_apprend_quoi_faire(client, db, connecte):
    page = connecte(creer_personne("seul@nulle-part.example", "Sam", "Seul")).get("/").content.decode()
    assert "Demandez une invitation" in page


def test_l_accueil_de_la_referente_dit_quoi_faire(connecte, referent, collectivite, maintenant):
    actions.creer(collectivite=collectivite, nom="Paie", auteur=referent, maintenant=maintenant)
    page = (
        connecte(referent).get(reverse("pilotage:collectivite", args=[collectivite.siren])).content.decode()
    )
    assert "Bonjour Sylvie, une chose à faire" in page
    assert "Finir la fiche «\u00a0Paie\u00a0»" in page or "Finir la fiche « Paie »" in page


def test_l_accueil_du_maire_dit_ce_qu_il_decide(connecte, dpd, decideur, collectivite, transmise, maintenant):
    actions.rendre_avis(version=transmise, sens="favorable", texte="x", auteur=dpd, maintenant=maintenant)
    page = (
        connecte(decideur).get(reverse("pilotage:collectivite", args=[collectivite.siren])).content.decode()
    )
    assert "La décision vous appartient" in page


def lu(reponse):
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("qui", "phrase"),
    [
        ("referent", "Commencez par choisir vos premières fiches."),
        ("decideur", "Le registre n’a pas encore de fiche : le référent commence."),
        ("lecteur", "Le registre n’a pas encore de fiche : le référent commence."),
    ],
)
def test_un_registre_vide_n_est_pas_a_jour(qui, phrase, request, connecte, collectivite):
    personne = request.getfixturevalue(qui)
    page = lu(connecte(personne).get(reverse("pilotage:collectivite", args=[collectivite.siren])))
    assert f"Bonjour {personne.first_name}, rien ne presse" in page
    assert phrase in page
    assert ("se décident dans « Convention »" in page) == (qui == "decideur")


def test_rien_a_faire_au_registre_ne_dit_rien_du_reste(connecte, decideur, collectivite, transmise):
    """Un devis ou un état mensuel peut attendre le maire : l’accueil ne promet que le registre."""
    page = lu(connecte(decideur).get(reverse("pilotage:collectivite", args=[collectivite.siren])))
    assert "Rien à faire aujourd’hui au registre. Devis et états mensuels se décident" in page
    assert "à jour ou attendent" not in page


def test_le_gestionnaire_voit_la_commune_sans_son_registre(connecte, gestionnaire, collectivite, transmise):
    page = (
        connecte(gestionnaire)
        .get(reverse("pilotage:collectivite", args=[collectivite.siren]))
        .content.decode()
    )
    assert "Cantine" not in page
    assert "secret" in page


def test_l_accueil_du_dpd_montre_avis_et_questions(connecte, dpd, structure, referent, transmise, maintenant):
    actions.poser(
        version=transmise, texte="Quelle durée pour les photos ?", auteur=referent, maintenant=maintenant
    )
    page = connecte(dpd).get(reverse("pilotage:structure", args=[structure.siren])).content.decode()
    assert "Cantine" in page
    assert "Quelle durée pour les photos" in page
    assert "Rendre l’avis" in page


def test_zero_avis_ne_se_compte_pas(connecte, dpd, structure, referent, collectivite, maintenant):
    version = actions.creer(collectivite=collectivite, nom="Paie", auteur=referent, maintenant=maintenant)
    actions.poser(version=version, texte="Cinq ans ?", auteur=referent, maintenant=maintenant)
    page = lu(connecte(dpd).get(reverse("pilotage:structure", args=[structure.siren])))
    assert '<p class="chapo">1 question à lire.</p>' in page


@pytest.mark.parametrize("qui", ["gestionnaire", "agent"])
def test_l_accueil_de_la_structure_sans_registre(qui, request, connecte, structure, transmise):
    page = connecte(request.getfixturevalue(qui)).get(reverse("pilotage:structure", args=[structure.siren]))
    assert "Cantine" not in page.content.decode()


@pytest.mark.parametrize("nombre", [10, 200])
def test_l_accueil_du_dpd_coute_quinze_requetes_au_plus(
    nombre, connecte, dpd, structure, maintenant, django_assert_max_num_queries
):
    trace = {"auteur": dpd, "maintenant": maintenant, "raison": "x"}
    registres_de(collectivites_de(structure, range(nombre), **trace), fiches=3, **trace)
    client = connecte(dpd)
    adresse = reverse("pilotage:structure", args=[structure.siren])
    client.get(adresse)
    with django_assert_max_num_queries(15):
        assert client.get(adresse).status_code == 200


@pytest.mark.parametrize("nombre", [10, 200])
def test_l_accueil_de_la_referente_coute_dix_requetes_au_plus(
    nombre, connecte, referent, collectivite, maintenant, django_assert_max_num_queries
):
    trace = {"auteur": referent, "maintenant": maintenant, "raison": "x"}
    registres_de([collectivite], fiches=nombre, **trace)
    client = connecte(referent)
    adresse = reverse("pilotage:collectivite", args=[collectivite.siren])
    client.get(adresse)
    with django_assert_max_num_queries(10):
        assert client.get(adresse).status_code == 200


@pytest.mark.parametrize(
    "page", ["aide", "accessibilite", "donnees_personnelles", "mentions_legales", "plan"]
)
def test_les_pages_ouvertes_le_sont_a_tous(page, client, connecte, referent):
    assert client.get(reverse(page)).status_code == 200
    assert connecte(referent).get(reverse(page)).status_code == 200


def test_la_page_des_donnees_personnelles_compte_les_temoins_que_le_site_pose(connecte, referent):
    client = connecte(referent)
    client.get(reverse("comptes:affichage"))
    client.post(reverse("comptes:affichage"), {"theme": "dark"})
    assert set(client.cookies) == {"sessionid", "csrftoken", "dernier_compte", "messages"}
    page = lu(client.get(reverse("donnees_personnelles")))
    assert "Quatre seulement, nécessaires" in page
    assert "Le journal des accès est gardé un an." in page


def test_le_plan_mene_aux_pages_de_chacun_et_d_aucun_autre(
    client, connecte, referent, dpd, etranger, collectivite, structure
):
    """Les mêmes entrées que la navigation, selon le rôle."""

    def mene(qui, nom, lieu):
        return f'href="{reverse(nom, args=[lieu.siren])}"' in qui.get(reverse("plan")).content.decode()

    assert not mene(client, "violations:liste", collectivite), "sans compte"
    assert mene(connecte(referent), "violations:liste", collectivite)
    assert not mene(connecte(referent), "pilotage:structure", structure)
    assert mene(connecte(dpd), "registre:bibliotheque", structure)
    assert mene(connecte(dpd), "comptes:structure", structure)
    assert not mene(connecte(etranger), "violations:liste", collectivite)
    assert not mene(client, "registre:bibliotheque", structure)


def contacts(client):
    return list(client.get(reverse("aide")).context["structures"])


def test_l_aide_donne_le_dpd_de_ses_structures_et_d_aucune_autre(
    client, connecte, agent, referent, etranger, structure, autre_structure, lointaine
):
    assert contacts(client) == []
    assert contacts(connecte(agent)) == contacts(connecte(referent)) == [structure]
    page = connecte(etranger).get(reverse("aide")).content.decode()
    assert autre_structure.nom in page
    assert structure.dpd_courriel not in page
    accorder(referent, Role.LECTEUR, lointaine)
    assert set(contacts(connecte(referent))) == {structure, autre_structure}


def test_l_aide_donne_sans_connexion_le_seul_dpd_du_site(client, structure, django_assert_max_num_queries):
    """Un incident, pas de compte : l’aide ne renvoie pas à la connexion d’où l’on vient."""
    with django_assert_max_num_queries(1):
        page = client.get(reverse("aide")).content.decode()
    assert 'href="tel:+33536491234"' in page
    assert "Son téléphone est sur le site" not in page


def test_l_aide_dit_sans_connexion_ou_trouver_un_dpd_parmi_d_autres(client, structure, autre_structure):
    page = client.get(reverse("aide")).content.decode()
    assert "Son téléphone est sur le site de votre collectivité et dans votre convention." in page
    assert structure.nom not in page
    assert "Connectez-vous" not in page


def test_l_aide_ne_donne_rien_a_qui_n_a_plus_de_role(connecte, referent, collectivite):
    retirer(referent, Role.REFERENT, collectivite)
    page = connecte(referent).get(reverse("aide")).content.decode()
    assert "Votre compte n’a plus de rôle" in page
    assert "mailto:" not in page


def test_l_aide_coute_autant_a_une_qu_a_cinquante_structures(connecte, referent, maintenant):
    client, couts = connecte(referent), {}
    for nombre, premiere in ((1, 0), (50, 1)):
        maisons = Structure.objects.creer_en_masse(
            [Structure(nom=f"Maison {r}", siren=f"{800000000 + r}") for r in range(premiere, nombre)],
            auteur=None,
            maintenant=maintenant,
            raison="essai",
        )
        for maison in maisons:
            accorder(referent, Role.LECTEUR, creer_collectivite(maison, "Bourg", f"{2 * 10**8 + maison.pk}"))
        client.get(reverse("aide"))
        with CaptureQueriesContext(connection) as requetes:
            couts[nombre] = len(contacts(client)), len(requetes)
    assert couts[1][0] < couts[50][0]
    assert couts[1][1] == couts[50][1] <= 5


def test_la_barre_du_registre_compte_juste():
    barre = barre_de_registre({"total": 14, "a_completer": 3, "brouillon": 1})
    assert barre.phrase == "10\u00a0complètes, 3\u00a0à compléter, 1\u00a0en brouillon"
    assert [c.remplissage for c in barre.cases] == ["g-plein"] * 10 + ["g-raye"] * 3 + ["g-vide"]


def test_la_barre_d_un_grand_registre_reste_lisible():
    barre = barre_de_registre({"total": CASES_MAX + 40, "a_completer": 50, "brouillon": 0})
    assert len(barre.cases) == 2
    assert barre_de_registre({"total": 0, "a_completer": 0, "brouillon": 0}).cases == ()
