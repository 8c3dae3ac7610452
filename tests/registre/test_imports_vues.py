"""Importer : un aperçu où rien n’est écrit, une confirmation qui écrit tout ou rien."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dpd.comptes.models import JournalAcces
from registre.imports import apercu as apercus
from registre.models import MesureSecurite, Traitement, VersionTraitement
from registre.regles.contenu import en_dict
from tests.registre.regles.fiches import CANTINE

pytestmark = pytest.mark.django_db
DOSSIER = Path(__file__).parent.parent / "donnees" / "imports"
REQUETES_PAR_LIGNE = 0.1


@pytest.fixture(autouse=True)
def _cache_neuf(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def depot(collectivite):
    return reverse("registre:importer", args=[collectivite.siren])


@pytest.fixture
def confirmation(collectivite):
    return reverse("registre:importer_confirmer", args=[collectivite.siren])


@pytest.fixture
def deposer(connecte, referent, depot):
    """Dépose un fichier d’essai, ou un contenu sous un nom."""

    def _deposer(nom, contenu=None, personne=referent, adresse=depot):
        octets = (DOSSIER / nom).read_bytes() if contenu is None else contenu
        return connecte(personne).post(adresse, {"fichier": SimpleUploadedFile(nom, octets)})

    return _deposer


def cle_de(reponse) -> str:
    return reponse.context["confirmation"].initial["apercu"]


def json_de(*noms, siren="218201317") -> bytes:
    enregistrements = [{"contenu": en_dict(replace(CANTINE, nom=nom))} for nom in noms]
    return json.dumps({"document": {"siren": siren}, "enregistrements": enregistrements}).encode()


def noms() -> list[str]:
    return list(VersionTraitement.objects.order_by("traitement__reference").values_list("nom", flat=True))


def test_qui_peut_importer(
    connecte, client, depot, confirmation, lecteur, gestionnaire, etranger, referent, dpd
):
    assert client.get(depot).status_code == client.post(confirmation).status_code == 302
    assert connecte(referent).get(depot).status_code == 200
    assert connecte(dpd).get(depot).status_code == 200
    for personne, attendu in ((lecteur, 403), (gestionnaire, 403), (etranger, 404)):
        assert connecte(personne).get(depot).status_code == attendu
        assert connecte(personne).post(depot).status_code == attendu
        assert connecte(personne).post(confirmation, {"apercu": "x"}).status_code == attendu


@pytest.mark.parametrize("nom", ["bon.ods", "bon.xlsx", "bon.csv", "bon.json", "cnil_rempli_a_la_main.ods"])
def test_l_apercu_n_ecrit_rien_puis_la_confirmation_cree_les_brouillons(deposer, client, confirmation, nom):
    reponse = deposer(nom)
    assert reponse.status_code == 200
    assert "2 fiches dans ce fichier" in reponse.content.decode()
    assert not Traitement.objects.exists()
    fin = client.post(confirmation, {"apercu": cle_de(reponse)}, follow=True)
    assert "2\u00a0brouillons créés" in str(*fin.context["messages"])
    assert set(VersionTraitement.objects.values_list("etat", flat=True)) == {"brouillon"}
    assert len(noms()) == 2


def test_une_fiche_importee_est_celle_du_fichier_et_le_responsable_celui_du_compte(
    deposer, client, confirmation, collectivite, referent
):
    client.post(confirmation, {"apercu": cle_de(deposer("bon.ods"))})
    version = VersionTraitement.objects.get(nom=CANTINE.nom)
    attendu = en_dict(CANTINE)
    attendu["responsable"] = version.contenu["responsable"]
    assert version.contenu == attendu
    assert version.contenu["responsable"]["denomination"] == collectivite.denomination
    assert MesureSecurite.objects.filter(version=version).count() == len(CANTINE.mesures)
    historique = version.history.get()
    assert (historique.history_user, historique.history_change_reason) == (
        referent,
        "Fiche importée\u00a0: bon.ods",
    )
    ligne = JournalAcces.objects.get()
    assert (ligne.nature, ligne.detail) == ("import", "2\u00a0fiches du fichier bon.ods")


def test_une_mesure_sans_categorie_se_garde_et_se_montre(deposer, client, confirmation, collectivite):
    client.post(confirmation, {"apercu": cle_de(deposer("cnil_rempli_a_la_main.ods"))})
    fiche = client.get(reverse("registre:fiche", args=[collectivite.siren, 1]))
    assert "On ferme les volets" in fiche.content.decode()
    assert client.get(reverse("registre:etape", args=[collectivite.siren, 1, 6])).status_code == 200


@pytest.mark.parametrize(
    ("nom", "phrase"),
    [
        ("deux_bases.csv", "Deux bases légales pour une finalité"),
        ("duree_illisible.ods", "Durée illisible"),
        ("categorie_inconnue.ods", "Un dragon devant la porte"),
        ("numero_de_securite_sociale.csv", "numéro de sécurité sociale"),
        ("carte_bancaire.json", "numéro de carte bancaire"),
        ("trop_de_fiches.csv", "2\u202f000 au plus"),
        ("nom_manquant.csv", "Il manque le nom de la fiche"),
        ("vide.csv", "Ce fichier est vide"),
        ("illisible.ods", "tronqué ou abîmé"),
        ("faux.xlsx", "ce n’en est pas un"),
        ("sans_fiche.csv", "Aucune fiche n’est reconnue"),
        ("tronque.json", "n’est pas un JSON lisible"),
    ],
)
def test_un_fichier_fautif_dit_sa_faute_et_n_ecrit_rien(deposer, nom, phrase):
    reponse = deposer(nom)
    assert reponse.status_code == 422
    assert phrase in reponse.content.decode()
    assert reponse.templates[0].name == "registre/importer.html"
    assert not Traitement.objects.exists()


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [
        ("registre.pdf", b"%PDF", "Choisissez un fichier ODS, XLSX, CSV ou JSON."),
        ("registre.csv", b"x" * 20_000_001, "trop gros"),
    ],
)
def test_un_depot_impossible_est_refuse_sous_son_champ(deposer, nom, contenu, phrase):
    reponse = deposer(nom, contenu)
    assert reponse.status_code == 422
    assert phrase in reponse.context["formulaire"].errors["fichier"][0]


def test_sans_fichier_on_le_demande(connecte, referent, depot):
    reponse = connecte(referent).post(depot)
    assert reponse.context["formulaire"].errors["fichier"] == ["Choisissez un fichier."]


def test_les_doutes_se_montrent_sans_empecher(deposer):
    texte = deposer("cnil_rempli_a_la_main.ods").content.decode()
    assert "Elles n’empêchent pas l’import." in texte
    assert "«\u00a0Club du troisième âge\u00a0» est gardé dans la description" in texte


class TestDoublons:
    @pytest.fixture
    def apercu(self, deposer, brouillon):
        return deposer("r.json", json_de("CANTINE et Garderie", "Paie"))

    def test_ils_sont_signales(self, apercu):
        texte = apercu.content.decode()
        assert "1 fiche porte le nom d’une fiche déjà au registre" in texte
        assert [ligne.doublon for ligne in apercu.context["lignes"]] == [True, False]

    def test_ils_ne_sont_pas_repris_sans_accord(self, apercu, client, confirmation):
        client.post(confirmation, {"apercu": cle_de(apercu)})
        assert noms() == ["Cantine et garderie", "Paie"]

    def test_ils_le_sont_si_on_le_demande(self, apercu, client, confirmation):
        client.post(confirmation, {"apercu": cle_de(apercu), "doublons": "on"})
        assert noms() == ["Cantine et garderie", "CANTINE et Garderie", "Paie"]

    def test_s_il_n_y_a_qu_eux_on_le_dit(self, deposer, brouillon, client, confirmation):
        cle = cle_de(deposer("r.json", json_de("Cantine et garderie")))
        reponse = client.post(confirmation, {"apercu": cle})
        assert reponse.status_code == 422
        assert "Toutes ces fiches sont déjà au registre." in reponse.content.decode()
        assert client.post(confirmation, {"apercu": cle, "doublons": "on"}).status_code == 302
        assert len(noms()) == 2


class TestAutreOrganisme:
    def test_il_faut_le_confirmer(self, deposer, client, confirmation):
        apercu = deposer("autre_organisme.json")
        assert "autre organisme (SIREN 210\u00a0300\u00a0232)" in apercu.content.decode()
        cle = cle_de(apercu)
        refus = client.post(confirmation, {"apercu": cle})
        assert refus.status_code == 422
        assert "cochez pour confirmer" in refus.content.decode()
        assert not Traitement.objects.exists()
        assert client.post(confirmation, {"apercu": cle, "autre_organisme": "on"}).status_code == 302
        assert noms() == [CANTINE.nom]


class TestApercuPerime:
    def refuse(self, reponse):
        assert "Cet aperçu n’est plus valable" in str(*reponse.context["messages"])
        assert not Traitement.objects.exists()

    def test_une_cle_inventee_ne_vaut_rien(self, connecte, referent, confirmation):
        for cle in ("", "x", "é\n" * 90):
            self.refuse(connecte(referent).post(confirmation, {"apercu": cle}, follow=True))

    def test_l_apercu_d_une_autre_personne_ne_vaut_rien(self, deposer, connecte, dpd, confirmation):
        cle = cle_de(deposer("bon.json"))
        self.refuse(connecte(dpd).post(confirmation, {"apercu": cle}, follow=True))

    def test_l_apercu_d_une_autre_collectivite_ne_vaut_rien(
        self, deposer, connecte, dpd, voisine, confirmation
    ):
        adresse = reverse("registre:importer", args=[voisine.siren])
        cle = cle_de(deposer("bon.json", personne=dpd, adresse=adresse))
        self.refuse(connecte(dpd).post(confirmation, {"apercu": cle}, follow=True))

    def test_une_double_confirmation_ne_cree_rien_deux_fois(self, deposer, client, confirmation):
        cle = cle_de(deposer("bon.json"))
        client.post(confirmation, {"apercu": cle})
        page = client.post(confirmation, {"apercu": cle}, follow=True).content.decode()
        assert "S’il vient d’être confirmé, ses fiches sont au registre" in page
        assert len(noms()) == 2

    def test_de_deux_confirmations_simultanees_une_seule_ecrit(
        self, deposer, client, confirmation, monkeypatch
    ):
        cle = cle_de(deposer("bon.json"))
        monkeypatch.setattr(apercus, "oublier", lambda cle, **pour: False)
        self.refuse(client.post(confirmation, {"apercu": cle}, follow=True))

    def test_un_registre_demesure_n_est_pas_garde(self, deposer, monkeypatch):
        monkeypatch.setattr(apercus, "TAILLE_MAXIMALE", 100)
        reponse = deposer("bon.json")
        assert reponse.status_code == 422
        assert "trop volumineux" in reponse.content.decode()


def test_si_une_fiche_est_refusee_aucune_n_est_creee(deposer, client, confirmation, monkeypatch):
    cle = cle_de(deposer("bon.json"))
    contenu = apercus.reprendre

    def abimee(*arguments, **pour):
        apercu = contenu(*arguments, **pour)
        return replace(apercu, fiches=(apercu.fiches[0], replace(apercu.fiches[1], nom="x" * 201)))

    monkeypatch.setattr(apercus, "reprendre", abimee)
    reponse = client.post(confirmation, {"apercu": cle}, follow=True)
    assert "Rien n’est écrit." in str(*reponse.context["messages"])
    assert not Traitement.objects.exists()
    assert not JournalAcces.objects.exists()


def test_l_apercu_et_la_confirmation_ne_font_pas_une_requete_par_ligne(deposer, client, confirmation, depot):
    deposer("bon.json")  # la session est ouverte
    nombres = []
    for nombre in (10, 200):
        contenu = json_de(*(f"Fiche {nombre} {rang}" for rang in range(nombre)))
        with CaptureQueriesContext(connection) as apercu:
            reponse = deposer("r.json", contenu)
        with CaptureQueriesContext(connection) as ecriture:
            client.post(confirmation, {"apercu": cle_de(reponse)})
        nombres.append((len(apercu), len(ecriture)))
    assert nombres[0][0] == nombres[1][0] <= REQUETES_PAR_LIGNE * 200
    assert nombres[1][1] - nombres[0][1] < 190 / 4  # écrites par paquets, jamais une à une
    assert len(noms()) == 210


def test_l_import_ne_modifie_aucune_fiche_existante(deposer, client, confirmation, adoptee):
    avant = VersionTraitement.objects.values().get(pk=adoptee.pk)
    client.post(confirmation, {"apercu": cle_de(deposer("bon.json"))})
    assert VersionTraitement.objects.values().get(pk=adoptee.pk) == avant
