"""La bibliothèque du DPD : ce que valent les modèles, qui les suit, comment la structure les adapte."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from dpd.regles.typographie import INSECABLE
from registre.actions_modeles import adapter, preparer_version, publier
from registre.enums import EtatModele
from registre.modeles_suivis import suivis
from registre.models import ModeleTraitement, VersionModele
from registre.views import bibliotheque
from tests.conftest import creer_personne
from tests.registre.fabriques_modeles import adapter_pour, charger_essai, formulaire, page_de, relire, suivre
from tests.volume import collectivites_de, registres_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def modeles(maintenant):
    return charger_essai(maintenant)


@pytest.fixture
def adresse(structure):
    return reverse("registre:bibliotheque", args=[structure.siren])


@pytest.fixture
def propre(structure, modeles, dpd, maintenant):
    """La cantine, adaptée et publiée par la structure."""
    return adapter_pour(structure, modeles["cantine"], dpd, maintenant)


GESTES = ["modele_adapter", "modele_version", "modele_publier", "modele_retirer"]
PAGES = ["modele_structure", "modele_modifier", *GESTES]


# --- Qui entre -------------------------------------------------------------------------------------


@pytest.mark.parametrize("personne", ["gestionnaire", "agent"])
def test_seul_le_dpd_ouvre_la_bibliotheque(request, connecte, structure, propre, adresse, personne):
    client = connecte(request.getfixturevalue(personne))
    assert client.get(adresse).status_code == 403
    for nom in PAGES:
        assert client.post(page_de(nom, structure, propre.modele)).status_code in (403, 405)
    assert client.get(page_de("modele_structure", structure, propre.modele)).status_code == 403


@pytest.mark.parametrize("personne", ["etranger", "referent"])
def test_qui_n_a_pas_de_role_dans_la_structure_recoit_404(
    request, connecte, structure, propre, adresse, personne
):
    client = connecte(request.getfixturevalue(personne))
    assert client.get(adresse).status_code == 404
    for nom in ("modele_structure", "modele_modifier"):
        assert client.get(page_de(nom, structure, propre.modele)).status_code == 404
    for nom in GESTES:
        assert client.post(page_de(nom, structure, propre.modele)).status_code == 404
    assert VersionModele.objects.get(pk=propre.pk).est_courante


def test_le_modele_d_une_autre_structure_est_invisible_partout(connecte, autre_structure, structure, propre):
    voisin = creer_personne("dpd@allier.example", "Aline", "Voisin", Role.DPD, autre_structure)
    client = connecte(voisin)
    for nom in ("modele_structure", "modele_modifier"):
        assert client.get(page_de(nom, autre_structure, propre.modele)).status_code == 404
    for nom in GESTES:
        assert client.post(page_de(nom, autre_structure, propre.modele)).status_code == 404
    page = client.get(reverse("registre:bibliotheque", args=[autre_structure.siren]))
    assert "De votre structure" not in page.text


@pytest.mark.parametrize("nom", GESTES)
def test_aucun_geste_ne_se_fait_par_un_lien(connecte, dpd, structure, propre, nom):
    assert connecte(dpd).get(page_de(nom, structure, propre.modele)).status_code == 405


# --- La liste --------------------------------------------------------------------------------------


def noms(page):
    return [ligne["entree"].version.nom for ligne in page.context["lignes"]]


def test_le_dpd_voit_ce_que_valent_les_modeles(connecte, dpd, modeles, adresse):
    page = connecte(dpd).get(adresse)
    assert noms(page) == ["Cantine de l’école", "Paie"]
    assert f"K{INSECABLE}: connaissance, texte non relu" in page.text
    assert "2 cellules à déterminer" in page.text
    assert "Modèles de départ, jamais des fiches validées." in page.text


@pytest.mark.parametrize(
    ("filtre", "attendus"),
    [
        ({"mot": "ÉCOLE"}, ["Cantine de l’école"]),
        ({"domaine": "Enfance"}, ["Cantine de l’école"]),
        ({"entite": "ccas"}, ["Cantine de l’école"]),
        ({"entite": "commune"}, ["Cantine de l’école", "Paie"]),
        ({"preuve": "K"}, ["Cantine de l’école", "Paie"]),
        ({"preuve": "V1"}, []),
        ({"preuve": "inventée"}, ["Cantine de l’école", "Paie"]),
    ],
)
def test_la_bibliotheque_se_filtre(connecte, dpd, modeles, adresse, filtre, attendus):
    assert noms(connecte(dpd).get(adresse, filtre)) == attendus


def test_une_bibliotheque_vide_dit_comment_la_charger(connecte, dpd, adresse):
    page = connecte(dpd).get(adresse).text
    assert "charger_modeles" in page


def test_le_portefeuille_dit_qui_est_reste_a_une_version_ancienne(
    connecte, dpd, structure, propre, collectivite, voisine, lointaine, adresse, maintenant
):
    suivre(collectivite, propre, maintenant)
    suivre(collectivite, propre, maintenant, reference=2)  # deux fiches, une collectivité
    suivre(voisine, propre, maintenant)
    suivre(lointaine, propre, maintenant)  # une autre structure ne compte pas
    suite = preparer_version(modele=propre.modele, auteur=dpd, maintenant=maintenant)
    suite.note_de_version = "Durée revue"
    suite.save()
    publier(version=suite, auteur=dpd, maintenant=maintenant)
    suivre(voisine, suite, maintenant, reference=2)
    suivi = suivis(structure)[propre.modele_id]
    assert (suivi.total, suivi.par_version) == (2, {1: 2, 2: 1})
    page = connecte(dpd).get(adresse).text
    assert "2 collectivités en sont restées à la version 1" in page


def test_une_fiche_retiree_ne_suit_plus_de_modele(structure, propre, collectivite, maintenant):
    fiche = suivre(collectivite, propre, maintenant)
    fiche.retire_le = maintenant
    fiche.save()
    assert suivis(structure) == {}


def test_le_cout_de_la_bibliotheque_ne_depend_pas_du_portefeuille(
    connecte, dpd, structure, modeles, adresse, maintenant
):
    client, trace = connecte(dpd), {"auteur": dpd, "maintenant": maintenant, "raison": "Essai"}
    client.get(adresse)
    couts = []
    for rangs in (range(10), range(10, 200)):
        registres_de(collectivites_de(structure, rangs, **trace), fiches=1, modele=modeles["paie"], **trace)
        with CaptureQueriesContext(connection) as requetes:
            page = client.get(adresse)
        assert [ligne["entree"].suivi.total for ligne in page.context["lignes"]] == [0, rangs.stop]
        couts.append(len(requetes))
    assert couts == [9, 9]


# --- Le détail et l’adaptation ---------------------------------------------------------------------


def test_le_detail_d_un_modele_commun_propose_de_l_adapter(connecte, dpd, structure, modeles):
    page = connecte(dpd).get(page_de("modele_structure", structure, modeles["cantine"].modele)).text
    for texte in (
        "Adapter pour ma structure",
        "Sources et preuves",
        "Compilation d’archives",
        "Ni durée ni sort final établis",
        "Bibliothèque, édition du samedi",
    ):
        assert texte in page


def test_adapter_copie_le_modele_sans_toucher_au_commun(connecte, dpd, structure, modeles):
    commun = modeles["cantine"]
    reponse = connecte(dpd).post(page_de("modele_adapter", structure, commun.modele))
    copie = VersionModele.objects.get(modele__structure=structure)
    assert reponse.url == page_de("modele_modifier", structure, copie.modele)
    assert (copie.numero, copie.etat, copie.est_courante) == (1, EtatModele.BROUILLON, False)
    assert (copie.contenu, copie.durees, copie.sources) == (commun.contenu, commun.durees, commun.sources)
    assert (copie.modele.code, copie.modele.entites) == ("cantine", "|commune|ccas|")
    assert copie.history.get().history_user == dpd
    assert VersionModele.objects.get(pk=commun.pk).est_courante


def test_on_n_adapte_pas_deux_fois(connecte, dpd, structure, modeles, propre):
    client = connecte(dpd)
    page = client.post(page_de("modele_adapter", structure, modeles["cantine"].modele), follow=True)
    assert "Votre structure a déjà sa version de ce modèle." in page.text
    assert "Adapter pour ma structure" not in page.text
    assert ModeleTraitement.objects.filter(structure=structure).count() == 1
    page = client.post(page_de("modele_adapter", structure, propre.modele), follow=True)
    assert "déjà propre à une structure" in page.text


@pytest.fixture
def brouillon(structure, modeles, dpd, maintenant):
    return adapter(version=modeles["cantine"], structure=structure, auteur=dpd, maintenant=maintenant)


@pytest.fixture
def modifier(connecte, dpd, structure, brouillon):
    def envoyer(**changes):
        return connecte(dpd).post(
            page_de("modele_modifier", structure, brouillon.modele), formulaire(brouillon, **changes)
        )

    return envoyer


def test_la_page_de_modification_montre_ce_qui_est_enregistre(connecte, dpd, structure, brouillon):
    page = connecte(dpd).get(page_de("modele_modifier", structure, brouillon.modele)).text
    assert 'value="Fiches d’inscription"' in page
    assert "Allergies" in page
    assert page.count("Nouvelle durée") == 2


def test_enregistrer_sans_rien_changer_garde_les_preuves(modifier, brouillon):
    assert modifier().status_code == 302
    assert relire(brouillon).durees == brouillon.durees


def test_le_dpd_retouche_nom_precautions_et_durees(modifier, brouillon, dpd):
    reponse = modifier(
        nom="Cantine et garderie",
        description="Les repas et l’accueil du soir.",
        vigilance="Première précaution\n\n  Seconde précaution ",
        note_de_version="Durée des menus",
        **{"duree-2-nombre": "2", "duree-2-unite": "annee", "duree-2-reference": "Délibération du centre"},
    )
    assert reponse.status_code == 302
    version = relire(brouillon)
    assert (version.nom, version.contenu["nom"]) == ("Cantine et garderie", "Cantine et garderie")
    assert version.contenu["description"] == "Les repas et l’accueil du soir."
    assert version.vigilance == ["Première précaution", "Seconde précaution"]
    assert version.durees[0] == brouillon.durees[0]
    assert version.durees[1]["duree"] == {"nombre": 2, "unite": "annee"}
    assert version.durees[1]["statut_duree"] == "K"
    assert version.history.first().history_user == dpd


def test_une_duree_retouchee_perd_ses_sources(modifier, brouillon):
    modifier(**{"duree-1-nombre": "10"})
    ligne = relire(brouillon).durees[0]
    assert (ligne["statut_duree"], ligne["sources"], ligne["corroboration"]) == ("K", [], "")
    assert ligne["statut_sort_final"] == "V2"  # le sort final, lui, n’a pas bougé


def test_un_sort_final_efface_n_a_plus_de_preuve(modifier, brouillon):
    modifier(**{"duree-1-sort_final": ""})
    ligne = relire(brouillon).durees[0]
    assert (ligne["sort_final"], ligne["statut_sort_final"], ligne["statut_duree"]) == ("", "", "V2")


def test_une_duree_entierement_effacee_redevient_a_determiner(modifier, brouillon):
    vides = ("nombre", "unite", "point_de_depart", "base_active", "intermediaire")
    modifier(**{f"duree-1-{cle}": "" for cle in vides})
    ligne = relire(brouillon).durees[0]
    assert (ligne["duree"], ligne["statut_duree"]) == (None, "")


def test_ajouter_et_retirer_une_duree(modifier, brouillon):
    modifier(
        **{
            "duree-1-retirer": "on",
            "duree-3-objet": "Registre des présences",
            "duree-3-unite": "permanente",
            "duree-3-sort_final": "C",
        }
    )
    durees = relire(brouillon).durees
    assert [d["objet"] for d in durees] == ["Menus", "Registre des présences"]
    assert durees[1]["duree"] == {"nombre": None, "unite": "permanente"}
    assert (durees[1]["statut_duree"], durees[1]["statut_sort_final"]) == ("K", "K")


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"nom": ""}, "champ"),
        ({"duree-1-nombre": "beaucoup"}, "Indiquez un nombre, par exemple 5"),
        ({"duree-1-nombre": ""}, "Indiquez un nombre, ou videz l’unité."),
        ({"duree-1-unite": ""}, "Choisissez jours, mois ou ans."),
        ({"duree-1-unite": "permanente"}, "Sans limite ne va pas avec un nombre."),
        ({"duree-1-unite": "siècle"}, "siècle"),
        ({"duree-1-objet": ""}, "Complétez cette ligne"),
        ({"description": "Enfant 1 85 05 78 006 084 91"}, "numéro de sécurité sociale"),
    ],
)
def test_une_saisie_fausse_est_dite_a_sa_place_et_n_ecrit_rien(modifier, brouillon, changes, phrase):
    page = modifier(note_de_version="Gardé à l’écran", **changes)
    assert page.status_code == 200
    assert phrase in page.text
    en_haut = "1 durée à reprendre" in page.text
    assert en_haut == any(cle.startswith("duree-") for cle in changes), "une erreur plus bas se dit en haut"
    assert "Gardé à l’écran" in page.text
    assert relire(brouillon).note_de_version == ""


def test_un_brouillon_publie_entre_temps_garde_la_saisie_et_dit_pourquoi(
    modifier, brouillon, dpd, structure, modeles, connecte, maintenant
):
    publier(version=relire(brouillon), auteur=dpd, maintenant=maintenant)
    page = modifier(note_de_version="Gardé à l’écran")
    assert page.status_code == 200
    assert "Une version publiée ne change plus" in page.text
    assert "Gardé à l’écran" in page.text
    assert relire(brouillon).note_de_version == ""
    commun = page_de("modele_modifier", structure, modeles["paie"].modele)
    assert connecte(dpd).post(commun, formulaire(brouillon)).status_code == 404


def test_publie_pendant_qu_on_l_enregistre_il_se_refuse_aussi(
    modifier, brouillon, dpd, maintenant, monkeypatch
):
    """L’autre processus publie après que la page a lu le brouillon, avant que l’action ne le verrouille."""
    enregistrer = bibliotheque.actions.enregistrer_brouillon

    def apres_l_autre(**dits):
        publier(version=relire(brouillon), auteur=dpd, maintenant=maintenant)
        return enregistrer(**dits)

    monkeypatch.setattr(bibliotheque.actions, "enregistrer_brouillon", apres_l_autre)
    assert "Une version publiée ne change plus" in modifier(note_de_version="Autre").text


def test_seul_un_brouillon_de_structure_se_modifie(connecte, dpd, structure, modeles, propre):
    client = connecte(dpd)
    assert client.get(page_de("modele_modifier", structure, propre.modele)).status_code == 404
    assert client.get(page_de("modele_modifier", structure, modeles["paie"].modele)).status_code == 404


def test_le_dpd_d_une_autre_structure_travaille_de_son_cote(
    connecte, dpd, structure, autre_structure, modeles, propre
):
    accorder(dpd, Role.DPD, autre_structure)
    connecte(dpd).post(page_de("modele_adapter", autre_structure, modeles["cantine"].modele))
    assert ModeleTraitement.objects.filter(code="cantine").count() == 3
