"""Les versions d’un modèle de structure : publier, faire suivre, retirer, sans rien écraser."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dpd.regles.typographie import INSECABLE
from registre.actions_modeles import (
    CHANGE,
    adapter,
    enregistrer_brouillon,
    preparer_version,
    publier,
    retirer,
)
from registre.enums import EtatModele
from registre.models import VersionModele
from tests.registre.fabriques_modeles import (
    adapter_pour,
    charger_essai,
    envoyer,
    formulaire,
    page_de,
    relire,
    suivre,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def modeles(maintenant):
    return charger_essai(maintenant)


@pytest.fixture
def propre(structure, modeles, dpd, maintenant):
    """La cantine, adaptée et publiée par la structure."""
    return adapter_pour(structure, modeles["cantine"], dpd, maintenant)


@pytest.fixture
def brouillon(structure, modeles, dpd, maintenant):
    return adapter(version=modeles["cantine"], structure=structure, auteur=dpd, maintenant=maintenant)


def test_publier_numerote_date_et_signe(connecte, dpd, structure, brouillon):
    reponse = envoyer(connecte(dpd), "modele_publier", structure, brouillon)
    assert reponse.redirect_chain
    version = relire(brouillon)
    assert (version.etat, version.est_courante, version.publiee_par) == (EtatModele.PUBLIE, True, dpd)
    assert version.publiee_le is not None


def test_publier_deux_fois_est_refuse(connecte, dpd, structure, propre):
    page = envoyer(connecte(dpd), "modele_publier", structure, propre)
    assert "n’est pas un brouillon" in page.text


def test_une_nouvelle_version_dit_ce_qui_change_et_garde_l_ancienne(connecte, dpd, structure, propre):
    client = connecte(dpd)
    client.post(page_de("modele_version", structure, propre.modele))
    client.post(page_de("modele_version", structure, propre.modele))  # le brouillon ouvert se reprend
    suite = propre.modele.versions.get(numero=2)
    page = envoyer(client, "modele_publier", structure, suite)
    assert "Dites ce qui change" in page.text
    client.post(
        page_de("modele_modifier", structure, propre.modele),
        formulaire(
            suite,
            nom="Cantine municipale",
            vigilance="Autre précaution",
            note_de_version="Nom local",
            **{"duree-2-nombre": "2", "duree-2-unite": "mois"},
        ),
    )
    page = client.get(page_de("modele_structure", structure, propre.modele)).text
    assert "La version 2 se prépare." in page
    envoyer(client, "modele_publier", structure, suite)
    ancienne, nouvelle = relire(propre), relire(suite)
    assert (ancienne.etat, ancienne.est_courante, ancienne.nom) == ("publie", False, "Cantine de l’école")
    assert (nouvelle.etat, nouvelle.est_courante, nouvelle.nom) == ("publie", True, "Cantine municipale")
    page = client.get(page_de("modele_structure", structure, propre.modele)).text
    for texte in ("4 changements depuis", "Nom local", "Autre précaution", "2\u00a0mois", "à déterminer"):
        assert texte in page


def test_retirer_ne_touche_pas_aux_fiches(connecte, dpd, structure, propre, collectivite, maintenant):
    fiche = suivre(collectivite, propre, maintenant)
    page = envoyer(connecte(dpd), "modele_retirer", structure, propre)
    assert "Les fiches déjà créées ne changent pas." in page.text
    version = relire(propre)
    assert (version.etat, version.est_courante) == (EtatModele.RETIRE, False)
    fiche.refresh_from_db()
    assert fiche.modele_id == propre.pk
    page = envoyer(connecte(dpd), "modele_retirer", structure, propre)
    assert "n’est plus proposée" in page.text


def test_abandonner_un_brouillon_n_annonce_pas_un_modele_retire(connecte, dpd, structure, propre):
    client = connecte(dpd)
    client.post(page_de("modele_version", structure, propre.modele))
    page = client.get(page_de("modele_structure", structure, propre.modele)).text
    assert "Vos retouches seront perdues." in page
    brouillon = propre.modele.versions.get(numero=2)
    page = envoyer(client, "modele_retirer", structure, brouillon).text
    assert "Brouillon abandonné." in page
    assert "Modèle retiré" not in page
    assert relire(propre).est_courante, "la version publiée reste proposée"
    page = client.get(page_de("modele_structure", structure, propre.modele)).text
    assert f'name="lu" value="{relire(propre).etat_lu}"' in page
    assert "Modèle retiré." in envoyer(client, "modele_retirer", structure, propre).text


def test_abandonner_d_une_page_perimee_ne_retire_pas_la_version_publiee(
    connecte, dpd, structure, brouillon, maintenant
):
    client = connecte(dpd)
    lu = relire(brouillon).etat_lu
    assert f'value="{lu}"' in client.get(page_de("modele_structure", structure, brouillon.modele)).text
    publier(version=relire(brouillon), auteur=dpd, maintenant=maintenant)
    page = client.post(page_de("modele_retirer", structure, brouillon.modele), {"lu": lu}, follow=True)
    assert CHANGE in page.text
    assert relire(brouillon).est_courante


def test_un_brouillon_meme_abandonne_ne_se_lit_pas_des_communes(
    connecte, referent, dpd, collectivite, propre, maintenant
):
    suite = preparer_version(modele=propre.modele, auteur=dpd, maintenant=maintenant)
    client, adresses = (
        connecte(referent),
        [reverse("registre:modele", args=[collectivite.siren, version.pk]) for version in (propre, suite)],
    )
    assert [client.get(la).status_code for la in adresses] == [200, 404]
    retirer(version=suite, auteur=dpd, maintenant=maintenant)
    retirer(version=relire(propre), auteur=dpd, maintenant=maintenant)
    assert [client.get(la).status_code for la in adresses] == [200, 404]


def test_un_modele_retire_peut_revenir_par_une_nouvelle_version(dpd, propre, maintenant):
    retirer(version=propre, auteur=dpd, maintenant=maintenant)
    suite = preparer_version(modele=propre.modele, auteur=dpd, maintenant=maintenant)
    assert (suite.numero, suite.etat, suite.nom) == (2, EtatModele.BROUILLON, propre.nom)


@pytest.mark.parametrize("nom", ["modele_version", "modele_publier", "modele_retirer"])
def test_la_bibliotheque_commune_ne_se_modifie_pas_d_une_structure(connecte, dpd, structure, modeles, nom):
    page = envoyer(connecte(dpd), nom, structure, modeles["paie"])
    assert f"Un modèle commun ne se modifie pas{INSECABLE}: adaptez-le d’abord." in page.text
    assert VersionModele.objects.filter(modele__code="paie").count() == 1


def test_une_version_publiee_ne_se_retouche_plus(dpd, propre, maintenant):
    with pytest.raises(ValidationError, match="ne change plus"):
        enregistrer_brouillon(
            version=propre,
            nom="Autre",
            description="",
            vigilance=[],
            durees=[],
            note_de_version="",
            auteur=dpd,
            maintenant=maintenant,
        )


def test_un_geste_prepare_avant_la_publication_ne_la_defait_pas(brouillon, dpd, maintenant):
    """Deux onglets : l’un publie, l’autre envoie ce qu’il avait lu du brouillon."""
    a_retirer, a_ecrire = relire(brouillon), relire(brouillon)
    trace = {"auteur": dpd, "maintenant": maintenant}
    publier(version=brouillon, **trace)
    with pytest.raises(ValidationError, match="a changé depuis"):
        retirer(version=a_retirer, **trace)
    with pytest.raises(ValidationError, match="publiée ne change plus"):
        enregistrer_brouillon(
            version=a_ecrire,
            nom="Autre",
            description="",
            vigilance=[],
            durees=[],
            note_de_version="",
            **trace,
        )
    assert relire(brouillon).etat == EtatModele.PUBLIE
