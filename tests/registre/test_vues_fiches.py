"""Lire le registre : la bonne personne, la collègue, l’étranger."""

import pytest
from django.urls import reverse

from registre import actions
from registre.regles.contenu import Fiche

pytestmark = pytest.mark.django_db


def adresse(nom, collectivite, *args):
    return reverse(f"registre:{nom}", args=[collectivite.siren, *args])


@pytest.fixture
def vingt(collectivite, referent, maintenant):
    def _creer(nombre):
        return actions.creer_fiches(
            collectivite=collectivite,
            fiches=[(Fiche(nom=f"Fichier {i:03}", service=f"Service {i % 3}"), None) for i in range(nombre)],
            auteur=referent,
            maintenant=maintenant,
            raison="Import",
        )

    return _creer


@pytest.mark.parametrize("qui", ["referent", "decideur", "lecteur", "dpd"])
def test_la_liste_s_ouvre_a_qui_lit_le_registre(qui, request, connecte, complete, collectivite):
    reponse = connecte(request.getfixturevalue(qui)).get(adresse("liste", collectivite))
    assert reponse.status_code == 200
    assert "Cantine et garderie" in reponse.content.decode()


@pytest.mark.parametrize(("qui", "statut"), [("gestionnaire", 403), ("agent", 403), ("etranger", 404)])
@pytest.mark.parametrize("page", ["liste", "fiche", "historique"])
def test_les_autres_ne_voient_rien(qui, statut, page, request, connecte, complete, collectivite):
    args = [] if page == "liste" else [1]
    reponse = connecte(request.getfixturevalue(qui)).get(adresse(page, collectivite, *args))
    assert reponse.status_code == statut
    assert "Cantine" not in reponse.content.decode()


def test_l_anonyme_est_renvoye_a_la_connexion(client, complete, collectivite):
    reponse = client.get(adresse("liste", collectivite))
    assert reponse.status_code == 302
    assert reverse("account_login") in reponse.url


def test_la_fiche_d_une_autre_collectivite_n_existe_pas_ici(connecte, dpd, complete, voisine):
    assert connecte(dpd).get(adresse("fiche", voisine, 1)).status_code == 404


def test_le_registre_vide_apprend_quoi_faire(connecte, referent, collectivite):
    page = connecte(referent).get(adresse("liste", collectivite)).content.decode()
    assert "Votre registre est vide" in page
    assert adresse("modeles", collectivite) in page


@pytest.mark.parametrize("nombre", [10, 200])
def test_la_liste_coute_dix_requetes_au_plus(
    nombre, vingt, connecte, referent, collectivite, django_assert_max_num_queries
):
    vingt(nombre)
    client = connecte(referent)
    client.get(adresse("liste", collectivite))
    with django_assert_max_num_queries(10):
        client.get(adresse("liste", collectivite))


def test_la_fiche_coute_un_nombre_borne_de_requetes(
    connecte, referent, adoptee, collectivite, django_assert_max_num_queries
):
    client = connecte(referent)
    client.get(adresse("fiche", collectivite, 1))  # la session s’écrit à la première page, puis rarement
    with django_assert_max_num_queries(12):
        assert client.get(adresse("fiche", collectivite, 1)).status_code == 200


def test_la_recherche_ignore_accents_et_casse(connecte, referent, collectivite, maintenant, complete):
    actions.creer(collectivite=collectivite, nom="État civil", auteur=referent, maintenant=maintenant)
    page = connecte(referent).get(adresse("liste", collectivite), {"q": "ETAT CIVIL"}).content.decode()
    assert "État civil" in page
    assert "Cantine et garderie" not in page


@pytest.mark.parametrize(
    ("filtre", "attendues"),
    [
        ({"etat": "a_transmettre"}, {"Cantine et garderie"}),
        ({"etat": "brouillon"}, {"Paie"}),
        ({"part": "sensible"}, {"Cantine et garderie"}),
        ({"service": "Écoles"}, {"Cantine et garderie"}),
        ({"etat": "inconnu", "part": "inconnue", "tri": "n’importe quoi"}, {"Cantine et garderie", "Paie"}),
        ({"tri": "-nom"}, {"Cantine et garderie", "Paie"}),
        ({"q": "zzz"}, set()),
    ],
)
def test_les_filtres(filtre, attendues, connecte, referent, collectivite, maintenant, complete):
    actions.creer(collectivite=collectivite, nom="Paie", auteur=referent, maintenant=maintenant)
    page = connecte(referent).get(adresse("liste", collectivite), filtre, headers={"HX-Request": "true"})
    trouvees = {nom for nom in ("Cantine et garderie", "Paie") if f">{nom}</a>" in page.content.decode()}
    assert trouvees == attendues
    assert b"<html" not in page.content


def test_une_fiche_adoptee_incomplete_le_dit_dans_la_liste(
    connecte, referent, decideur, brouillon, collectivite, maintenant
):
    version = actions.transmettre(version=brouillon, auteur=referent, maintenant=maintenant)
    actions.adopter(version=version, auteur=decideur, maintenant=maintenant, motif="Contrôle demain")
    page = connecte(referent).get(adresse("liste", collectivite)).content.decode()
    etat = page[page.index("Adoptée</span>") :]
    assert 'class="etat etat--attention"' in etat
    assert "#i-circle-half" in etat
    assert "Incomplète</span>" in etat
    assert "6 éléments à remplir" in etat


def test_une_fiche_adoptee_complete_ne_dit_rien_de_plus(connecte, referent, adoptee, collectivite):
    page = connecte(referent).get(adresse("liste", collectivite)).content.decode()
    assert "Adoptée</span>" in page
    assert "Incomplète" not in page


def cochees(page):
    return page.content.decode().count(" checked ")


def test_tout_cocher_se_fait_sans_javascript_et_page_par_page(vingt, connecte, referent, collectivite):
    vingt(30)
    client, liste = connecte(referent), adresse("liste", collectivite)
    page = client.get(liste, {"tri": "nom"})
    assert cochees(page) == 0
    assert 'href="?tri=nom&amp;page=1&amp;cocher=1#agir"' in page.content.decode()
    page = client.get(liste, {"tri": "nom", "cocher": "1"})
    assert cochees(page) == 20
    assert "Tout décocher" in page.content.decode()
    assert 'href="?tri=nom&amp;page=1#agir"' in page.content.decode()
    assert cochees(client.get(liste, {"page": "2", "cocher": "1"})) == 0  # la page suivante reste à choisir
    assert cochees(client.get(liste, {"page": "2", "cocher": "2"})) == 10


def test_trier_oublie_ce_qui_etait_coche(vingt, connecte, referent, collectivite):
    vingt(3)
    page = connecte(referent).get(adresse("liste", collectivite), {"cocher": "1", "rien": "1"})
    assert 'class="tri" href="?tri=-nom"' in page.content.decode()


def test_la_fiche_adoptee_montre_avis_et_decision_separes(connecte, lecteur, adoptee, collectivite):
    page = connecte(lecteur).get(adresse("fiche", collectivite, 1)).content.decode()
    assert "Le DPD conseille" in page
    assert "Le responsable de traitement décide" in page
    assert "Version 1 adoptée, avis suivi." in page
    assert "validé" not in page.lower()


def test_l_historique_dit_qui_quand_avant_apres(connecte, lecteur, complete, collectivite):
    page = connecte(lecteur).get(adresse("historique", collectivite, 1)).content.decode()
    assert "Sylvie Delmas" in page
    assert "Fiche créée" in page
    assert "Facturer les familles" in page


def test_une_version_passee_reste_lisible(connecte, referent, adoptee, collectivite, maintenant):
    actions.modifier(version=adoptee, auteur=referent, maintenant=maintenant)
    client = connecte(referent)
    reponse = client.get(adresse("version", collectivite, 1, 1))
    assert reponse.status_code == 200
    assert adoptee.empreinte in reponse.content.decode()
    assert client.get(adresse("version", collectivite, 1, 2)).status_code == 302
    assert client.get(adresse("version", collectivite, 1, 9)).status_code == 404


def test_ouvrir_une_fiche_mene_a_la_premiere_etape(connecte, referent, collectivite):
    client = connecte(referent)
    assert client.get(adresse("nouvelle", collectivite)).status_code == 200
    reponse = client.post(adresse("nouvelle", collectivite), {"nom": "Location de la salle"})
    assert reponse.url == adresse("etape", collectivite, 1, 1)


def test_une_fiche_sans_nom_ou_avec_un_nir_est_refusee(connecte, referent, collectivite):
    client = connecte(referent)
    for nom in ("", "Dossier de 2 55 08 14 168 025 38"):
        reponse = client.post(adresse("nouvelle", collectivite), {"nom": nom})
        assert reponse.status_code == 200
        assert "erreur" in reponse.content.decode()


def test_le_lecteur_ne_cree_pas(connecte, lecteur, collectivite):
    assert connecte(lecteur).post(adresse("nouvelle", collectivite), {"nom": "X"}).status_code == 403
