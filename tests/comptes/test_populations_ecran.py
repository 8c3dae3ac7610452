"""L’écran des populations : le fichier, l’aperçu, la décision."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dpd.comptes.models import Collectivite, Commune
from dpd.comptes.views import populations as vue
from tests.comptes.fabriques_referentiel import creer_commune
from tests.conftest import creer_collectivite

DOSSIER = Path(__file__).resolve().parent.parent / "donnees" / "insee"
pytestmark = pytest.mark.django_db


@pytest.fixture
def abergement(structure):
    creer_commune("01001", "L’Abergement-Clémenciat", population_totale=870)
    creer_commune("01005", "Ambérieux-en-Dombes", population_totale=1941)
    return creer_collectivite(
        structure, "L’Abergement-Clémenciat", "210100012", code_insee="01001", population_millesime=2022
    )


@pytest.fixture
def adresse(structure):
    return reverse("comptes:populations", args=[structure.siren])


def envoyer(client, adresse, nom="recent.csv", millesime=2022, **champs):
    fichier = SimpleUploadedFile(nom, (DOSSIER / nom).read_bytes(), "text/csv")
    return client.post(adresse, {"fichier": fichier, "millesime": millesime, **champs})


@pytest.mark.parametrize(
    ("personne", "statut"),
    [("dpd", 200), ("gestionnaire", 200), ("agent", 403), ("referent", 404), ("etranger", 404), (None, 302)],
)
def test_seuls_le_dpd_et_le_gestionnaire_mettent_a_jour_les_populations(
    personne, statut, request, client, connecte, adresse, structure
):
    if personne:
        connecte(request.getfixturevalue(personne))
    assert client.get(adresse).status_code == statut
    application = client.post(reverse("comptes:appliquer_populations", args=[structure.siren]))
    assert application.status_code == (302 if statut == 200 else statut)


def test_sans_referentiel_charge_l_ecran_le_dit(connecte, dpd, adresse):
    assert "charger_communes" in connecte(dpd).get(adresse).content.decode()


def test_l_apercu_puis_l_application(connecte, dpd, adresse, abergement, structure):
    client = connecte(dpd)
    reponse = envoyer(client, adresse)
    page = reponse.content.decode()
    assert "Rien n’est encore écrit" in page
    assert "870" in page
    assert Commune.objects.get(pk="01001").population_totale == 870
    fait = client.post(
        reverse("comptes:appliquer_populations", args=[structure.siren]),
        {"jeton": reponse.context["jeton"], "collectivites": [abergement.pk, "x"]},
    )
    assert fait.url == reverse("pilotage:portefeuille", args=[structure.siren])
    abergement.refresh_from_db()
    assert (abergement.population_totale, abergement.population_millesime) == (875, 2022)
    assert abergement.history.latest().history_user == dpd
    assert Commune.objects.get(pk="01001").population_totale == 870


def test_un_fichier_partiel_est_signale_avant_de_decider(connecte, dpd, adresse, abergement, monkeypatch):
    monkeypatch.setattr("dpd.comptes.populations.ABSENTES_ADMISES", -1)
    assert "Ce fichier ne couvre pas le pays" in envoyer(connecte(dpd), adresse).content.decode()


def test_un_fichier_faux_montre_chaque_ligne_et_n_ecrit_rien(connecte, dpd, adresse, abergement):
    page = envoyer(connecte(dpd), adresse, "negative.csv").content.decode()
    assert "une population ne peut pas être négative (-16)" in page
    assert "jeton" not in page
    assert Commune.objects.get(pk="01001").population_totale == 870


@pytest.mark.parametrize(
    ("nom", "champs", "champ", "phrase"),
    [
        ("virgules.csv", {}, "fichier", "point-virgule"),
        ("recent.csv", {"millesime": 2090}, "millesime", "n’est pas publié"),
        ("recent.csv", {"millesime": 2021}, "millesime", "plus récent que 2021"),
        ("recent.csv", {"millesime": 1999}, "millesime", "Le premier millésime est 2006"),
        ("recent.csv", {"millesime": ""}, "millesime", "Indiquez une année"),
    ],
)
def test_un_refus_se_lit_sous_son_champ(connecte, dpd, adresse, abergement, nom, champs, champ, phrase):
    reponse = envoyer(connecte(dpd), adresse, nom, **champs)
    assert phrase in str(reponse.context["formulaire"].errors[champ])
    assert f'id="id_{champ}_error"' in reponse.content.decode()


def test_un_fichier_demesure_est_refuse(connecte, dpd, adresse, monkeypatch):
    monkeypatch.setattr("dpd.comptes.forms_collectivites.FICHIER_MAX", 10)
    assert "trop gros" in envoyer(connecte(dpd), adresse).content.decode()


@pytest.mark.parametrize("jeton", ["", "faux", "autre_structure", "perime"])
def test_un_apercu_faux_perime_ou_d_une_autre_structure_n_ecrit_rien(
    connecte, dpd, adresse, abergement, structure, jeton, monkeypatch
):
    client = connecte(dpd)
    if jeton == "autre_structure":
        jeton = vue.signing.dumps([structure.pk + 1, dpd.pk, 2022, "f", "e", []], salt=vue.SEL, compress=True)
    elif jeton == "perime":
        jeton = envoyer(client, adresse).context["jeton"]
        monkeypatch.setattr(vue, "VALIDITE", -1)
    reponse = client.post(
        reverse("comptes:appliquer_populations", args=[structure.siren]),
        {"jeton": jeton, "collectivites": [abergement.pk]},
        follow=True,
    )
    assert "rien n’est écrit" in reponse.content.decode()
    assert Collectivite.objects.get(pk=abergement.pk).population_totale == 1556


def test_un_referentiel_devenu_plus_recent_entre_temps_refuse_l_application(
    connecte, dpd, adresse, abergement, structure
):
    client = connecte(dpd)
    jeton = envoyer(client, adresse).context["jeton"]
    Commune.objects.filter(pk="01005").update(millesime=timezone.now().year - 3)
    reponse = client.post(
        reverse("comptes:appliquer_populations", args=[structure.siren]), {"jeton": jeton}, follow=True
    )
    assert "plus récent que 2022" in reponse.content.decode()
    assert Commune.objects.get(pk="01001").population_totale == 870
