"""Les rappels des demandes : au bon moment, aux bonnes personnes, une fois, sans jamais nommer l’habitant."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from dpd.comptes.droits import accorder
from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from dpd.regles.calendrier import Territoire
from subtraitance.actions import rappels
from subtraitance.actions.demandes_instruction import prolonger, reprendre, suspendre
from subtraitance.actions.demandes_reception import transmettre
from subtraitance.actions.rappels import gestes_de_rappel
from subtraitance.enums import RegimeDemande
from subtraitance.regles.rappels import (
    Palier,
    est_sans_nouvelle,
    palier_de_reponse,
    palier_de_transmission,
)
from tests.conftest import creer_personne
from tests.subtraitance.fabriques_d3 import RECUE, SECRETS, demander, fermer, regler

JOUR = timedelta(days=1)
VENDREDI_GUYANE = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)  # 18 h 30 à Cayenne
ASCENSION = datetime(2026, 5, 14, 8, 0, tzinfo=UTC)  # 10 h à Paris


@pytest.fixture
def gens(referent, decideur, dpd, agent, gestionnaire, lecteur):
    return {"referent": referent.email, "decideur": decideur.email, "dpd": dpd.email, "agent": agent.email}


@pytest.fixture
def demande(gens, collectivite):
    """Reçue le mardi 17 novembre 2026 ; à transmettre le 19 à 10 h, à répondre le 17 décembre."""
    return demander(collectivite).demande


def relancer(maintenant) -> int:
    return sum(geste() for geste in gestes_de_rappel(maintenant))


def rappeles(sujet):
    nature = f"subtraitance.rappel_{sujet}"
    return sorted(Message.objects.filter(nature=nature).values_list("destinataire", flat=True))


def confier(demande, referent, agent, quand=RECUE + JOUR):
    transmettre(demande=demande, destinataires=[referent], auteur=agent, maintenant=quand)


# --- Règles ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("maintenant", "palier"),
    [
        pytest.param(datetime(2026, 11, 20, 14, 59, tzinfo=UTC), None, id="vendredi-16h-moins-une"),
        pytest.param(datetime(2026, 11, 20, 15, 0, tzinfo=UTC), Palier.TRANSMISSION_12H, id="vendredi-16h"),
        pytest.param(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), Palier.TRANSMISSION_12H, id="dimanche"),
        pytest.param(datetime(2026, 11, 23, 3, 0, tzinfo=UTC), Palier.TRANSMISSION_12H, id="a-l-heure"),
        pytest.param(datetime(2026, 11, 23, 3, 1, tzinfo=UTC), Palier.TRANSMISSION_PASSEE, id="passee"),
    ],
)
def test_douze_heures_ouvrees_avant_un_lundi_matin_c_est_vendredi(maintenant, palier):
    echeance = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # lundi, 4 h à Paris
    assert palier_de_transmission(echeance, maintenant, Territoire.METROPOLE) == palier


@pytest.mark.parametrize(
    ("reste", "palier"),
    [
        (8, None),
        (7, Palier.REPONSE_7J),
        (3, Palier.REPONSE_7J),
        (2, Palier.REPONSE_2J),
        (0, Palier.REPONSE_2J),
        (-1, Palier.REPONSE_PASSEE),
    ],
)
def test_le_palier_de_reponse_suit_les_jours_restants(reste, palier):
    echeance = date(2026, 12, 17)
    assert palier_de_reponse(echeance, echeance - timedelta(days=reste)) == palier


def test_trente_jours_de_silence_ne_suffisent_pas_trente_et_un_oui():
    debut = date(2026, 11, 20)
    assert [est_sans_nouvelle(debut, debut + n * JOUR) for n in (30, 31)] == [False, True]


# --- Transmission ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_la_transmission_se_rappelle_a_l_agent_et_au_dpd(demande, gens):
    echeance = demande.echeance_transmission
    assert relancer(echeance - timedelta(hours=12, minutes=1)) == 0
    assert relancer(echeance - timedelta(hours=12)) == 1
    assert rappeles("transmission") == sorted([gens["agent"], gens["dpd"]])
    assert relancer(echeance - timedelta(hours=1)) == 0
    assert relancer(echeance + timedelta(seconds=1)) == 1
    sujets = Message.objects.filter(nature="subtraitance.rappel_transmission").values_list("sujet", flat=True)
    assert sum("les 48 heures sont passées" in sujet for sujet in sujets) == 2


@pytest.mark.django_db
def test_transmise_ou_recue_par_la_collectivite_elle_ne_se_rappelle_pas(
    demande, collectivite, referent, agent
):
    confier(demande, referent, agent)
    demander(collectivite, par_la_structure=False)
    assert relancer(RECUE + 6 * JOUR) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("territoire", "recue_le", "echeance", "dit"),
    [
        pytest.param(
            Territoire.GUYANE,
            VENDREDI_GUYANE,
            datetime(2026, 11, 24, 21, 30, tzinfo=UTC),
            "mardi 24\u00a0novembre 2026 à 18\u00a0h\u00a030",
            id="vendredi-soir-en-guyane",
        ),
        pytest.param(
            Territoire.METROPOLE,
            ASCENSION,
            datetime(2026, 5, 18, 22, 0, tzinfo=UTC),
            "mardi 19\u00a0mai 2026 à 0\u00a0h\u00a000",
            id="ascension-en-metropole",
        ),
    ],
)
def test_le_rappel_suit_le_territoire(gens, structure, collectivite, territoire, recue_le, echeance, dit):
    structure.territoire = collectivite.territoire = territoire.value
    structure.save()
    collectivite.save()
    demande = demander(collectivite, recue_le=recue_le).demande
    assert demande.echeance_transmission == echeance
    assert relancer(echeance - timedelta(hours=12, minutes=1)) == 0
    assert relancer(echeance - timedelta(hours=12)) == 1
    assert dit in Message.objects.filter(nature="subtraitance.rappel_transmission").first().corps


# --- Réponse -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_la_reponse_se_rappelle_a_sept_jours_deux_jours_puis_passee(demande, gens, referent, agent):
    confier(demande, referent, agent)
    minuit = datetime(2026, 12, 9, 23, 0, tzinfo=UTC)  # le 10 à 0 h, à Paris : sept jours avant
    assert relancer(minuit - timedelta(minutes=1)) == 0
    assert relancer(minuit) == 1
    attendus = sorted([gens["referent"], gens["decideur"], gens["dpd"]])
    assert rappeles("reponse") == attendus
    assert relancer(minuit + 4 * JOUR) == 0
    assert relancer(minuit + 5 * JOUR) == 1
    assert relancer(minuit + 7 * JOUR) == 0  # le dernier jour
    assert relancer(minuit + 8 * JOUR) == 1
    assert rappeles("reponse") == sorted(attendus * 3)


@pytest.mark.django_db
def test_apres_une_panne_un_seul_rappel_part(demande, referent, agent):
    confier(demande, referent, agent)
    assert relancer(RECUE + 200 * JOUR) == 1
    assert "était due" in Message.objects.filter(nature="subtraitance.rappel_reponse").first().corps


@pytest.mark.django_db
def test_rejoues_ou_joues_par_deux_processus_ils_ne_partent_qu_une_fois(demande, referent, agent):
    confier(demande, referent, agent)
    quand = RECUE + 29 * JOUR
    croises = list(gestes_de_rappel(quand)) + list(gestes_de_rappel(quand))
    assert len(croises) == 2
    assert [geste() for geste in croises] == [1, 0]
    assert relancer(quand) == 0
    assert relancer(quand + timedelta(hours=1)) == 0


@pytest.mark.django_db
def test_une_nouvelle_venue_ne_rejoue_pas_un_rappel_deja_fait(demande, collectivite, referent, agent):
    confier(demande, referent, agent)
    quand = RECUE + 29 * JOUR
    relancer(quand)
    creer_personne("neuve@montpezat.example", "Nina", "Neuve", Role.REFERENT, collectivite)
    assert relancer(quand + timedelta(hours=1)) == 0


@pytest.mark.django_db
def test_repondue_entre_la_lecture_et_l_envoi_elle_ne_se_rappelle_pas(demande, decideur):
    quand = RECUE + 29 * JOUR
    prets = list(gestes_de_rappel(quand))
    assert len(prets) == 2  # la transmission passée, la réponse
    fermer(demande, decideur, quand)
    assert [geste() for geste in prets] == [0, 0]
    assert relancer(quand + 60 * JOUR) == 0


@pytest.mark.django_db
def test_suspendue_entre_temps_sa_reponse_ne_se_rappelle_pas(demande, referent, agent):
    confier(demande, referent, agent)
    quand = RECUE + 29 * JOUR
    prets = list(gestes_de_rappel(quand))
    suspendre(demande=demande, motif="Doute", debut=quand.date(), auteur=referent, maintenant=quand)
    assert [geste() for geste in prets] == [0]
    assert relancer(quand + 20 * JOUR) == 0


@pytest.mark.django_db
def test_transmise_entre_la_lecture_et_l_envoi_elle_ne_se_rappelle_pas(demande, referent, agent):
    prets = list(gestes_de_rappel(demande.echeance_transmission))
    confier(demande, referent, agent, demande.echeance_transmission)
    assert [geste() for geste in prets] == [0]


@pytest.mark.django_db
def test_prolongee_elle_se_rappelle_a_sa_nouvelle_echeance(demande, decideur, referent, agent):
    confier(demande, referent, agent)
    quand = RECUE + 25 * JOUR
    assert relancer(quand) == 1
    prolonger(demande=demande, motif="Complexe", informe_le=quand.date(), auteur=decideur, maintenant=quand)
    assert relancer(quand + 3 * JOUR) == 0
    assert relancer(RECUE + 86 * JOUR) == 1
    dernier = Message.objects.filter(nature="subtraitance.rappel_reponse").order_by("-cree_le").first()
    assert "17\u00a0février 2027" in dernier.corps
    assert "prolonger de deux mois" not in dernier.corps


@pytest.mark.django_db
def test_un_document_administratif_se_rappelle_sans_citer_le_rgpd(gens, collectivite):
    demander(collectivite, regime=RegimeDemande.CADA, par_la_structure=False)
    assert relancer(RECUE + 29 * JOUR) == 1
    corps = Message.objects.filter(nature="subtraitance.rappel_reponse").first().corps
    assert "CRPA" in corps
    assert "RGPD" not in corps
    assert "prolonger" not in corps


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("regime", "dit", "tus"),
    [
        (RegimeDemande.RGPD, "le demandeur peut saisir la CNIL", ("CADA", "CRPA", "Qualifiez")),
        (RegimeDemande.CADA, "peut saisir la CADA dans les deux mois", ("CNIL", "RGPD", "Qualifiez")),
        ("", "Qualifiez-la aussi", ("CNIL", "CADA", "RGPD", "CRPA")),
    ],
)
def test_une_reponse_en_retard_rappelle_le_recours_de_son_regime(gens, collectivite, regime, dit, tus):
    demander(collectivite, regime=regime, par_la_structure=False)
    relancer(RECUE + 32 * JOUR)
    corps = Message.objects.filter(nature="subtraitance.rappel_reponse").order_by("-cree_le").first().corps
    assert "était due au plus tard" in corps
    assert dit in corps
    assert [mot for mot in tus if mot in corps] == []


@pytest.mark.django_db
def test_un_regime_sans_delai_connu_ne_se_rappelle_pas(gens, collectivite):
    demander(collectivite, regime=RegimeDemande.ETAT_CIVIL, par_la_structure=False)
    assert relancer(RECUE + 300 * JOUR) == 0


# --- Suspension, effacement ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_trente_jours_sans_nouvelle_se_rappellent_au_referent_une_fois(demande, gens, referent, agent):
    confier(demande, referent, agent)
    suspendre(demande=demande, motif="Doute", debut=RECUE.date(), auteur=referent, maintenant=RECUE + JOUR)
    assert relancer(RECUE + 30 * JOUR) == 0
    assert relancer(RECUE + 31 * JOUR) == 1
    assert rappeles("suspension") == [gens["referent"]]
    assert relancer(RECUE + 90 * JOUR) == 0
    prets = list(gestes_de_rappel(RECUE + 31 * JOUR))
    assert prets == []


@pytest.mark.django_db
def test_le_demandeur_a_repondu_entre_temps_la_suspension_ne_se_rappelle_plus(demande, referent, agent):
    confier(demande, referent, agent)
    suspendre(demande=demande, motif="Doute", debut=RECUE.date(), auteur=referent, maintenant=RECUE + JOUR)
    quand = RECUE + 31 * JOUR
    prets = list(gestes_de_rappel(quand))
    reprendre(demande=demande, fin=quand.date(), auteur=referent, maintenant=quand)
    assert [geste() for geste in prets] == [0]


@pytest.mark.django_db
def test_l_effacement_a_terme_se_rappelle_au_decideur_une_fois_par_terme(gens, collectivite, decideur):
    for jours in (3, 3, 40):
        fermer(demander(collectivite).demande, decideur, RECUE + jours * JOUR)
    regler(collectivite, decideur, RECUE + 50 * JOUR)
    terme = datetime(2027, 11, 20, 23, 0, tzinfo=UTC)  # le 21 à 0 h, à Paris
    assert relancer(terme - timedelta(minutes=1)) == 0
    assert relancer(terme) == 1
    assert rappeles("effacement") == [gens["decideur"]]
    assert "2\u00a0demandes" in Message.objects.get(nature="subtraitance.rappel_effacement").corps
    assert relancer(terme + 5 * JOUR) == 0
    prets = list(gestes_de_rappel(terme + 60 * JOUR)) * 2
    assert [geste() for geste in prets] == [1, 0]


def test_les_effacements_se_cherchent_par_lots_sans_relire_ceux_des_annees_passees(
    gens, collectivite, voisine, decideur, monkeypatch
):
    accorder(decideur, Role.DECIDEUR, voisine)
    for lieu in (collectivite, voisine):
        for jours in (3, 40):
            fermer(demander(lieu).demande, decideur, RECUE + jours * JOUR)
        regler(lieu, decideur, RECUE + 50 * JOUR)
    premier, second = (datetime(2027, 11, 21, 8, tzinfo=UTC) + n * 37 * JOUR for n in (0, 1))
    assert [relancer(premier), relancer(second)] == [2, 2]
    lus, vrai = [], rappels._deja_partis

    def noter(modele, objets, **options):
        lus.append((len(objets), len(vrai(modele, objets, **options))))
        return vrai(modele, objets, **options)

    monkeypatch.setattr(rappels, "_deja_partis", noter)
    monkeypatch.setattr(rappels, "LOT", 1)
    assert relancer(second + JOUR) == 0
    assert lus == [(1, 1), (1, 1)]


# --- Ce qu’ils disent, ce qu’ils coûtent -----------------------------------------------------------------


@pytest.mark.django_db
def test_aucun_rappel_ne_nomme_le_demandeur(demande, referent, agent, collectivite, decideur):
    relancer(demande.echeance_transmission + JOUR)
    relancer(RECUE + 29 * JOUR)
    suspendre(
        demande=demande,
        motif="Quatrefages doit prouver",
        debut=date(2026, 12, 16),
        auteur=referent,
        maintenant=RECUE + 29 * JOUR,
    )
    relancer(RECUE + 70 * JOUR)
    fermer(demander(collectivite).demande, decideur, RECUE)
    regler(collectivite, decideur)
    relancer(RECUE + 500 * JOUR)
    natures = set(Message.objects.values_list("nature", flat=True))
    assert {
        f"subtraitance.rappel_{s}" for s in ("transmission", "reponse", "suspension", "effacement")
    } <= natures
    textes = [
        *Message.objects.values_list("sujet", "corps"),
        *Email.objects.values_list("subject", "message"),
    ]
    assert not [secret for secret in SECRETS if secret in repr(textes)]


@pytest.mark.django_db
def test_sans_personne_a_qui_ecrire_rien_ne_part(collectivite):
    demander(collectivite)
    assert relancer(RECUE + 29 * JOUR) == 0


@pytest.mark.django_db
def test_les_rappels_deja_partis_ne_se_relisent_pas_un_a_un(gens, collectivite):
    def cout() -> int:
        relancer(RECUE + 60 * JOUR)
        with CaptureQueriesContext(connection) as lues:
            assert list(gestes_de_rappel(RECUE + 60 * JOUR)) == []
        return len(lues)

    demander(collectivite)
    une = cout()
    for _ in range(12):
        demander(collectivite)
    assert cout() == une
