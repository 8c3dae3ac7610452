"""Choisir des modèles pour sa collectivité : la bonne personne, la collègue, l’étrangère."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.enums import TypeCollectivite
from dpd.regles.typographie import INSECABLE
from registre.actions import creer_depuis_modeles
from registre.actions_modeles import adapter, preparer_version, retirer
from registre.models import ModeleTraitement, Traitement, VersionModele, VersionTraitement
from tests.conftest import creer_collectivite
from tests.registre.fabriques_modeles import adapter_pour, charger_essai

pytestmark = pytest.mark.django_db


@pytest.fixture
def modeles(maintenant):
    return charger_essai(maintenant)


@pytest.fixture
def adresse(collectivite):
    return reverse("registre:modeles", args=[collectivite.siren])


@pytest.fixture
def etrangere(autre_structure, modeles, etranger, maintenant):
    """Un modèle publié par une autre structure."""
    return adapter_pour(autre_structure, modeles["paie"], etranger, maintenant, nom="Paie de l’Allier")


def cocher(client, adresse, *versions, **plus):
    return client.post(adresse, {"versions": [v.pk for v in versions], **plus})


# --- Qui entre -------------------------------------------------------------------------------------


def test_la_referente_choisit_ses_modeles(connecte, referent, modeles, adresse):
    page = connecte(referent).get(adresse)
    assert page.status_code == 200
    assert "Cantine de l’école" in page.text
    assert "Inscrire les enfants" in page.text


@pytest.mark.parametrize("personne", ["decideur", "lecteur", "gestionnaire", "agent"])
def test_qui_ne_tient_pas_le_registre_recoit_403(request, connecte, modeles, adresse, personne):
    client = connecte(request.getfixturevalue(personne))
    assert client.get(adresse).status_code == 403
    assert client.post(adresse, {"versions": [modeles["paie"].pk]}).status_code == 403
    assert not Traitement.objects.exists()


def test_l_etranger_recoit_404(connecte, etranger, modeles, adresse, collectivite):
    client = connecte(etranger)
    assert client.get(adresse).status_code == 404
    assert cocher(client, adresse, modeles["paie"]).status_code == 404
    detail = reverse("registre:modele", args=[collectivite.siren, modeles["paie"].pk])
    assert client.get(detail).status_code == 404
    assert not Traitement.objects.exists()


def test_l_anonyme_est_invite_a_se_connecter(client, modeles, adresse):
    assert client.get(adresse).status_code == 302


# --- Choisir ---------------------------------------------------------------------------------------


def test_un_seul_modele_mene_a_la_premiere_etape(connecte, referent, modeles, adresse, collectivite):
    reponse = cocher(connecte(referent), adresse, modeles["cantine"])
    version = VersionTraitement.objects.get(collectivite=collectivite)
    assert reponse.url == reverse(
        "registre:etape", args=[collectivite.siren, version.traitement.reference, 1]
    )
    assert version.traitement.modele == modeles["cantine"]
    assert version.modifie_par == referent
    assert version.nom == "Cantine de l’école"
    assert version.contenu["finalites"][0]["libelle"] == "Inscrire les enfants"
    assert "f" in version.manquantes  # aucune durée n’est recopiée
    assert "g" in version.manquantes  # aucune mesure n’est cochée d’avance


def test_plusieurs_modeles_menent_a_la_liste_avec_un_compte(
    connecte, referent, modeles, adresse, collectivite
):
    client = connecte(referent)
    reponse = cocher(client, adresse, *modeles.values())
    assert reponse.url == reverse("registre:liste", args=[collectivite.siren])
    assert VersionTraitement.objects.filter(collectivite=collectivite).count() == 2
    messages = [str(m) for m in client.get(adresse).context["messages"]]
    assert messages == [f"2{INSECABLE}brouillons créés."]


def test_le_meme_modele_coche_deux_fois_ne_fait_qu_un_brouillon(connecte, referent, modeles, adresse):
    cocher(connecte(referent), adresse, modeles["paie"], modeles["paie"])
    assert Traitement.objects.count() == 1


def test_rien_de_coche_est_dit_sans_rien_creer(connecte, referent, modeles, adresse):
    page = connecte(referent).post(adresse, {})
    assert page.status_code == 200
    assert "Cochez au moins un modèle." in page.text
    assert not Traitement.objects.exists()


def test_un_modele_etranger_glisse_dans_le_formulaire_est_refuse(
    connecte, referent, modeles, etrangere, adresse
):
    page = cocher(connecte(referent), adresse, modeles["cantine"], etrangere)
    assert "n’est pas proposé à votre collectivité" in page.text
    assert "Paie de l’Allier" not in page.text
    assert not Traitement.objects.exists()
    # Ce qui était coché le reste.
    assert f'value="{modeles["cantine"].pk}" id="m-{modeles["cantine"].pk}"' in page.text
    assert page.text.count(" checked") == 1


@pytest.mark.parametrize("valeur", ["abc", "-1", "999999", "1 OR 1=1"])
def test_une_valeur_forgee_est_refusee(connecte, referent, modeles, adresse, valeur):
    page = connecte(referent).post(adresse, {"versions": [valeur]})
    assert page.status_code == 200
    assert "n’est pas proposé" in page.text
    assert not Traitement.objects.exists()


def test_une_version_depassee_ou_en_brouillon_ne_se_choisit_pas(
    connecte, referent, dpd, structure, modeles, adresse, maintenant
):
    brouillon = adapter(version=modeles["paie"], structure=structure, auteur=dpd, maintenant=maintenant)
    page = cocher(connecte(referent), adresse, brouillon)
    assert "n’est pas proposé" in page.text
    assert not Traitement.objects.exists()


# --- Trier -----------------------------------------------------------------------------------------


@pytest.fixture
def ccas(structure):
    return creer_collectivite(structure, "Montpezat", "268201317", type=TypeCollectivite.CCAS)


def noms(page):
    return [carte["version"].nom for _, cartes in page.context["domaines"] for carte in cartes]


def test_les_modeles_du_type_d_organisme_viennent_d_abord(connecte, dpd, modeles, ccas):
    client, adresse = connecte(dpd), reverse("registre:modeles", args=[ccas.siren])
    assert noms(client.get(adresse)) == ["Cantine de l’école"]
    assert noms(client.get(adresse, {"tous": "on"})) == ["Cantine de l’école", "Paie"]


def test_un_organisme_sans_modele_propre_les_voit_tous(connecte, dpd, modeles, structure):
    caisse = creer_collectivite(structure, "École", "268201325", type=TypeCollectivite.CAISSE_ECOLES)
    page = connecte(dpd).get(reverse("registre:modeles", args=[caisse.siren]))
    assert noms(page) == ["Cantine de l’école", "Paie"]
    assert "Aucun modèle n’est propre à votre type d’organisme" in page.text


@pytest.mark.parametrize(
    ("mot", "attendus"),
    [
        ("ECOLE", ["Cantine de l’école"]),
        ("remuneration", ["Paie"]),
        ("menus ecole", ["Cantine de l’école"]),
        ("allergies", ["Cantine de l’école"]),
        ("ressources humaines", ["Paie"]),
        ("fiches d’inscription", ["Cantine de l’école"]),
        ("CGFP", ["Paie"]),
        ("zzz", []),
    ],
)
def test_la_recherche_ignore_accents_et_casse(connecte, referent, modeles, adresse, mot, attendus):
    assert noms(connecte(referent).get(adresse, {"mot": mot})) == attendus


def test_le_domaine_trie(connecte, referent, modeles, adresse):
    assert noms(connecte(referent).get(adresse, {"domaine": "Enfance"})) == ["Cantine de l’école"]


def test_un_domaine_inconnu_est_ignore(connecte, referent, modeles, adresse):
    page = connecte(referent).get(adresse, {"domaine": "Inventé"})
    assert page.status_code == 200
    assert noms(page) == ["Cantine de l’école", "Paie"]


def test_filtrer_garde_les_modeles_deja_coches(connecte, referent, modeles, adresse):
    page = cocher(connecte(referent), adresse, modeles["paie"], filtrer="1", mot="cantine")
    assert noms(page) == ["Cantine de l’école", "Paie"]
    assert page.text.count(" checked") == 1
    assert not Traitement.objects.exists()


def test_une_recherche_vaine_apprend_quoi_faire(connecte, referent, modeles, adresse):
    page = connecte(referent).get(adresse, {"mot": "zzz"})
    assert "Aucun modèle pour «" in page.text
    assert reverse("registre:nouvelle", args=["218201317"]) in page.text


def test_sans_bibliotheque_la_page_dit_quoi_faire(connecte, referent, adresse):
    page = connecte(referent).get(adresse)
    assert "Aucun modèle n’est encore publié" in page.text


# --- Ce qui est déjà fait, ce que le DPD adapte ----------------------------------------------------


def test_un_modele_deja_dans_le_registre_est_signale(connecte, referent, modeles, adresse, collectivite):
    client = connecte(referent)
    cocher(client, adresse, modeles["paie"])
    page = client.get(adresse)
    assert page.text.count("Déjà dans votre registre") == 1
    assert reverse("registre:fiche", args=[collectivite.siren, 1]) in page.text


def test_le_registre_du_voisin_ne_compte_pas(connecte, referent, modeles, adresse, voisine, maintenant):
    creer_depuis_modeles(
        collectivite=voisine, versions=[modeles["paie"]], auteur=referent, maintenant=maintenant
    )
    assert "Déjà dans votre registre" not in connecte(referent).get(adresse).text


def test_le_modele_adapte_par_le_dpd_remplace_le_modele_commun(
    connecte, referent, dpd, structure, modeles, adresse, maintenant
):
    adapte = adapter_pour(structure, modeles["paie"], dpd, maintenant, nom="Paie à façon")
    client = connecte(referent)
    page = client.get(adresse)
    assert noms(page) == ["Cantine de l’école", "Paie à façon"]
    assert "Adapté par votre DPD" in page.text
    assert "n’est pas proposé" in cocher(client, adresse, modeles["paie"]).text
    retirer(version=adapte, auteur=dpd, maintenant=maintenant)
    assert noms(client.get(adresse)) == ["Cantine de l’école", "Paie"]


def test_le_modele_d_une_autre_structure_ne_se_voit_nulle_part(
    connecte, referent, modeles, etrangere, adresse, collectivite
):
    client = connecte(referent)
    assert "Paie de l’Allier" not in client.get(adresse, {"tous": "on"}).text
    detail = reverse("registre:modele", args=[collectivite.siren, etrangere.pk])
    assert client.get(detail).status_code == 404


# --- Le détail -------------------------------------------------------------------------------------


def detail(collectivite, version):
    return reverse("registre:modele", args=[collectivite.siren, version.pk])


def test_le_detail_montre_tout_et_avoue_ce_qui_manque(connecte, referent, modeles, collectivite):
    page = connecte(referent).get(detail(collectivite, modeles["cantine"])).text
    for texte in (
        "Inscrire les enfants",
        "Mission d’intérêt public",
        "Accord explicite de la personne",
        "Fiches d’inscription",
        f"5{INSECABLE}ans",
        "Élimination, avec visa des Archives",
        "À déterminer",
        "en fiche séparée",
        "Portail famille et paiement",
        "Charte informatique",
        "Proposition du modèle",
        "Classe de l’enfant",
    ):
        assert texte in page


def test_les_preuves_ne_sont_montrees_qu_au_dpd(connecte, referent, dpd, modeles, collectivite):
    adresse = detail(collectivite, modeles["cantine"])
    preuves = ("Sources et preuves", "Compilation d’archives", "Une seule source", "K\u00a0: connaissance")
    page = connecte(referent).get(adresse).text
    assert not any(texte in page for texte in preuves)
    page = connecte(dpd).get(adresse).text
    assert all(texte in page for texte in preuves)
    assert 'href="https://exemple.example/code"' in page


def test_du_detail_on_cree_le_brouillon(connecte, referent, modeles, collectivite, adresse):
    page = connecte(referent).get(detail(collectivite, modeles["paie"])).text
    assert f'name="versions" value="{modeles["paie"].pk}"' in page
    assert f'action="{adresse}"' in page


def test_une_version_depassee_se_lit_encore_sans_se_proposer(
    connecte, referent, dpd, structure, collectivite, modeles, maintenant
):
    premiere = adapter_pour(structure, modeles["paie"], dpd, maintenant)
    retirer(version=premiere, auteur=dpd, maintenant=maintenant)
    page = connecte(referent).get(detail(collectivite, premiere)).text
    assert "n’est plus proposée" in page
    assert 'name="versions"' not in page


def test_un_brouillon_de_modele_ne_se_lit_pas(
    connecte, referent, dpd, structure, collectivite, modeles, maintenant
):
    publie = adapter_pour(structure, modeles["paie"], dpd, maintenant)
    brouillon = preparer_version(modele=publie.modele, auteur=dpd, maintenant=maintenant)
    assert connecte(referent).get(detail(collectivite, brouillon)).status_code == 404


# --- Coût ------------------------------------------------------------------------------------------


def multiplier(source, rangs):
    """Des modèles communs de plus, publiés, au même contenu."""
    modeles = ModeleTraitement.objects.bulk_create(
        ModeleTraitement(code=f"modele-{r}", domaine=source.modele.domaine, entites=source.modele.entites)
        for r in rangs
    )
    VersionModele.objects.bulk_create(
        VersionModele(
            modele=modele,
            numero=1,
            etat="publie",
            est_courante=True,
            nom=f"Modèle {modele.code}",
            contenu=source.contenu,
            durees=source.durees,
            sources=source.sources,
        )
        for modele in modeles
    )


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_modeles(connecte, referent, modeles, adresse):
    client, couts = connecte(referent), []
    client.get(adresse)
    for rangs in (range(2, 10), range(10, 200)):
        multiplier(modeles["paie"], rangs)
        with CaptureQueriesContext(connection) as requetes:
            assert len(noms(client.get(adresse))) == rangs.stop
        couts.append(len(requetes))
    assert couts[0] == couts[1] <= 14
