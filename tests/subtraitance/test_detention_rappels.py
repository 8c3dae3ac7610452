"""Les rappels de ce qui est à détruire : une fois à l’échéance, puis tant que c’est en retard."""

from datetime import date, timedelta

import pytest

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from subtraitance.actions.rappels_detention import gestes_de_rappel
from subtraitance.enums import LotDetenu, UniteDetention
from subtraitance.models import DonneesDetenues
from tests.conftest import creer_personne
from tests.conventions.conftest import creer_convention, creer_modele
from tests.subtraitance.fabriques_s1 import JOUR, LUNDI, detruire, lot_d_essai, regle_d_essai

pytestmark = pytest.mark.django_db
EN_MAI = date(2026, 8, 23)  # trois mois avant le lundi des essais


@pytest.fixture(autouse=True)
def _regle(structure, dpd):
    regle_d_essai(structure, dpd)


def relancer(maintenant=LUNDI) -> int:
    return sum(geste() for geste in gestes_de_rappel(maintenant))


def courriels():
    return Message.objects.filter(nature="subtraitance.detention_rappel").order_by("pk")


def test_le_jour_de_l_echeance_agents_et_dpd_sont_prevenus_une_fois(
    collectivite, voisine, agent, dpd, gestionnaire, referent
):
    for lieu in (collectivite, voisine):
        assert lot_d_essai(lieu, agent, EN_MAI).echeance == JOUR
    assert relancer() == 2
    assert {message.utilisateur for message in courriels()} == {agent, dpd}
    premier = courriels().first()
    assert premier.sujet == "2 lots à détruire aujourd’hui"
    assert "?etat=a_echeance" in premier.corps
    assert "paie" not in premier.corps
    assert collectivite.nom not in premier.corps
    assert relancer() == relancer(LUNDI + timedelta(hours=5)) == 0


def test_la_veille_personne_n_est_prevenu(collectivite, agent):
    lot_d_essai(collectivite, agent, EN_MAI)
    assert relancer(LUNDI - timedelta(days=1)) == 0


def test_le_retard_se_dit_le_lendemain_puis_chaque_semaine(collectivite, agent, dpd):
    lot_d_essai(collectivite, agent, EN_MAI)
    relancer()
    mardi = LUNDI + timedelta(days=1)
    assert relancer(mardi) == 2
    assert courriels().last().sujet == "1 lot à détruire, en retard"
    assert "?etat=retard" in courriels().last().corps
    assert relancer(mardi + timedelta(days=2)) == 0
    assert relancer(LUNDI + timedelta(days=7)) == 2


def test_un_lot_de_plus_en_retard_se_dit_sans_attendre_la_semaine(collectivite, agent, dpd):
    lot_d_essai(collectivite, agent, EN_MAI - timedelta(days=2))
    assert relancer() == 2
    lot_d_essai(collectivite, agent, EN_MAI + timedelta(days=1))
    mercredi = LUNDI + timedelta(days=2)
    assert relancer(mercredi) == 2
    assert courriels().last().sujet == "2 lots à détruire, en retard"


def test_un_lot_detruit_ou_sans_echeance_ne_se_rappelle_pas(collectivite, agent, dpd):
    detruire(agent, lot_d_essai(collectivite, agent, EN_MAI))
    lot_d_essai(collectivite, agent, type="autre")
    assert relancer() == 0


def test_sans_lot_echu_ni_convention_finie_rien_ne_se_verrouille_ni_ne_se_lit(
    structure, collectivite, voisine, agent, dpd
):
    """Un terme de convention encore loin est déjà écrit : on ne le relit pas à chaque minute."""
    regle_d_essai(structure, dpd, LotDetenu.ASSISTANCE, None, UniteDetention.CONVENTION)
    modele = creer_modele(structure)
    creer_convention(voisine, modele, date(2025, 1, 1), fin=date(2030, 12, 31))
    for lieu in (collectivite, voisine):
        lot_d_essai(lieu, agent, type=LotDetenu.ASSISTANCE)
        lot_d_essai(lieu, agent)  # trois mois : rien n’échoit encore
    assert list(gestes_de_rappel(LUNDI)) == []
    fin = creer_convention(collectivite, modele, date(2025, 1, 1), fin=date(2027, 1, 31)).fin
    (geste,) = gestes_de_rappel(LUNDI)
    assert geste() == 0
    assert list(gestes_de_rappel(LUNDI)) == []
    assert [lot.echeance for lot in lots_d_assistance(collectivite)] == [fin]


def lots_d_assistance(collectivite):
    return DonneesDetenues.objects.filter(collectivite=collectivite, type=LotDetenu.ASSISTANCE)


def test_le_rappel_ne_sort_pas_de_la_structure(collectivite, lointaine, autre_structure, agent, dpd):
    ailleurs = creer_personne("agent@allier.example", "Agnès", "Ailleurs", Role.AGENT, autre_structure)
    accorder(ailleurs, Role.DPD, autre_structure)
    lot_d_essai(collectivite, agent, EN_MAI)
    lot_d_essai(lointaine, ailleurs)  # l’autre structure n’a pas de règle : rien n’échoit
    assert relancer() == 2
    assert ailleurs not in {message.utilisateur for message in courriels()}
