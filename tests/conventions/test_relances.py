"""Un état mensuel resté sans réponse se rappelle une fois, jamais deux."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from dpd.conventions.actions import relances
from dpd.conventions.actions.mensuels_lignes import decider, repondre, valider_tout
from dpd.conventions.actions.relances import _relancer, en_attente_de_la_collectivite, relancer_etats
from dpd.conventions.models import EtatMensuel
from dpd.conventions.regles.mensuel import GesteLigne, relance_due
from dpd.messagerie.models import Message
from tests.conftest import creer_collectivite
from tests.conventions.conftest import creer_convention
from tests.conventions.fabriques_etats import JANVIER, bareme_journees, convention_journees, mois_fige, tracee
from tests.plans import plans

pytestmark = pytest.mark.django_db
QUINZE_JOURS = JANVIER + timedelta(days=15)
NATURE = "conventions.mois_relance"


@pytest.fixture
def convention(structure, collectivite):
    bareme_journees(structure)
    return convention_journees(collectivite)


@pytest.fixture
def etat(convention, collectivite, gestionnaire, agent):
    tracee(collectivite, agent, date(2026, 4, 2), 60)
    tracee(collectivite, agent, date(2026, 4, 20), 420)
    return mois_fige(convention, gestionnaire)


@pytest.fixture
def lus(monkeypatch):
    """Les derniers mouvements des états que la relance juge un à un."""
    juges = []

    def juger(dernier, jour, **options):
        juges.append(dernier)
        return relance_due(dernier, jour, **options)

    monkeypatch.setattr(relances, "relance_due", juger)
    return juges


def rappels():
    return Message.objects.filter(nature=NATURE)


def test_le_rappel_part_une_fois_aux_decideurs(etat, decideur, referent):
    assert relancer_etats(QUINZE_JOURS - timedelta(days=1)) == 0
    assert relancer_etats(QUINZE_JOURS) == 1
    message = rappels().get()
    assert message.destinataire == decideur.email
    assert message.cle == f"{NATURE}:{etat.pk}:{decideur.pk}"
    assert message.sujet.replace("\u00a0", " ") == (
        "Montpezat-de-Quercy : l’état d’avril 2026 attend votre réponse"
    )
    assert "2 lignes attendent encore votre réponse" in message.corps
    assert "/c/218201317/etats-mensuels/2026/4/" in message.corps


def test_rejouee_elle_n_ecrit_a_personne(etat, decideur):
    assert [relancer_etats(QUINZE_JOURS + timedelta(days=n)) for n in (0, 0, 1, 400)] == [1, 0, 0, 0]
    assert rappels().count() == 1
    assert Email.objects.filter(subject=rappels().get().sujet).count() == 1


def test_une_seule_ligne_en_suspens_s_accorde(etat, decideur):
    ligne = etat.lignes.get(ordre=1)
    decider(ligne=ligne, geste=GesteLigne.VALIDER, auteur=decideur, maintenant=JANVIER)
    relancer_etats(QUINZE_JOURS)
    assert "1 ligne attend encore" in rappels().get().corps


def test_chaque_geste_fait_repartir_le_silence(etat, decideur, gestionnaire):
    ligne = etat.lignes.get(ordre=1)
    hier = QUINZE_JOURS - timedelta(days=1)
    decider(ligne=ligne, geste=GesteLigne.CONTESTER, motif="Non", auteur=decideur, maintenant=hier)
    repondre(ligne=ligne, geste=GesteLigne.MAINTENIR, motif="Si", auteur=gestionnaire, maintenant=hier)
    assert relancer_etats(QUINZE_JOURS) == 0
    assert relancer_etats(hier + timedelta(days=15)) == 1


def test_ce_qui_attend_la_structure_ne_se_rappelle_pas(etat, decideur):
    for ligne in etat.lignes.all():
        decider(ligne=ligne, geste=GesteLigne.CONTESTER, motif="Non", auteur=decideur, maintenant=JANVIER)
    assert relancer_etats(QUINZE_JOURS) == 0


def test_un_etat_valide_ne_se_rappelle_pas(etat, decideur):
    valider_tout(etat=etat, auteur=decideur, maintenant=JANVIER)
    assert relancer_etats(QUINZE_JOURS) == 0


def test_valide_entre_la_liste_et_l_envoi_il_ne_se_rappelle_pas(etat, decideur):
    lu = en_attente_de_la_collectivite().get()
    valider_tout(etat=etat, auteur=decideur, maintenant=JANVIER)
    assert _relancer(lu, QUINZE_JOURS) is False
    assert not rappels().exists()


def test_sans_decideur_rien_ne_part_puis_son_arrivee_suffit(etat, request):
    assert relancer_etats(QUINZE_JOURS) == 0
    request.getfixturevalue("decideur")
    assert relancer_etats(QUINZE_JOURS) == 1


def test_le_silence_se_regle(etat, decideur):
    with pytest.raises(ValueError, match="un jour au moins"):
        relancer_etats(QUINZE_JOURS, silence=0)
    assert relancer_etats(JANVIER + timedelta(days=3), silence=3) == 1


def test_lister_les_etats_coute_autant_a_un_qu_a_dix(structure, etat, gestionnaire, agent):
    def cout():
        with CaptureQueriesContext(connection) as requetes:
            relancer_etats(JANVIER + timedelta(days=1))
        return len(requetes)

    avant = cout()
    for rang in range(9):
        ailleurs = creer_collectivite(structure, f"Commune {rang}", f"{600_000_000 + rang}")
        convention = creer_convention(ailleurs, etat.convention.modele, date(2026, 3, 1))
        tracee(ailleurs, agent, date(2026, 4, 2), 60)
        mois_fige(convention, gestionnaire)
    assert EtatMensuel.objects.count() == 10
    assert cout() == avant


def test_ni_un_etat_recent_ni_un_etat_qui_vient_de_bouger_ne_se_lit(etat, decideur, gestionnaire, lus):
    relancer_etats(JANVIER + timedelta(days=13))
    assert lus == []
    ligne = etat.lignes.get(ordre=1)
    an = JANVIER + timedelta(days=365)
    decider(ligne=ligne, geste=GesteLigne.CONTESTER, motif="Non", auteur=decideur, maintenant=an)
    relancer_etats(an + timedelta(days=13))
    assert lus == []
    assert relancer_etats(an + timedelta(days=15)) == 1
    assert lus == [an.date()]


@pytest.mark.parametrize(("instant", "du"), [("2027-04-03 23:59", 0), ("2027-04-04 00:00", 1)])
def test_le_silence_se_compte_en_jours_civils_malgre_l_heure_d_ete(
    convention, collectivite, gestionnaire, agent, decideur, instant, du
):
    """Présenté à 23 h 59, quinze dates plus tard à minuit : quatorze jours et une minute, moins une heure."""
    tracee(collectivite, agent, date(2026, 3, 2), 60)
    mois_fige(convention, gestionnaire, mois=3, maintenant=_a_paris("2027-03-20 23:59"))
    assert relancer_etats(_a_paris(instant)) == du


def _a_paris(instant: str) -> datetime:
    return datetime.fromisoformat(instant).replace(tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.un_moteur
def test_les_rappels_deja_partis_se_cherchent_par_etat_non_dans_toute_la_nature(etat, decideur):
    (plan,) = plans(lambda: relancer_etats(QUINZE_JOURS), "conventions_etatmensuel")[:1]
    assert "INDEX message_objet (objet_type_id=? AND objet_id=?)" in plan
