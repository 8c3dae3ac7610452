"""Ce qui est compté à l’accueil du DPD se retrouve au portefeuille, ni plus ni moins."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db.models import QuerySet
from django.urls import reverse

from dpd.comptes.models import Collectivite
from dpd.pagination import PAR_PAGE
from dpd.pilotage.attentes import ATTENTES, REPONSE, phrases
from registre import actions
from registre.ecriture import fiche_de
from registre.listes import FILTRES_ETAT, compter, fiches_courantes, filtrer
from registre.models import VersionTraitement
from tests.conftest import creer_collectivite
from tests.registre.conftest import remplir

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(referent, dpd, decideur, maintenant):
    """Une fiche menée jusqu’à un état : brouillon, transmise, avis_rendu, adoptee, a_relire, abrogee."""

    def _fiche(collectivite, jusqu_a):
        qui = {"auteur": referent, "maintenant": maintenant}
        version = actions.creer(collectivite=collectivite, nom=f"Fiche {jusqu_a}", **qui)
        version = actions.enregistrer_contenu(
            version=version, fiche=remplir(fiche_de(version)), raison="x", **qui
        )
        if jusqu_a == "brouillon":
            return version
        version = actions.transmettre(version=version, **qui)
        if jusqu_a == "transmise":
            return version
        version = actions.rendre_avis(
            version=version, sens="favorable", texte="x", auteur=dpd, maintenant=maintenant
        )
        if jusqu_a == "avis_rendu":
            return version
        il_y_a = timedelta(days=400 if jusqu_a == "a_relire" else 0)
        version = actions.adopter(
            version=version, auteur=decideur, maintenant=maintenant - il_y_a, suite="suivi"
        )
        if jusqu_a == "abrogee":
            actions.abroger(version=version, auteur=decideur, maintenant=maintenant, motif="x")
        return version

    return _fiche


@pytest.fixture
def portefeuille_varie(structure, collectivite, voisine, fiche, referent, maintenant, _ce_jour_la):
    """Montpezat : un peu de tout ; Septfonds : une question ; Auvillar : rien ; Caylus : plus suivie."""
    for etat in ("transmise", "transmise", "avis_rendu", "a_relire", "adoptee", "abrogee", "brouillon"):
        fiche(collectivite, etat)
    actions.poser(
        version=fiche(voisine, "brouillon"),
        texte="Combien de temps ?",
        auteur=referent,
        maintenant=maintenant,
    )
    creer_collectivite(structure, "Auvillar", "218200087")
    partie = creer_collectivite(structure, "Caylus", "218200384")
    perdue = fiche(partie, "transmise")
    actions.poser(version=perdue, texte="Perdue ?", auteur=referent, maintenant=maintenant)
    QuerySet(Collectivite).filter(pk=partie.pk).update(active=False)


@pytest.fixture
def _ce_jour_la(maintenant):
    """Les vues lisent l’heure : ce jour-là est un lundi de novembre 2026."""
    with time_machine.travel(maintenant, tick=False):
        yield


def liens_chiffres(page):
    """{adresse: nombre} de la bande de chiffres."""
    bande = re.search(r'<ul class="chiffres".*?</ul>', page, re.DOTALL)[0]
    return {a: int(n) for a, n in re.findall(r'<a href="([^"]+)"><strong>(\d+)</strong>', bande)}


def test_l_accueil_compte_les_collectivites_suivies_seulement(connecte, dpd, structure, portefeuille_varie):
    adresse = reverse("pilotage:structure", args=[structure.siren])
    liste = reverse("pilotage:portefeuille", args=[structure.siren])
    questions = reverse("pilotage:questions", args=[structure.siren])
    page = connecte(dpd).get(adresse).content.decode()
    assert liens_chiffres(page) == {
        liste: 3,
        f"{liste}?attente=avis": 2,
        questions: 1,
        f"{liste}?attente=decision": 1,
        f"{liste}?attente=relecture": 1,
        f"{liste}?registre=ouvert": 7,
    }
    assert "2 avis attendus de vous, 1 question à lire." in page
    assert "Perdue" not in page


def test_chaque_lien_mene_aux_collectivites_qu_il_compte(connecte, dpd, structure, portefeuille_varie):
    client = connecte(dpd)
    page = client.get(reverse("pilotage:structure", args=[structure.siren])).content.decode()
    for adresse, nombre in liens_chiffres(page).items():
        lignes = client.get(adresse).context["page"]
        if "attente=" in adresse:
            cle = adresse.partition("attente=")[2]
            trouves = [a for c in lignes for a, _ in c.registre.attentes if a.cle == cle]
            assert [c.nom for c in lignes] == ["Montpezat-de-Quercy"]
            assert len(trouves) == 1
        elif "registre=" in adresse:
            assert sum(c.registre.total for c in lignes) == nombre
        else:
            assert len(lignes) == nombre


def test_le_portefeuille_dit_ce_qui_est_attendu_et_y_mene(connecte, dpd, structure, portefeuille_varie):
    adresse = reverse("pilotage:portefeuille", args=[structure.siren])
    client = connecte(dpd)
    page = client.get(f"{adresse}?attente=reponse").content.decode()
    assert "1\u00a0question ouverte" in page
    assert "Montpezat" not in page.partition('id="resultats"')[2]
    page = client.get(f"{adresse}?attente=avis").content.decode()
    registre = reverse("registre:liste", args=["218201317"])
    assert f'href="{registre}?etat=avis_attendu">2\u00a0avis à rendre' in page
    assert len(client.get(f"{registre}?etat=avis_attendu").context["lignes"]) == 2
    assert f'href="{registre}?etat=a_relire">1\u00a0fiche à relire' in page
    assert len(client.get(f"{registre}?etat=a_relire").context["lignes"]) == 1


@pytest.mark.parametrize("personne", ["gestionnaire", "agent"])
def test_ce_qui_est_attendu_ne_se_montre_qu_au_dpd(
    personne, request, connecte, structure, portefeuille_varie
):
    client = connecte(request.getfixturevalue(personne))
    adresse = reverse("pilotage:portefeuille", args=[structure.siren])
    for cle in ATTENTES:
        reponse = client.get(f"{adresse}?attente={cle}")
        assert len(reponse.context["page"]) == 3
        assert "f-attente" not in reponse.content.decode()
        assert "à rendre" not in reponse.content.decode()
    assert client.get(reverse("pilotage:questions", args=[structure.siren])).status_code == 403


def test_toutes_les_questions_ouvertes_se_lisent_page_par_page(
    connecte, dpd, structure, collectivite, fiche, referent, maintenant
):
    version = fiche(collectivite, "brouillon")
    for rang in range(PAR_PAGE + 1):
        instant = maintenant + timedelta(minutes=rang)
        actions.poser(version=version, texte=f"Question {rang:02}", auteur=referent, maintenant=instant)
    client, adresse = connecte(dpd), reverse("pilotage:questions", args=[structure.siren])
    page = client.get(adresse).content.decode()
    assert f"{PAR_PAGE + 1} questions sans réponse" in page
    assert "Question 00" in page
    assert f"Question {PAR_PAGE}" not in page
    assert f"Question {PAR_PAGE}" in client.get(f"{adresse}?page=2").content.decode()
    accueil = client.get(reverse("pilotage:structure", args=[structure.siren])).content.decode()
    assert f"Voir les {PAR_PAGE + 1} questions ouvertes" in accueil


def test_sans_question_la_page_dit_d_ou_elles_viendront(connecte, dpd, structure):
    page = connecte(dpd).get(reverse("pilotage:questions", args=[structure.siren])).content.decode()
    assert "Aucune question en attente" in page


@pytest.mark.parametrize("nombre", [3, 30])
def test_la_page_des_questions_coute_toujours_autant(
    nombre, connecte, dpd, structure, fiche, referent, maintenant, django_assert_num_queries
):
    for rang in range(nombre):
        commune = creer_collectivite(structure, f"Commune {rang}", f"{rang:09}")
        version = fiche(commune, "brouillon")
        actions.poser(version=version, texte=f"Question {rang}", auteur=referent, maintenant=maintenant)
    client, adresse = connecte(dpd), reverse("pilotage:questions", args=[structure.siren])
    client.get(adresse)
    with django_assert_num_queries(7):
        assert client.get(adresse).status_code == 200


def test_une_fiche_retiree_ne_compte_plus(
    connecte, dpd, structure, collectivite, fiche, referent, maintenant
):
    version = fiche(collectivite, "brouillon")
    actions.retirer_brouillon(version=version, auteur=referent, maintenant=maintenant)
    page = connecte(dpd).get(reverse("pilotage:structure", args=[structure.siren])).content.decode()
    liste = reverse("pilotage:portefeuille", args=[structure.siren])
    assert liens_chiffres(page)[f"{liste}?registre=ouvert"] == 0
    assert VersionTraitement.objects.filter(traitement=version.traitement_id).exists()


def test_les_phrases_taisent_les_zeros():
    assert phrases({}) == []
    assert phrases({"avis": 0, "reponse": 2}) == [(REPONSE, "2\u00a0questions ouvertes")]


def test_chaque_compte_de_l_en_tete_est_celui_de_son_filtre(portefeuille_varie, collectivite, maintenant):
    jour, toutes = maintenant.date(), fiches_courantes(collectivite)
    comptes = compter(toutes, jour)
    etats = [etat for etat in FILTRES_ETAT if etat != "abrogee"]
    assert {e: comptes[e] for e in etats} == {e: filtrer(toutes, {"etat": e}, jour).count() for e in etats}
    assert comptes["total"] == sum(comptes[e] for e in etats) == filtrer(toutes, {}, jour).count() == 6
    assert {etat for etat in etats if comptes[etat]} >= {"avis_attendu", "adoption_attendue", "a_relire"}
