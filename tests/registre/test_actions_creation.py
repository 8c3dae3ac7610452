"""Ouvrir des fiches."""

import pytest

from registre import actions
from registre.models import ModeleTraitement, Traitement, VersionModele, VersionTraitement
from registre.regles.contenu import Fiche, LigneFinalite, LignePersonnes, en_dict

pytestmark = pytest.mark.django_db


def test_la_premiere_fiche_porte_le_numero_un_et_le_responsable(brouillon, collectivite):
    assert brouillon.traitement.reference == 1
    assert brouillon.etat == "brouillon"
    assert brouillon.contenu["responsable"]["denomination"] == collectivite.denomination
    assert brouillon.history.get().history_change_reason == "Fiche créée"


def test_un_numero_retire_n_est_jamais_reattribue(brouillon, collectivite, referent, maintenant):
    actions.retirer_brouillon(version=brouillon, auteur=referent, maintenant=maintenant)
    autre = actions.creer(collectivite=collectivite, nom="Paie", auteur=referent, maintenant=maintenant)
    assert autre.traitement.reference == 2


def test_les_numeros_de_deux_collectivites_sont_independants(brouillon, voisine, dpd, maintenant):
    autre = actions.creer(collectivite=voisine, nom="Paie", auteur=dpd, maintenant=maintenant)
    assert autre.traitement.reference == 1


@pytest.fixture
def modele(db):
    base = ModeleTraitement.objects.create(code="cantine", domaine="Enfance", entites="|commune|")
    contenu = Fiche(
        nom="Cantine",
        finalites=(LigneFinalite("Inscrire", "e", "Code de l’éducation", True),),
        personnes=(LignePersonnes("mineurs"),),
    )
    return VersionModele.objects.create(modele=base, numero=1, nom="Cantine", contenu=en_dict(contenu))


def test_un_modele_donne_un_brouillon_ou_les_cellules_vides_restent_a_determiner(
    modele, collectivite, referent, maintenant
):
    (version,) = actions.creer_depuis_modeles(
        collectivite=collectivite, versions=[modele], auteur=referent, maintenant=maintenant
    )
    assert version.traitement.modele == modele
    assert version.manquantes == "cdefg"
    assert version.personnes.get().categorie == "mineurs"


def test_le_modele_d_une_autre_structure_est_refuse(
    modele, collectivite, autre_structure, referent, maintenant
):
    modele.modele.structure = autre_structure
    modele.modele.save()
    with pytest.raises(ValueError, match="autre structure"):
        actions.creer_depuis_modeles(
            collectivite=collectivite, versions=[modele], auteur=referent, maintenant=maintenant
        )
    assert not Traitement.objects.exists()


def test_une_fiche_sans_nom_annule_toutes_les_creations(collectivite, referent, maintenant):
    with pytest.raises(Exception, match="nom"):
        actions.creer_fiches(
            collectivite=collectivite,
            fiches=[(Fiche(nom="Paie"), None), (Fiche(nom=""), None)],
            auteur=referent,
            maintenant=maintenant,
            raison="Import",
        )
    assert not VersionTraitement.objects.exists()
    assert not Traitement.objects.exists()


@pytest.mark.parametrize("nombre", [1, 30])
def test_creer_coute_un_nombre_constant_de_requetes(
    nombre, collectivite, referent, maintenant, django_assert_max_num_queries
):
    with django_assert_max_num_queries(16):
        actions.creer_fiches(
            collectivite=collectivite,
            fiches=[(Fiche(nom=f"Fiche {i}"), None) for i in range(nombre)],
            auteur=referent,
            maintenant=maintenant,
            raison="Import",
        )


def test_une_reponse_inconnue_importee_part_en_question(collectivite, referent, maintenant):
    (version,) = actions.creer_fiches(
        collectivite=collectivite,
        fiches=[(Fiche(nom="Paie", transferts_reponse="inconnu"), None)],
        auteur=referent,
        maintenant=maintenant,
        raison="Import",
    )
    assert version.questions.get().champ == "transferts"
