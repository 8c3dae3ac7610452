"""Le registre des demandes : ce qui presse d’abord, et rien du demandeur à qui n’a pas à le lire."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subtraitance.enums import Droit, EtatDemande
from subtraitance.listes import jours_par_territoire
from tests.conftest import creer_collectivite
from tests.subtraitance.fabriques_demandes import NOM, creer_demande
from tests.subtraitance.fabriques_listes import RECUE, demandes_de

pytestmark = pytest.mark.django_db
REQUETES_AU_PLUS = 16


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    time_machine.move_to(maintenant, tick=False)


def lire(reponse):
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def ici(connecte, referent, collectivite):
    def _lire(demande=""):
        return lire(
            connecte(referent).get(reverse("subtraitance:demandes", args=[collectivite.siren]) + demande)
        )

    return _lire


@pytest.fixture
def la_bas(connecte, structure):
    def _lire(qui, demande=""):
        adresse = reverse("subtraitance:demandes_structure", args=[structure.siren])
        return lire(connecte(qui).get(adresse + demande))

    return _lire


@pytest.fixture
def quatre(collectivite, referent, maintenant):
    """À transmettre, en retard de réponse, suspendue, close."""
    gens = (collectivite, (1,), referent, maintenant)
    return [
        *demandes_de(*gens),
        *demandes_de(
            collectivite,
            (2,),
            referent,
            maintenant,
            echeance_transmission=None,
            echeance=date(2026, 11, 20),
            droits=[Droit.EFFACEMENT.value, Droit.RETRAIT.value],
        ),
        *demandes_de(
            collectivite,
            (3,),
            referent,
            maintenant,
            etat=EtatDemande.IDENTITE,
            transmise_le=RECUE,
            echeance=date(2026, 11, 1),
        ),
        *demandes_de(
            collectivite,
            (4,),
            referent,
            maintenant,
            annee=2025,
            etat=EtatDemande.CLOSE,
            transmise_le=RECUE + timedelta(days=30),
            repondue_le=date(2026, 12, 25),
        ),
    ]


def numeros(page):
    return [n for n in ("2026-01", "2026-02", "2026-03", "2025-04") if f"n° {n}" in page]


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        *(("referent", 200), ("decideur", 200), ("dpd", 200)),
        *(("lecteur", 403), ("agent", 403), ("gestionnaire", 403), ("etranger", 404)),
    ],
)
def test_qui_lit_le_registre_d_une_collectivite(connecte, request, collectivite, qui, statut):
    adresse = reverse("subtraitance:demandes", args=[collectivite.siren])
    assert connecte(request.getfixturevalue(qui)).get(adresse).status_code == statut


@pytest.mark.parametrize(
    ("qui", "statut"), [("dpd", 200), ("agent", 200), ("gestionnaire", 403), ("referent", 404)]
)
def test_qui_lit_celles_du_portefeuille(connecte, request, structure, qui, statut):
    adresse = reverse("subtraitance:demandes_structure", args=[structure.siren])
    assert connecte(request.getfixturevalue(qui)).get(adresse).status_code == statut


def test_un_registre_vide_dit_ce_qu_est_une_demande(ici, la_bas, agent):
    assert "Un habitant veut voir ses données" in ici()
    assert "Enregistrez-la aussitôt" in la_bas(agent)
    assert "Exporter" not in ici()


def test_ce_qui_presse_vient_d_abord(ici, quatre):
    page = ici()
    ordre = ["n° 2026-02", "n° 2026-01", "n° 2026-03", "n° 2025-04"]
    assert sorted(ordre, key=page.index) == ordre


def test_chaque_ligne_dit_ses_deux_delais(ici, quatre):
    page = ici()
    for attendu in (
        "avant le 24 nov. 2026, 15 h 30",
        "jusqu’au 21 déc. 2026",
        "3 jours de retard",
        "c’était le 20 nov. 2026",
        "reçue par la collectivité",
        "on attend le demandeur",
        "Transmise en retard",
        "le 25 déc. 2026, 4 jours de retard",
        "Effacement (art. 17), Retrait du consentement (art. 7-3)",
        "Habitant 001",
    ):
        assert attendu in page
    assert "4 demandes, dont 3 ouvertes et 1 en retard" in page


def test_la_demande_de_la_maquette_laisse_trente_heures_cinquante(ici, collectivite, agent):
    creer_demande(collectivite, agent)
    page = ici()
    assert "30 h 50" in page
    assert "28 jours" in page
    assert "avant le 24 nov. 2026, 16 h 30" in page


def test_une_echeance_passee_et_un_dernier_jour_se_voient(ici, collectivite, referent, maintenant):
    demandes_de(
        collectivite, (1,), referent, maintenant, echeance_transmission=maintenant - timedelta(hours=2)
    )
    demandes_de(collectivite, (2,), referent, maintenant, echeance=date(2026, 11, 23), prolongee=True)
    page = ici()
    assert "2 h de retard" in page
    assert "Dernier jour" in page
    assert "jusqu’au 23 nov. 2026, prolongée" in page
    assert page.count("etat--urgence") == 2


def test_une_demande_repondue_sans_etre_transmise_et_un_autre_regime(ici, collectivite, referent, maintenant):
    demandes_de(
        collectivite, (1,), referent, maintenant, etat=EtatDemande.REPONDUE, repondue_le=date(2026, 11, 23)
    )
    demandes_de(collectivite, (2,), referent, maintenant, regime="etat_civil", echeance=None, droits=[])
    demandes_de(collectivite, (3,), referent, maintenant, droits=[])
    page = ici()
    assert "la collectivité a répondu" in page
    assert "Répondue en 3 jours" in page
    assert "Autre délai" in page
    assert "Acte d’état civil" in page
    assert "À qualifier" in page


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ("?etat=ouvertes", ["2026-01", "2026-02", "2026-03"]),
        ("?etat=identite", ["2026-03"]),
        ("?droit=effacement", ["2026-02"]),
        ("?droit=acces", ["2026-01", "2026-03", "2025-04"]),
        ("?annee=2025", ["2025-04"]),
        ("?urgence=retard", ["2026-02"]),
        ("?urgence=a_transmettre", ["2026-01"]),
        ("?q=2026-3", ["2026-03"]),
        ("?q=4", ["2025-04"]),
        ("?q=2025", ["2025-04"]),
        ("?q=montpezat", ["2026-01", "2026-02", "2026-03", "2025-04"]),
        ("?q=Habitant 001", []),
        ("?etat=x&droit=x&annee=x&urgence=x", ["2026-01", "2026-02", "2026-03", "2025-04"]),
    ],
)
def test_les_filtres_retiennent_ce_qu_ils_disent(ici, quatre, demande, attendus):
    page = ici(demande)
    assert numeros(page) == attendus
    assert ("Aucune demande ne correspond" in page) is (not attendus)


def test_chaque_territoire_a_sa_date_du_jour(ici, collectivite, referent, maintenant, time_machine):
    soir = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # le 24 à Paris, encore le 23 à Cayenne
    time_machine.move_to(soir, tick=False)
    demandes_de(
        collectivite, (1,), referent, maintenant, echeance_transmission=None, echeance=date(2026, 11, 23)
    )
    assert numeros(ici("?urgence=retard")) == ["2026-01"]
    collectivite.territoire = "guyane"
    collectivite.save()
    assert numeros(ici("?urgence=retard")) == []
    assert "Dernier jour" in ici()
    assert len(jours_par_territoire(soir)) == 2


def test_l_agent_ne_voit_jamais_le_demandeur(la_bas, agent, dpd, quatre, collectivite):
    page = la_bas(agent)
    assert "Habitant" not in page
    assert numeros(page) == ["2026-01", "2026-03", "2025-04"]  # la 2 n’est pas passée par la structure
    arguments = [collectivite.siren, 2026, 1]
    assert reverse("subtraitance:transmettre", args=arguments) in page
    assert f'href="{reverse("registre:demande", args=[collectivite.siren, 2026, 3])}"' not in page
    assert "Confiée à la collectivité" in page
    assert "Attente du demandeur" not in page
    assert page.count("Accès et copie (art. 15)") == 1  # celle qui reste à transmettre
    assert "Habitant 001" in la_bas(dpd)


def test_l_agent_ne_trie_pas_par_ce_que_disent_les_dossiers(la_bas, agent, quatre):
    assert numeros(la_bas(agent, "?droit=effacement&etat=close")) == ["2026-01", "2026-03", "2025-04"]
    assert 'name="droit"' not in la_bas(agent)


def test_ce_qui_presse_l_agent_est_de_transmettre(la_bas, agent, dpd, collectivite, referent, maintenant):
    demandes_de(collectivite, (1,), referent, maintenant)
    demandes_de(collectivite, (2,), referent, maintenant, transmise_le=maintenant, echeance=date(2026, 11, 1))
    demandes_de(
        collectivite, (3,), referent, maintenant, echeance_transmission=maintenant - timedelta(hours=1)
    )
    page = la_bas(agent)
    assert page.index("n° 2026-03") < page.index("n° 2026-01") < page.index("n° 2026-02")
    assert numeros(la_bas(agent, "?urgence=retard")) == ["2026-03"]
    assert numeros(la_bas(dpd, "?urgence=retard")) == ["2026-02", "2026-03"]


def test_le_demandeur_n_est_pas_meme_lu_pour_l_agent(connecte, agent, structure, quatre):
    client = connecte(agent)
    with CaptureQueriesContext(connection) as requetes:
        client.get(reverse("subtraitance:demandes_structure", args=[structure.siren]))
    assert not [r for r in requetes if "demandeur_nom" in r["sql"]]


def test_une_collectivite_partie_garde_ses_demandes(la_bas, ici, dpd, quatre, collectivite):
    collectivite.active = False
    collectivite.save()
    assert numeros(la_bas(dpd)) == []
    assert numeros(ici())


def test_la_voisine_et_la_lointaine_n_y_figurent_pas(ici, la_bas, dpd, voisine, lointaine, agent, etranger):
    creer_demande(voisine, agent)
    creer_demande(lointaine, etranger)
    assert NOM not in ici()
    page = la_bas(dpd)
    assert voisine.nom in page
    assert lointaine.nom not in page


def test_un_demandeur_efface_se_dit(ici, collectivite, referent, maintenant):
    demandes_de(collectivite, (1,), referent, maintenant, demandeur_nom="", texte="", efface_le=maintenant)
    assert "Demandeur effacé" in ici()


def test_htmx_ne_recoit_que_le_tableau(connecte, referent, collectivite, quatre):
    adresse = reverse("subtraitance:demandes", args=[collectivite.siren])
    page = connecte(referent).get(adresse, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="resultats">')


def test_le_registre_se_lit_page_par_page(ici, collectivite, referent, maintenant):
    demandes_de(collectivite, range(1, 31), referent, maintenant)
    assert "Page 1 sur 2" in ici()
    assert "5 demandes affichées sur 30" in ici("?page=2")


def test_le_cout_d_un_registre_ne_depend_pas_du_nombre(connecte, referent, collectivite, maintenant):
    client, couts = connecte(referent), []
    adresse = reverse("subtraitance:demandes", args=[collectivite.siren])
    client.get(adresse)
    for rangs in (range(1, 3), range(3, 61)):
        demandes_de(collectivite, rangs, referent, maintenant)
        for demande in ("", "?urgence=a_transmettre&droit=acces", "?q=2026"):
            with CaptureQueriesContext(connection) as requetes:
                client.get(adresse + demande)
            couts.append(len(requetes))
    assert couts[:3] == couts[3:]
    assert max(couts) <= REQUETES_AU_PLUS


def test_le_cout_d_un_portefeuille_ne_depend_pas_des_collectivites(
    connecte, dpd, agent, structure, maintenant
):
    adresse, couts = reverse("subtraitance:demandes_structure", args=[structure.siren]), {}
    lieux = [creer_collectivite(structure, f"Commune{n:02}", f"9{n:08}") for n in range(20)]
    for nombre, (debut, fin) in ((2, (0, 1)), (60, (1, 20))):
        for lieu in lieux[debut:fin]:
            demandes_de(lieu, range(1, 4), agent, maintenant)
        for qui in (dpd, agent):
            client = connecte(qui)
            client.get(adresse)
            with CaptureQueriesContext(connection) as requetes:
                client.get(adresse)
            couts.setdefault(qui.pk, []).append(len(requetes))
        assert nombre
    assert all(peu == beaucoup <= REQUETES_AU_PLUS for peu, beaucoup in couts.values())
