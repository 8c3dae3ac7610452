"""Un rôle se dit en un mot dans les listes, en toutes lettres quand on le donne."""

import pytest
from django.urls import reverse

from dpd.comptes import actions
from dpd.comptes.enums import FORMES_LONGUES, Role
from dpd.comptes.forms import CE_QUE_FAIT

pytestmark = pytest.mark.django_db


def test_les_libelles_tiennent_dans_une_liste_et_chaque_role_a_sa_forme_longue():
    assert [r.label for r in Role] == [
        "Référent RGPD",
        "Décideur",
        "Lecteur",
        "DPD",
        "Gestionnaire",
        "Agent",
    ]
    assert set(FORMES_LONGUES) == set(CE_QUE_FAIT) == set(Role)


def test_qui_invite_lit_le_role_en_toutes_lettres(connecte, dpd, collectivite, structure):
    client = connecte(dpd)
    page = client.get(reverse("comptes:inviter", args=[collectivite.siren])).content.decode()
    assert "Décideur<span>Responsable de traitement (maire, président) ou son délégué. Adopte" in page
    page = client.get(reverse("comptes:inviter_structure", args=[structure.siren])).content.decode()
    assert "DPD<span>Délégué à la protection des données. Lit tous les registres" in page


def test_la_personne_invitee_aussi_par_courriel_et_a_l_ecran(
    client, dpd, collectivite, maintenant, time_machine, courriel_recu, lien_recu
):
    time_machine.move_to(maintenant)
    courriel = "maire@septfonds.example"
    actions.inviter(
        courriel=courriel, role=Role.DECIDEUR, portee=collectivite, auteur=dpd, maintenant=maintenant
    )
    phrase = "Décideur, responsable de traitement (maire, président) ou son délégué. Vous décidez"
    assert phrase in courriel_recu(courriel).message
    assert phrase in client.get(lien_recu(courriel)).content.decode()


def test_la_barre_dit_le_role_court(connecte, dpd, collectivite):
    page = connecte(dpd).get(reverse("pilotage:collectivite", args=[collectivite.siren])).content.decode()
    assert "DPD\u00a0: vous conseillez, la collectivité décide" in page
