"""Les demandes de droits sur les accueils : à chacun celles qui l’attendent, et leur délai."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dpd.comptes.droits import Acces
from dpd.pilotage import demandes
from subtraitance.actions.demandes_reception import transmettre
from tests.subtraitance.fabriques_demandes import LUNDI, NOM, creer_demande

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lundi(time_machine):
    time_machine.move_to(LUNDI, tick=False)
    return LUNDI


@pytest.fixture
def demande(collectivite, agent):
    return creer_demande(collectivite, agent)


def page(connecte, personne, nom, lieu):
    return connecte(personne).get(reverse(nom, args=[lieu.siren])).content.decode()


def test_le_dpd_voit_d_abord_ce_qu_il_doit_transmettre(connecte, dpd, structure, demande):
    vue = page(connecte, dpd, "pilotage:structure", structure)
    assert f"demande n° {demande.numero}" in vue
    assert "30 h 50, avant le" in vue.replace("\u00a0", " ").replace("\u202f", " ")
    assert "À transmettre par vous" in vue


def test_l_agent_la_voit_aussi_sans_le_demandeur(connecte, agent, structure, demande):
    vue = page(connecte, agent, "pilotage:structure", structure)
    assert reverse("subtraitance:transmettre", args=_arguments(demande)) in vue
    assert NOM not in vue


def test_le_gestionnaire_n_en_sait_rien(connecte, gestionnaire, structure, demande):
    assert demande.numero not in page(connecte, gestionnaire, "pilotage:structure", structure)


def test_transmise_elle_quitte_l_agent_et_presse_la_commune(
    connecte, agent, referent, structure, collectivite, demande
):
    transmettre(demande=demande, destinataires=[referent], auteur=agent, maintenant=LUNDI)
    assert demande.numero not in page(connecte, agent, "pilotage:structure", structure)
    vue = page(connecte, referent, "pilotage:collectivite", collectivite)
    assert f"Répondre à la demande n° {demande.numero}" in vue
    assert "28\u00a0jours" in vue
    assert "une chose à faire" in vue


def test_le_lecteur_du_registre_ne_la_voit_pas(connecte, lecteur, collectivite, demande):
    assert demande.numero not in page(connecte, lecteur, "pilotage:collectivite", collectivite)


def test_une_reponse_en_retard_passe_devant(collectivite, structure, dpd, agent):
    ancienne = creer_demande(collectivite, dpd, recue_le=LUNDI - timedelta(days=60), par_la_structure=False)
    recente = creer_demande(collectivite, agent)
    vues = demandes.de_la_structure(structure, Acces(dpd), LUNDI, 8)
    assert [d.ligne.demande.pk for d in vues] == [ancienne.pk, recente.pk]
    assert vues[0].delai.ton == "urgence"
    assert not vues[0].transmettre


def _arguments(demande):
    return [demande.collectivite.siren, demande.annee, demande.rang]
