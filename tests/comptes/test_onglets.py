"""La navigation : ce que chaque rôle voit en haut de page, jamais plus de sept entrées."""

import pytest
from django.urls import reverse

from dpd.comptes.enums import ROLES_COLLECTIVITE, ROLES_STRUCTURE, Role
from dpd.comptes.regles.capacites import CAPACITES
from dpd.comptes.regles.onglets import onglets_collectivite, onglets_structure

SIREN = "218201317"


def libelles(onglets, role):
    return [onglet.libelle for onglet in onglets(set(CAPACITES[role]), SIREN)]


@pytest.mark.parametrize("role", Role)
def test_aucun_role_n_a_plus_de_sept_entrees(role):
    assert len(libelles(onglets_collectivite, role)) <= 7
    assert len(libelles(onglets_structure, role)) <= 7


@pytest.mark.parametrize("role", ROLES_COLLECTIVITE)
def test_chaque_entree_d_une_collectivite_mene_quelque_part(role):
    assert all(reverse(o.vue, args=[o.siren]) for o in onglets_collectivite(set(CAPACITES[role]), SIREN))


@pytest.mark.parametrize("role", ROLES_STRUCTURE)
def test_chaque_entree_d_une_structure_mene_quelque_part(role):
    assert all(reverse(o.vue, args=[o.siren]) for o in onglets_structure(set(CAPACITES[role]), SIREN))


def test_la_referente_passe_du_registre_aux_violations():
    assert libelles(onglets_collectivite, Role.REFERENT) == [
        "À faire",
        "Registre",
        "Violations",
        "Convention",
        "Collectivité et contacts",
    ]


def test_le_lecteur_ne_voit_pas_les_violations():
    assert "Violations" not in libelles(onglets_collectivite, Role.LECTEUR)


def test_le_dpd_trouve_les_interventions_sous_les_conventions():
    assert libelles(onglets_structure, Role.DPD) == [
        "Aujourd’hui",
        "Collectivités",
        "Violations",
        "Fiches modèles",
        "Conventions",
        "Équipe et réglages",
    ]


def test_le_gestionnaire_ne_voit_ni_violations_ni_incidents():
    vus = libelles(onglets_structure, Role.GESTIONNAIRE)
    assert "Conventions" in vus
    assert not {"Violations", "Incidents", "Interventions"} & set(vus)


def test_l_agent_a_les_incidents_et_les_interventions():
    assert libelles(onglets_structure, Role.AGENT) == [
        "Aujourd’hui",
        "Collectivités",
        "Incidents",
        "Interventions",
        "Équipe et réglages",
    ]


@pytest.mark.django_db
def test_une_page_sans_entree_a_elle_se_lit_sous_celle_qui_y_mene(
    connecte, dpd, referent, structure, collectivite
):
    interventions = connecte(dpd).get(reverse("conventions:interventions_structure", args=[structure.siren]))
    assert f'href="{reverse("conventions:conventions", args=[structure.siren])}" aria-current="page"' in (
        interventions.content.decode()
    )
    modeles = connecte(referent).get(reverse("registre:modeles", args=[collectivite.siren])).content.decode()
    assert f'href="{reverse("registre:liste", args=[collectivite.siren])}" aria-current="page"' in modeles


@pytest.mark.django_db
def test_le_registre_mene_aux_fiches_modeles(connecte, referent, collectivite):
    page = connecte(referent).get(reverse("registre:liste", args=[collectivite.siren])).content.decode()
    assert reverse("registre:modeles", args=[collectivite.siren]) in page
