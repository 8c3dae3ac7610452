"""Les écrans des indices : saisir avec une source, reprendre, corriger en disant pourquoi, raccorder."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from dpd.conventions.enums import SerieIndice
from dpd.conventions.indices_surs import valeurs_sures
from dpd.conventions.models import IndiceRevision, RegleRaccord
from tests.conventions.conftest import creer_indice
from tests.conventions.regles.sources_types import en_2024
from tests.conventions.test_indices_actions import figer

pytestmark = pytest.mark.django_db
SIREN = "288200017"
SAISIE = {
    "serie": "revise",
    "mois": "9",
    "annee": "2026",
    "valeur": "320,0",
    "publie_le": "2026-11-13",
    "source": "syntec.fr",
}
RACCORD = {
    "raccord-coefficient": "0,97975",
    "raccord-deliberation": "2023-18",
    "raccord-deliberee_le": "2023-09-01",
    "raccord-source": "Le Moniteur",
}


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def gere(connecte, gestionnaire):
    return connecte(gestionnaire)


def adresse(nom, *args):
    return reverse(f"conventions:{nom}", args=[SIREN, *args])


def test_saisir_un_indice(gere, structure):
    page = gere.post(adresse("indices"), SAISIE, follow=True).content.decode()
    assert "Indice saisi\u00a0: septembre 2026." in page
    saisi = IndiceRevision.objects.get()
    assert (saisi.valeur, saisi.publie_le, saisi.serie) == (
        Decimal("320.0"),
        date(2026, 11, 13),
        SerieIndice.REVISE,
    )
    encore = gere.post(adresse("indices"), SAISIE)
    assert "Cet indice est déjà saisi." in encore.content.decode()
    assert IndiceRevision.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"valeur": "0"}, "valeur"),
        ({"valeur": "320,05"}, "valeur"),
        ({"source": ""}, "source"),
        ({"publie_le": ""}, "publie_le"),
        ({"publie_le": "2026-09-02"}, "publie_le"),
        ({"publie_le": "2026-11-24"}, "publie_le"),
        ({"mois": "11"}, "annee"),
        ({"serie": ""}, "serie"),
        ({"serie": "ancien"}, "serie"),
        ({"annee": "1900"}, "annee"),
        ({"mois": "13"}, "mois"),
    ],
)
def test_une_mauvaise_saisie_revient_a_sa_place(gere, structure, change, champ):
    reponse = gere.post(adresse("indices"), {**SAISIE, **change})
    assert set(reponse.context["formulaire"].errors) == {champ}
    assert not IndiceRevision.objects.exists()


def test_le_dpd_lit_sans_saisir(connecte, dpd, structure):
    indice = creer_indice(structure, 2019, 11, "274.7")
    client = connecte(dpd)
    page = client.get(adresse("indices")).content.decode()
    assert "274,7" in page
    assert "Saisir une valeur" not in page
    assert client.post(adresse("indices"), SAISIE).status_code == 403
    for nom, args in (
        ("indices_reprendre", []),
        ("raccord_deliberer", []),
        ("indice_corriger", [indice.pk]),
    ):
        assert client.post(adresse(nom, *args)).status_code == 403
    assert IndiceRevision.objects.count() == 1


def test_reprendre_dit_ce_qui_est_repris_et_ce_qui_differe(gere, structure):
    creer_indice(structure, 2019, 11, "275.0")
    page = gere.post(adresse("indices_reprendre"), {"geste": "reprendre"}, follow=True).content.decode()
    assert f"{len(valeurs_sures()) - 1}\u00a0valeurs reprises" in page
    assert "Votre saisie diffère et n’a pas été remplacée\u00a0: novembre 2019." in page
    encore = gere.post(adresse("indices_reprendre"), {"geste": "reprendre"}, follow=True).content.decode()
    assert "étaient déjà saisies" in encore
    assert "date inconnue" in encore


def test_reprendre_sur_une_table_vide_ne_signale_rien(gere, structure):
    page = gere.post(adresse("indices_reprendre"), {"geste": "reprendre"}, follow=True).content.decode()
    assert "Votre saisie diffère" not in page


def test_un_envoi_sans_geste_ne_reprend_rien(gere, structure):
    assert gere.post(adresse("indices_reprendre")).url == adresse("indices")
    assert not IndiceRevision.objects.exists()


def test_corriger_demande_un_motif_et_le_montre(gere, structure):
    indice = creer_indice(structure, 2019, 11, "274.7")
    corriger = adresse("indice_corriger", indice.pk)
    assert "Aucun état figé" in gere.get(corriger).content.decode()
    envoi = {"valeur": "274,8", "source": "syntec.fr", "motif": ""}
    refus = gere.post(corriger, envoi)
    assert set(refus.context["formulaire"].errors) == {"motif"}
    page = gere.post(corriger, {**envoi, "motif": "Rectificatif publié"}, follow=True).content.decode()
    assert "Les états déjà figés n’ont pas changé." in page
    indice.refresh_from_db()
    assert indice.valeur == Decimal("274.8")
    assert "Indice corrigé\u00a0: Rectificatif publié" in gere.get(corriger).content.decode()


def test_corriger_une_valeur_employee_le_dit(
    gere, structure, convention, bareme_tranches, gestionnaire, maintenant
):
    figer(convention, bareme_tranches, gestionnaire, maintenant, en_2024())
    page = gere.get(adresse("indice_corriger", bareme_tranches.indice_base.pk)).content.decode()
    assert "a servi à 1 état figé" in page


def test_l_indice_d_une_autre_structure_n_existe_pas(gere, autre_structure, structure):
    la_bas = creer_indice(autre_structure, 2019, 11, "274.7")
    assert gere.get(adresse("indice_corriger", la_bas.pk)).status_code == 404


def test_deliberer_un_raccord(gere, structure):
    assert "Aucune règle délibérée" in gere.get(adresse("indices")).content.decode()
    page = gere.post(adresse("raccord_deliberer"), RACCORD, follow=True).content.decode()
    assert "les calculs se débloquent" in page
    assert "0,97975" in page
    assert RegleRaccord.objects.get().deliberation == "2023-18"


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"raccord-coefficient": "0"}, "coefficient"),
        ({"raccord-deliberation": ""}, "deliberation"),
        ({"raccord-deliberee_le": "2030-01-01"}, "deliberee_le"),
        ({"raccord-source": ""}, "source"),
    ],
)
def test_un_raccord_mal_saisi_se_rouvre_avec_sa_saisie(gere, structure, change, champ):
    reponse = gere.post(adresse("raccord_deliberer"), {**RACCORD, **change})
    assert set(reponse.context["raccord"].errors) == {champ}
    assert '<details class="plier" open>' in reponse.content.decode()
    assert not RegleRaccord.objects.exists()
