"""La navigation : ce que chaque rôle voit en haut de page, jamais plus de sept entrées."""

import pytest
from django.urls import reverse

from dpd.comptes.droits import accorder
from dpd.comptes.enums import ROLES_COLLECTIVITE, ROLES_STRUCTURE, Role
from dpd.comptes.regles.capacites import CAPACITES
from dpd.comptes.regles.onglets import onglets_collectivite, onglets_structure
from violations.actions import declarer

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
        "Demandes de droits",
        "Prestataires",
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
        "Demandes de droits",
        "Prestataires",
        "Fiches modèles",
        "Conventions",
    ]


@pytest.mark.django_db
def test_le_dpd_ouvre_son_equipe_depuis_le_menu_de_son_compte(
    connecte, dpd, referent, structure, collectivite
):
    adresse = reverse("comptes:structure", args=[structure.siren])
    page = reverse("comptes:collectivite", args=[collectivite.siren])
    assert adresse in connecte(dpd).get(page).content.decode()
    assert adresse not in connecte(referent).get(page).content.decode()


@pytest.mark.django_db
def test_l_onglet_dit_combien_de_dossiers_sont_en_cours(
    connecte, dpd, referent, structure, collectivite, maintenant
):
    declarer(
        collectivite=collectivite,
        titre="x",
        recit="x",
        connaissance=maintenant,
        auteur=referent,
        maintenant=maintenant,
    )
    compteur = '<span class="compteur">1<span class="visually-hidden"> en cours</span></span>'
    for personne, page in (
        (referent, reverse("comptes:collectivite", args=[collectivite.siren])),
        (dpd, reverse("comptes:structure", args=[structure.siren])),
    ):
        assert compteur in connecte(personne).get(page).content.decode()


def test_le_gestionnaire_ne_voit_ni_violations_ni_incidents():
    vus = libelles(onglets_structure, Role.GESTIONNAIRE)
    assert "Conventions" in vus
    assert not {"Violations", "Incidents", "Interventions"} & set(vus)


def test_l_agent_a_les_incidents_et_les_interventions():
    assert libelles(onglets_structure, Role.AGENT) == [
        "Aujourd’hui",
        "Collectivités",
        "Incidents",
        "Demandes de droits",
        "Prestataires",
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


@pytest.mark.django_db
def test_au_telephone_on_change_de_collectivite_par_le_menu(connecte, referent, collectivite, voisine):
    """La barre y masque « Changer » : sans cela, la secrétaire de deux mairies repasse par l’accueil."""
    client, adresse = connecte(referent), reverse("pilotage:collectivite", args=[collectivite.siren])

    def menu():
        return client.get(adresse).content.decode().partition('id="navigation"')[2].partition("</nav>")[0]

    assert "Changer de collectivité" not in menu()
    accorder(referent, Role.LECTEUR, voisine)
    assert f'href="{reverse("pilotage:collectivite", args=[voisine.siren])}">{voisine.denomination}' in menu()
    assert f'{adresse}" aria-current="true">' in menu()
