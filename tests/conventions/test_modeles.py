"""Écrire un modèle, le remplacer, le clore ; le catalogue des étapes et ce qu’un modèle en retient."""

from datetime import date

import pytest

from dpd.conventions import etapes
from dpd.conventions.actions.modeles import (
    clore_modele,
    creer_modele,
    est_employe,
    modifier_modele,
    remplacer_modele,
)
from dpd.conventions.enums import Acteur
from dpd.conventions.models import ModeleConvention
from tests.conventions.conftest import TRANCHES, creer_convention
from tests.conventions.conftest import creer_modele as fabriquer
from tests.conventions.refus import refus

pytestmark = pytest.mark.django_db
SAISIE = {**TRANCHES, "source": "Délibération 2026-3", "en_vigueur_du": date(2026, 1, 1)}


@pytest.fixture
def geste(gestionnaire, maintenant):
    return {"auteur": gestionnaire, "maintenant": maintenant}


def test_un_modele_se_cree_avec_son_historique(structure, geste):
    modele = creer_modele(structure=structure, **SAISIE, **geste)
    assert modele.history.get().history_user == geste["auteur"]
    with refus("déjà ce nom", "nom"):
        creer_modele(structure=structure, **SAISIE, **geste)


def test_le_meme_nom_sert_dans_deux_structures(structure, autre_structure, geste):
    creer_modele(structure=structure, **SAISIE, **geste)
    assert creer_modele(structure=autre_structure, **SAISIE, **geste).pk


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"preavis_mois": None}, "preavis_mois"),
        ({"depart": "date_fixe"}, "date_fixe"),
        ({"reconduction": "expresse"}, "renouvellement_mois"),
        ({"limite_collectivite": "02-30"}, "limite_collectivite"),
        ({"depart": "inconnu"}, "depart"),
    ],
)
def test_une_clause_qui_manque_ou_se_contredit_se_dit_sous_son_champ(structure, geste, champs, champ):
    with refus(".", champ):
        creer_modele(structure=structure, **(SAISIE | champs), **geste)


def test_un_modele_libre_se_corrige_et_ne_s_ecrit_que_s_il_change(modele_tranches, geste):
    modifier_modele(modele=modele_tranches, preavis_mois=4, **geste)
    modifier_modele(modele=modele_tranches, preavis_mois=4, **geste)
    modele_tranches.refresh_from_db()
    assert (modele_tranches.preavis_mois, modele_tranches.history.count()) == (4, 2)


@pytest.mark.parametrize(
    "champs", [{}, {"signee_collectivite_le": date(2026, 1, 1)}, {"signee_structure_le": date(2026, 1, 1)}]
)
def test_un_modele_signe_par_une_partie_ne_change_plus(collectivite, modele_tranches, geste, champs):
    creer_convention(collectivite, modele_tranches, None, **champs)
    assert est_employe(modele_tranches) is bool(champs)
    if champs:
        with refus("ne change plus"):
            modifier_modele(modele=modele_tranches, preavis_mois=4, **geste)
    else:
        assert modifier_modele(modele=modele_tranches, preavis_mois=4, **geste).preavis_mois == 4


def test_remplacer_clot_l_ancien_la_veille(structure, modele_tranches, geste):
    saisie = SAISIE | {"nom": "Services numériques (2026)"}
    neuf = remplacer_modele(modele=modele_tranches, **saisie, **geste)
    modele_tranches.refresh_from_db()
    assert modele_tranches.en_vigueur_au == date(2025, 12, 31)
    assert (neuf.structure, neuf.en_vigueur_au) == (structure, None)
    with refus("n’est plus proposé depuis le 31 décembre 2025"):
        remplacer_modele(modele=modele_tranches, **saisie, **geste)
    assert ModeleConvention.objects.count() == 2


def test_un_remplacant_suit_toujours(modele_tranches, geste):
    with refus("suit l’ancien", "en_vigueur_du"):
        remplacer_modele(
            modele=modele_tranches, **(SAISIE | {"nom": "x", "en_vigueur_du": date(2020, 1, 1)}), **geste
        )
    modele_tranches.refresh_from_db()
    assert modele_tranches.en_vigueur_au is None


def test_un_modele_clos_ne_se_clot_pas_deux_fois(modele_tranches, geste):
    with refus("précéder", "en_vigueur_au"):
        clore_modele(modele=modele_tranches, en_vigueur_au=date(2019, 1, 1), **geste)
    assert clore_modele(modele=modele_tranches, en_vigueur_au=date(2026, 6, 30), **geste).en_vigueur_au
    with refus("n’est plus proposé depuis le 30 juin 2026"):
        clore_modele(modele=modele_tranches, en_vigueur_au=date(2026, 7, 31), **geste)


def test_le_catalogue_porte_les_vingt_deux_etapes():
    lues = etapes.catalogue()
    assert len(lues) == 22
    assert {e.code for e in lues if e.option} == {"proposition", "etat_mensuel", "reunion_trimestrielle"}
    assert {etapes.REFERENT, etapes.DESIGNATION, etapes.BILAN} <= {e.code for e in lues}
    assert {e.acteur for e in lues} == set(Acteur) == set(etapes.CAPACITES)
    assert [e.code for e in lues if e.acteur == Acteur.RESPONSABLE] == ["plan_actions"]
    assert all(len(e.libelle) <= 300 and len(e.trace) <= 120 and len(e.source) <= 120 for e in lues)


def test_un_catalogue_qui_se_repete_est_refuse(tmp_path, monkeypatch):
    double = tmp_path / "etapes.yaml"
    double.write_text("etapes:\n" + "- {code: a, libelle: b, acteur: dpd}\n" * 2, "utf-8")
    monkeypatch.setattr(etapes, "FICHIER", double)
    with pytest.raises(ValueError, match="deux fois"):
        etapes.catalogue.__wrapped__()


@pytest.mark.parametrize(
    ("valeur", "codes", "mot", "registre"),
    [
        ([], None, "référent", "referent"),
        (None, None, "référent", "referent"),
        (["bilan"], ("bilan",), "référent", "referent"),
        ({}, None, "référent", "referent"),
        ({"codes": [], "interlocuteur": "correspondant", "registre": "dpd"}, (), "correspondant", "dpd"),
    ],
)
def test_ce_qu_un_modele_retient_se_relit(valeur, codes, mot, registre):
    choix = etapes.choix_du(valeur)
    assert (choix.codes, choix.mots["referent"], choix.registre) == (codes, mot, registre)
    assert etapes.choix_du(choix.en_json()) == choix


def test_un_modele_employe_par_un_projet_seulement_reste_libre(collectivite, structure):
    modele = fabriquer(structure)
    creer_convention(collectivite, modele, None)
    assert not est_employe(modele)
