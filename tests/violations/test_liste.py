"""Le registre des violations d’une collectivité : tout y est, et se retrouve."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations.fabriques import PARIS, T0, creer_violation, decider, rendre_avis
from tests.violations.fabriques_incidents import creer_incident
from tests.violations.fabriques_registre import rattacher, violations_de
from violations import actions
from violations.actions.incidents_ouverture import ouvrir
from violations.enums import TypeNotification
from violations.models import Violation

pytestmark = pytest.mark.django_db
REQUETES_AU_PLUS = 15


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def lire(connecte, referent, collectivite):
    """Le registre lu par la référente, espaces ordinaires."""

    def _lire(demande="", qui=referent):
        reponse = connecte(qui).get(reverse("violations:liste", args=[collectivite.siren]) + demande)
        assert reponse.status_code == 200
        return " ".join(reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").split())

    return _lire


def numeros(page):
    return [f"n° {n}" for n in ("2026-01", "2026-02", "2026-03") if f"n° {n}" in page]


@pytest.fixture
def trois(collectivite, referent, dpd, decideur, maintenant):
    """Une qui presse, une écartée, une ancienne notifiée dans les temps."""
    presse = creer_violation(collectivite, referent, maintenant, confidentialite=True)
    ecartee = creer_violation(
        collectivite,
        referent,
        maintenant,
        titre="Clé USB chiffrée égarée",
        connaissance=T0 - timedelta(days=10),
        disponibilite=True,
    )
    decider(ecartee, decideur, maintenant, notifier=False, informer=False)
    notifiee = creer_violation(
        collectivite, referent, maintenant, titre="Rançongiciel", connaissance=T0 - timedelta(days=30)
    )
    decider(notifiee, decideur, maintenant)
    actions.notifier(
        violation=notifiee,
        type_envoi=TypeNotification.COMPLETE,
        numero="N-12",
        envoyee_le=T0 - timedelta(days=28),
        contenu={"rubriques": []},
        auteur=referent,
        maintenant=maintenant,
    )
    return presse, ecartee, notifiee


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("referent", 200), ("decideur", 200), ("dpd", 200), ("lecteur", 403), ("agent", 403), ("etranger", 404)],
)
def test_le_registre_s_ouvre_a_qui_lit_les_violations(connecte, collectivite, request, qui, statut):
    client = connecte(request.getfixturevalue(qui))
    assert client.get(reverse("violations:liste", args=[collectivite.siren])).status_code == statut


def test_un_registre_vide_dit_ce_qu_est_une_violation(lire):
    page = lire()
    assert "Aucune violation enregistrée" in page
    assert "un courriel parti au mauvais destinataire" in page
    assert "raisonnablement certain" in page, "un doute ne fait pas courir les 72 heures"
    assert "Exporter" not in page


def test_la_plus_pressee_vient_d_abord_puis_les_plus_recentes(lire, trois):
    page = lire()
    assert page.index("n° 2026-01") < page.index("n° 2026-02") < page.index("n° 2026-03")


def test_chaque_ligne_dit_ce_qui_reste_ce_qui_est_decide_et_ou_elle_en_est(lire, trois):
    page = lire()
    assert "7 h 45" in page
    assert "avant le 23 nov. 2026, 17 h 25" in page
    assert "20 nov. 2026, 17 h 25" in page
    assert "Sans notification" in page
    assert "Ne pas notifier la CNIL ; ne pas informer chaque personne" in page
    assert "Notifiée en 48 h" in page
    assert "Notifier la CNIL ; informer les personnes" in page
    assert "confidentialité" in page


def test_une_echeance_passee_se_voit(lire, collectivite, referent, maintenant):
    creer_violation(collectivite, referent, maintenant, connaissance=T0 - timedelta(days=1))
    page = lire()
    assert "16 h 15 de retard" in page
    assert "etat--urgence" in page


def test_une_notification_tardive_dit_son_retard(lire, collectivite, referent, decideur, maintenant):
    tardive = creer_violation(collectivite, referent, maintenant, connaissance=T0 - timedelta(days=5))
    decider(tardive, decideur, maintenant)
    actions.notifier(
        violation=tardive,
        type_envoi=TypeNotification.COMPLETE,
        numero="N-1",
        envoyee_le=T0 - timedelta(days=1),
        contenu={"rubriques": []},
        motif_retard="Découverte tardive.",
        auteur=referent,
        maintenant=maintenant,
    )
    assert "24 h de retard" in lire()


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ("?etat=ouvertes", ["n° 2026-01", "n° 2026-02", "n° 2026-03"]),
        ("?etat=notifiee", ["n° 2026-03"]),
        ("?etat=decidee", ["n° 2026-02"]),
        ("?nature=disponibilite", ["n° 2026-02"]),
        ("?annee=2026", ["n° 2026-01", "n° 2026-02", "n° 2026-03"]),
        ("?annee=2025", []),
        ("?annee=abcd&etat=inconnu&nature=x&tri=x", ["n° 2026-01", "n° 2026-02", "n° 2026-03"]),
        ("?q=CLE usb", ["n° 2026-02"]),
        ("?q=2026-03", ["n° 2026-03"]),
        ("?q=rancon cle", []),
    ],
)
def test_les_filtres_retiennent_ce_qu_ils_disent(lire, trois, demande, attendus):
    page = lire(demande)
    assert numeros(page) == attendus
    assert ("Aucune violation ne correspond" in page) is (not attendus)


def test_ce_que_l_on_vient_d_ecrire_se_retrouve(structure, collectivite, referent, dpd, maintenant):
    """Déclarée, complétée, ouverte par un incident : la clé de recherche suit chaque écriture."""
    declaree = creer_violation(collectivite, referent, maintenant, titre="Clé égarée")
    actions.completer(
        violation=declaree,
        auteur=referent,
        maintenant=maintenant,
        lu={},
        titre="Armoire forcée",
        recit="À l’État civil",
    )
    incident = creer_incident(structure, dpd, titre="Panne de l’hébergeur")
    ouvrir(incident=incident, collectivites=[collectivite], auteur=dpd, maintenant=maintenant)
    trouvees = {
        mot: [v.titre for v in Violation.objects.recherche(mot)]
        for mot in ("cle egaree", "armoire etat", "hebergeur", f"{collectivite.nom} 2026-01 forcee")
    }
    assert list(trouvees.values()) == [[], ["Armoire forcée"], ["Panne de l’hébergeur"], ["Armoire forcée"]]


def test_les_closes_sortent_des_ouvertes(lire, trois, referent, maintenant):
    _, ecartee, _ = trois
    actions.clore(violation=ecartee, auteur=referent, maintenant=maintenant)
    assert numeros(lire("?etat=ouvertes")) == ["n° 2026-01", "n° 2026-03"]
    assert numeros(lire("?etat=close")) == ["n° 2026-02"]


@pytest.mark.parametrize(
    ("tri", "ordre"),
    [
        ("numero", ["2026-01", "2026-02", "2026-03"]),
        ("-numero", ["2026-03", "2026-02", "2026-01"]),
        ("connaissance", ["2026-03", "2026-02", "2026-01"]),
        ("-connaissance", ["2026-01", "2026-02", "2026-03"]),
    ],
)
def test_les_tris_ordonnent(lire, trois, tri, ordre):
    page = lire(f"?tri={tri}")
    assert sorted(ordre, key=page.index) == ordre
    assert f'aria-sort="{"descending" if tri.startswith("-") else "ascending"}"' in page


def test_htmx_ne_recoit_que_le_tableau(connecte, referent, collectivite, trois):
    adresse = reverse("violations:liste", args=[collectivite.siren])
    page = connecte(referent).get(adresse, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="resultats">')


def test_le_registre_se_lit_page_par_page(lire, collectivite, referent, maintenant):
    violations_de(collectivite, range(1, 31), referent, maintenant)
    assert "Page 1 sur 2" in lire()
    assert "5 violations affichées sur 30" in lire("?page=2")


def test_la_voisine_n_y_figure_pas(lire, voisine, dpd, maintenant):
    creer_violation(voisine, dpd, maintenant, titre="Chez la voisine")
    assert "Chez la voisine" not in lire()


def test_le_dpd_d_un_autre_fuseau_lit_les_deux_heures(connecte, dpd, referent, collectivite, maintenant):
    collectivite.territoire = "guyane"
    collectivite.save()
    creer_violation(collectivite, referent, maintenant)
    page = connecte(dpd).get(reverse("violations:liste", args=[collectivite.siren])).content.decode()
    page = page.replace("\u00a0", " ")
    assert "20 nov. 2026, 13 h 25" in page
    assert "20 nov. 2026, 17 h 25 pour le DPD" in page


def test_le_cout_ne_depend_pas_du_nombre_de_violations(connecte, referent, collectivite, maintenant):
    client, couts = connecte(referent), []
    client.get(reverse("violations:liste", args=[collectivite.siren]))
    for rangs in (range(1, 11), range(11, 201)):
        rattacher(violations_de(collectivite, rangs, referent, maintenant), referent, maintenant)
        for demande in ("", "?q=essai&etat=ouvertes&tri=-numero"):
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(reverse("violations:liste", args=[collectivite.siren]) + demande)
            couts.append(len(requetes))
    assert couts[:2] == couts[2:]
    assert max(couts) <= REQUETES_AU_PLUS


def test_un_instant_du_passe_reste_a_l_heure_d_ete(lire, collectivite, referent, maintenant):
    creer_violation(collectivite, referent, maintenant, connaissance=datetime(2026, 7, 1, 9, 0, tzinfo=PARIS))
    assert "1er juil. 2026, 9 h 00" in lire().replace("juill.", "juil.")


def test_la_decision_vient_apres_l_avis(lire, violation, dpd, maintenant):
    rendre_avis(violation, dpd, maintenant)
    page = lire()
    assert "Décision attendue" in page
    assert "pas encore" in page
