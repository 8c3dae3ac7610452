"""Les violations de tout un portefeuille, pour le DPD : celles qui brûlent d’abord."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations.fabriques import T0, creer_violation
from tests.violations.fabriques_registre import rattacher, violations_de
from tests.volume import collectivites_de

pytestmark = pytest.mark.django_db
REQUETES_AU_PLUS = 15


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def lire(connecte, dpd, structure):
    def _lire(demande=""):
        reponse = connecte(dpd).get(reverse("violations:structure", args=[structure.siren]) + demande)
        assert reponse.status_code == 200
        return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())

    return _lire


@pytest.fixture
def quatre(collectivite, voisine, referent, dpd, maintenant):
    """Une dépassée, une à moins de douze heures, une à moins de vingt-quatre, une qui a le temps."""
    for titre, heures, ou in (
        ("Sereine", 40, voisine),
        ("Proche", -1, collectivite),
        ("Dépassée", -20, voisine),
        ("Demain", 12, collectivite),
    ):
        t0 = min(T0 + timedelta(hours=heures), maintenant)
        creer_violation(ou, dpd, maintenant, titre=titre, connaissance=t0)


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("dpd", 200), ("gestionnaire", 403), ("agent", 403), ("referent", 404), ("etranger", 404)],
)
def test_la_page_ne_s_ouvre_qu_au_dpd(connecte, structure, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(reverse("violations:structure", args=[structure.siren])).status_code == statut


def test_sans_violation_la_page_dit_d_ou_elles_viendront(lire):
    assert "Aucune violation dans vos collectivités" in lire()


def test_les_horloges_qui_brulent_viennent_d_abord(lire, quatre):
    page = lire()
    ordre = ["Dépassée<", "Proche<", "Demain<", "Sereine<"]
    assert sorted(ordre, key=page.index) == ordre
    assert "Septfonds · n° 2026-01" in page


@pytest.mark.parametrize(
    ("horloge", "titre"),
    [("depassees", "Dépassée"), ("douze", "Proche"), ("vingt_quatre", "Demain"), ("courent", "Sereine")],
)
def test_chaque_tranche_d_heures_a_les_siennes(lire, quatre, horloge, titre):
    page = lire(f"?horloge={horloge}")
    assert [t for t in ("Dépassée", "Proche", "Demain", "Sereine") if f">{t}</a>" in page] == [titre]


def test_les_arretees_ne_brulent_plus(lire, quatre):
    assert "Aucune violation ne correspond" in lire("?horloge=arretees")


def test_on_cherche_par_collectivite(lire, quatre):
    page = lire("?q=septfonds")
    assert ">Sereine</a>" in page
    assert ">Proche</a>" not in page


def test_ni_une_autre_structure_ni_une_collectivite_partie_n_y_figurent(
    lire, lointaine, voisine, etranger, dpd, maintenant
):
    creer_violation(lointaine, etranger, maintenant, titre="Ailleurs")
    creer_violation(voisine, dpd, maintenant, titre="Partie")
    voisine.active = False
    voisine.save()
    page = lire()
    assert "Ailleurs" not in page
    assert "Partie" not in page


def test_l_heure_est_celle_de_la_collectivite_et_celle_du_dpd(lire, voisine, dpd, maintenant):
    voisine.territoire = "reunion"
    voisine.save()
    creer_violation(voisine, dpd, maintenant)
    page = lire()
    assert "avant le 23 nov. 2026, 20 h 25" in page
    assert "23 nov. 2026, 17 h 25 pour le DPD" in page


def test_un_sous_menu_mene_aux_incidents_et_aux_statistiques(lire, structure):
    page = lire()
    assert reverse("violations:incidents", args=[structure.siren]) in page
    assert reverse("violations:statistiques_structure", args=[structure.siren]) in page


def test_le_cout_ne_depend_ni_des_violations_ni_des_collectivites(connecte, dpd, structure, maintenant):
    client, couts = connecte(dpd), []
    adresse = reverse("violations:structure", args=[structure.siren])
    client.get(adresse)
    trace = {"auteur": dpd, "maintenant": maintenant, "raison": "Essai"}
    for rangs in (range(1, 11), range(11, 201)):
        for collectivite in collectivites_de(structure, rangs, **trace):
            rattacher(violations_de(collectivite, (1,), dpd, maintenant), dpd, maintenant)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        couts.append(len(requetes))
    assert couts[0] == couts[1]
    assert couts[1] <= REQUETES_AU_PLUS
