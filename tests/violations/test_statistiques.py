"""Les statistiques annuelles à l’écran, et les repères publiés par la CNIL."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations.fabriques import T0, creer_violation, decider
from tests.violations.fabriques_registre import rattacher, violations_de
from violations import actions, listes
from violations.enums import TypeNotification
from violations.regles.statistiques import Suite
from violations.statistiques import lire_bilans, reperes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def lue(reponse):
    assert reponse.status_code == 200
    return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())


def adresse(lieu, nom="statistiques"):
    return reverse(f"violations:{nom}", args=[lieu.siren])


@pytest.fixture
def cinq(collectivite, referent, decideur, maintenant):
    """Une par destin des 72 heures, et une de l’an passé."""

    def creer(jours, **faits):
        return creer_violation(
            collectivite, referent, maintenant, connaissance=T0 - timedelta(days=jours), **faits
        )

    creer(0, personnes_max=4, confidentialite=True)
    creer(20)
    decider(creer(21), decideur, maintenant, notifier=False, informer=False)
    for jours, duree, motif in ((30, 2, ""), (60, 5, "Découverte tardive.")):
        violation = decider(creer(jours, personnes_min=6000), decideur, maintenant)
        actions.notifier(
            violation=violation,
            type_envoi=TypeNotification.COMPLETE,
            numero="N",
            envoyee_le=violation.connaissance + timedelta(days=duree),
            contenu={"rubriques": []},
            motif_retard=motif,
            auteur=referent,
            maintenant=maintenant,
        )
    creer(400)


def test_chaque_destin_se_compte_une_fois(collectivite, cinq, maintenant):
    bilans = lire_bilans(listes.de_la_collectivite(collectivite), maintenant)
    assert list(bilans) == [2026, 2025]
    assert bilans[2026].suites == dict.fromkeys(Suite, 1)
    assert bilans[2025].suites == {Suite.DEPASSEE: 1}


@pytest.mark.parametrize(
    ("qui", "statut"), [("referent", 200), ("dpd", 200), ("lecteur", 403), ("etranger", 404)]
)
def test_qui_lit_les_statistiques_d_une_collectivite(connecte, collectivite, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(collectivite)).status_code == statut


@pytest.mark.parametrize(("qui", "statut"), [("dpd", 200), ("agent", 403), ("referent", 404)])
def test_qui_lit_celles_du_portefeuille(connecte, structure, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(adresse(structure, "statistiques_structure")).status_code == statut


def test_la_page_montre_l_annee_la_plus_recente(connecte, referent, collectivite, cinq):
    page = lue(connecte(referent).get(adresse(collectivite)))
    assert "2026 : 5 violations" in page
    assert "400 % de plus que l’année d’avant" in page
    assert "Plus de 5 000 personnes" in page
    assert '<rect class="passe" x="0" y="2" width="40%"' in page


def test_une_autre_annee_se_demande(connecte, referent, collectivite, cinq):
    client = connecte(referent)
    assert "2025 : 1 violation" in lue(client.get(adresse(collectivite) + "?annee=2025"))
    for fausse in ("1999", "x", "²²²²"):
        assert "2026 : 5 violations" in lue(client.get(adresse(collectivite), {"annee": fausse}))


def test_sans_violation_la_page_le_dit(connecte, dpd, structure):
    assert "Rien à compter encore" in lue(connecte(dpd).get(adresse(structure, "statistiques_structure")))


def test_chaque_repere_porte_sa_source_et_ce_qu_on_ignore_est_dit(connecte, referent, collectivite, cinq):
    page = lue(connecte(referent).get(adresse(collectivite)))
    assert "5 629" in page
    assert "+20 %" in page
    assert "https://www.vie-publique.fr/en-bref/298380" in page
    assert "lu dans des reprises publiques, pas dans la publication même" in page
    assert "Pas encore renseigné, faute de source lue : part de chaque nature" in page


def test_aucun_repere_n_a_de_valeur_sans_source():
    connus = [repere for repere in reperes() if repere.valeur is not None]
    assert {(r.annee, r.valeur) for r in connus} == {(2024, 5629), (2024, 20)}
    assert all(r.source and r.adresse.startswith("https://") and r.preuve for r in connus)
    assert all(not r.dite and not r.source for r in reperes() if r.valeur is None)


def test_le_cout_ne_depend_pas_du_nombre(connecte, dpd, structure, collectivite, maintenant):
    client, couts = connecte(dpd), []
    adresses = [adresse(collectivite), adresse(structure, "statistiques_structure")]
    client.get(adresses[0])
    for rangs in (range(1, 11), range(11, 201)):
        rattacher(violations_de(collectivite, rangs, dpd, maintenant), dpd, maintenant)
        for page in adresses:
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(page).status_code == 200
            couts.append(len(requetes))
    assert couts[:2] == couts[2:]
