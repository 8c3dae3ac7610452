"""Un envoi démesuré revient avec une phrase ; ni la mémoire ni le disque ne le gardent."""

import pytest
from django.conf import settings as reglages
from django.test import RequestFactory
from django.urls import reverse

from dpd.pieces import envoi
from tests.pieces.fabriques import PDF, fichier

PLAFOND, TOUT = 200_000, 500_000


@pytest.fixture(autouse=True)
def plafonds(monkeypatch):
    monkeypatch.setattr(envoi, "TAILLE_MAXIMALE", PLAFOND)
    monkeypatch.setattr(envoi, "ENVOI_MAXIMAL", TOUT)


def envoyer(*tailles):
    fichiers = {f"f{rang}": fichier(f"f{rang}.pdf", bytes(taille)) for rang, taille in enumerate(tailles)}
    return RequestFactory().post("/", {"avant": "gardé", **fichiers})


def test_le_plafond_est_pose_avant_ceux_qui_ecrivent():
    assert reglages.FILE_UPLOAD_HANDLERS[0] == "dpd.pieces.envoi.Plafond"


@pytest.mark.parametrize("seuil", [10, 10_000_000], ids=["sur le disque", "en mémoire"])
def test_un_envoi_sous_le_plafond_passe_entier(seuil, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = seuil
    recu = envoyer(PLAFOND, 3).FILES
    assert [f.size for f in recu.values()] == [PLAFOND, 3]
    assert recu["f0"].read() == bytes(PLAFOND)


@pytest.mark.parametrize("seuil", [10, 10_000_000], ids=["sur le disque", "en mémoire"])
def test_un_fichier_au_dessus_du_plafond_est_jete_et_sa_taille_dite(seuil, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = seuil
    requete = envoyer(PLAFOND + 1, 3)
    gros, petit = requete.FILES["f0"], requete.FILES["f1"]
    assert (gros.name, gros.size, gros.read()) == ("f0.pdf", PLAFOND + 1, b"")
    assert petit.read() == bytes(3)
    assert requete.POST["avant"] == "gardé"


def test_rien_de_ce_qui_depasse_n_est_passe_plus_loin(monkeypatch):
    gardes = []
    suivant = "django.core.files.uploadhandler.MemoryFileUploadHandler.receive_data_chunk"
    monkeypatch.setattr(suivant, lambda self, donnees, debut: gardes.append(len(donnees)))
    assert envoyer(PLAFOND * 4).FILES["f0"].size == PLAFOND * 4
    assert sum(gardes) <= PLAFOND


def test_beaucoup_de_fichiers_permis_ne_passent_pas_le_plafond_de_l_envoi():
    recus = envoyer(PLAFOND, PLAFOND, PLAFOND, 10).FILES
    assert [f.size for f in recus.values()] == [PLAFOND, PLAFOND, PLAFOND + 1, PLAFOND + 1]
    assert [len(f.read()) for f in recus.values()] == [PLAFOND, PLAFOND, 0, 0]


@pytest.mark.django_db
def test_un_envoi_demesure_revient_au_formulaire_avec_une_phrase(
    connecte, referent, collectivite, monkeypatch
):
    monkeypatch.undo()  # les vrais plafonds
    gros = fichier("registre.csv", bytes(20_000_001))
    adresse = reverse("registre:importer", args=[collectivite.siren])
    reponse = connecte(referent).post(adresse, {"fichier": gros})
    assert reponse.status_code == 422
    assert "Ce fichier est trop gros" in reponse.content.decode()


def test_les_formulaires_qui_lisent_un_fichier_refusent_au_plus_a_notre_plafond(monkeypatch):
    from dpd.comptes.forms_collectivites import FICHIER_MAX
    from dpd.documents.lecteur import TAILLE_MAXIMALE

    monkeypatch.undo()
    assert max(FICHIER_MAX, TAILLE_MAXIMALE) <= envoi.TAILLE_MAXIMALE
    assert len(PDF) < envoi.TAILLE_MAXIMALE < envoi.ENVOI_MAXIMAL
