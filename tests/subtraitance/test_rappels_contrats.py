"""Les rappels des contrats : une fois chacun, à qui il faut, jamais trop tôt."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace as Namespace

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from subtraitance.actions import rappels_contrats
from subtraitance.actions.annuaire_lignes import ajouter_certification
from subtraitance.actions.autorisations import decider
from subtraitance.actions.contrats import clore_contrat, modifier_contrat
from subtraitance.actions.rappels_contrats import gestes_de_rappel
from subtraitance.emails_annuaire import CHANGEMENT
from subtraitance.enums import DecisionAutorisation
from subtraitance.models import Autorisation
from tests.conftest import creer_personne
from tests.plans import plans
from tests.subtraitance.fabriques_annuaire import (
    LUNDI,
    ajouter_sous_traitant,
    creer_contrats,
    creer_fiche,
    creer_fiches,
    noter_contrat,
)

pytestmark = pytest.mark.django_db
JOUR = LUNDI.date()
SYLVIE, MAIRE, DPD = "sylvie@montpezat.example", "maire@montpezat.example", "dpd@cdg.example"


@pytest.fixture
def fiche(structure, dpd):
    return creer_fiche(structure, dpd)


@pytest.fixture(autouse=True)
def _des_gens(referent, decideur):
    pass


def rappeler(maintenant=LUNDI):
    return sum(geste() for geste in gestes_de_rappel(maintenant))


def recus(nature):
    return sorted(
        Message.objects.filter(nature=f"subtraitance.{nature}").values_list("destinataire", flat=True)
    )


def test_le_terme_qui_approche_se_rappelle_une_fois(collectivite, fiche, referent):
    contrat = noter_contrat(collectivite, fiche, referent, fin=date(2027, 2, 24))
    assert rappeler() == 0
    assert [rappeler(LUNDI + timedelta(days=jours)) for jours in (1, 1, 30)] == [2, 0, 0]
    assert recus("contrat_terme") == [MAIRE, SYLVIE]
    modifier_contrat(contrat=contrat, auteur=referent, maintenant=LUNDI, fin=date(2027, 2, 20))
    assert rappeler() == 2


def test_le_terme_passe_se_rappelle_une_fois_tant_que_le_contrat_n_est_pas_clos(
    collectivite, fiche, referent
):
    contrat = noter_contrat(collectivite, fiche, referent, fin=JOUR)
    autre = noter_contrat(collectivite, fiche, referent, objet="Autre", fin=date(2025, 6, 1))
    clore_contrat(contrat=autre, fin=date(2025, 6, 1), motif="x", auteur=referent, maintenant=LUNDI)
    assert rappeler() == 2  # il finit aujourd’hui
    assert [rappeler(LUNDI + timedelta(days=1)) for _ in range(2)] == [2, 0]
    assert recus("contrat_echu") == [MAIRE, SYLVIE]
    assert Message.objects.filter(nature="subtraitance.contrat_echu").first().objet == contrat


def test_un_contrat_retouche_apres_son_rappel_n_est_pas_rappele_deux_fois(collectivite, fiche, referent):
    contrat = noter_contrat(collectivite, fiche, referent, fin=date(2027, 2, 20))
    assert rappeler() == 2
    modifier_contrat(contrat=contrat, auteur=referent, maintenant=LUNDI, reference="2027-4")
    contrat.refresh_from_db()
    assert contrat.rappel_le == date(2026, 11, 20)  # relu, pour juger d’un terme qui aurait changé
    assert rappeler() == 0
    contrat.refresh_from_db()
    assert contrat.rappel_le == date(2027, 2, 21)
    assert recus("contrat_terme") == [MAIRE, SYLVIE]


def test_un_rappel_attend_que_la_collectivite_ait_quelqu_un(voisine, fiche, dpd):
    voisine.courriel = ""
    voisine.save()
    contrat = noter_contrat(voisine, fiche, dpd, fin=JOUR)
    assert rappeler() == 0
    contrat.refresh_from_db()
    assert contrat.rappel_le <= JOUR
    creer_personne("lea@septfonds.example", "Léa", "Mas", Role.REFERENT, voisine)
    assert [rappeler(), rappeler()] == [1, 0]


def test_un_contrat_prolonge_entre_temps_ne_se_rappelle_pas(collectivite, fiche, referent):
    contrat = noter_contrat(collectivite, fiche, referent, fin=date(2026, 12, 1))
    (geste,) = gestes_de_rappel(LUNDI)
    modifier_contrat(contrat=contrat, auteur=referent, maintenant=LUNDI, fin=date(2029, 1, 1))
    assert geste() == 0


def test_une_collectivite_qui_n_est_plus_suivie_ne_recoit_rien(collectivite, fiche, referent):
    noter_contrat(collectivite, fiche, referent, fin=JOUR)
    collectivite.active = False
    collectivite.save()
    assert list(gestes_de_rappel(LUNDI)) == []


def test_une_certification_expiree_previent_le_dpd_et_les_collectivites_une_fois(
    collectivite, fiche, referent, dpd
):
    noter_contrat(collectivite, fiche, referent)
    ajouter_certification(fiche=fiche, nom="HDS", expire_le=JOUR, auteur=dpd, maintenant=LUNDI)
    assert rappeler() == 0
    lendemain = LUNDI + timedelta(days=1)
    deux = list(gestes_de_rappel(lendemain)) + list(gestes_de_rappel(lendemain))
    assert [geste() for geste in deux] == [2, 0]
    assert rappeler(lendemain) == 0
    assert recus("certification_expiree") == [DPD]
    messages = Message.objects.filter(nature=CHANGEMENT)
    assert sorted(messages.values_list("destinataire", flat=True)) == [MAIRE, SYLVIE]
    assert "a expiré" in messages[0].corps


def test_sans_dpd_une_certification_expiree_attend_et_ne_se_redit_pas_a_chaque_minute(
    collectivite, fiche, referent, dpd
):
    noter_contrat(collectivite, fiche, referent)
    ajouter_certification(fiche=fiche, nom="HDS", expire_le=JOUR, auteur=dpd, maintenant=LUNDI)
    lendemain = LUNDI + timedelta(days=1)
    for actif, attendus in ((False, [0, 0]), (True, [2, 0])):
        dpd.is_active = actif
        dpd.save()
        assert [rappeler(lendemain + timedelta(minutes=n)) for n in range(2)] == attendus
    assert Message.objects.filter(nature=CHANGEMENT).count() == 2


def test_une_certification_retiree_entre_temps_ne_se_dit_pas(fiche, dpd):
    certification = ajouter_certification(
        fiche=fiche, nom="HDS", expire_le=date(2026, 1, 1), auteur=dpd, maintenant=LUNDI
    )
    (geste,) = gestes_de_rappel(LUNDI)
    certification.retiree_le = LUNDI
    certification.enregistrer(auteur=dpd, maintenant=LUNDI, raison="x")
    assert geste() == 0


@pytest.fixture
def attendue(structure, collectivite, fiche, referent, dpd):
    noter_contrat(collectivite, fiche, referent)
    ajouter_sous_traitant(fiche, creer_fiche(structure, dpd, "Hébergeur"), dpd)
    return Autorisation.objects.get()


def test_une_autorisation_sans_reponse_se_rappelle_a_sept_puis_trente_jours(attendue):
    envois = [rappeler(LUNDI + timedelta(days=jours)) for jours in (6, 7, 8, 29, 30, 31, 90)]
    assert envois == [0, 2, 0, 0, 2, 0, 0]
    assert "depuis le lundi 23\u00a0novembre 2026" in Message.objects.latest("pk").corps


def test_rappelee_une_autorisation_ne_se_relit_plus_avant_son_prochain_rappel(attendue):
    def gestes(jours):
        return len(list(gestes_de_rappel(LUNDI + timedelta(days=jours))))

    semaine, mois = (LUNDI + timedelta(days=jours) for jours in (7, 30))
    assert attendue.rappel_le == semaine
    avant = attendue.history.count()
    rappeler(semaine)
    assert (gestes(29), gestes(30)) == (0, 1)
    attendue.refresh_from_db()
    assert attendue.rappel_le == mois
    rappeler(mois)
    assert gestes(3650) == 0
    attendue.refresh_from_db()
    assert attendue.rappel_le is None
    assert attendue.history.count() == avant


def test_le_rappel_d_une_autorisation_attend_que_la_collectivite_ait_quelqu_un(
    structure, voisine, fiche, dpd
):
    voisine.courriel = ""
    voisine.save()
    noter_contrat(voisine, fiche, dpd)
    ajouter_sous_traitant(fiche, creer_fiche(structure, dpd, "Hébergeur"), dpd)
    assert rappeler(LUNDI + timedelta(days=8)) == 0
    creer_personne("lea@septfonds.example", "Léa", "Mas", Role.REFERENT, voisine)
    assert [rappeler(LUNDI + timedelta(days=9)) for _ in range(2)] == [1, 0]


def test_une_autorisation_deja_rappelee_n_ecrit_pas_a_qui_arrive_ensuite(attendue, collectivite):
    """Ce que laisse la migration : un rappel prévu au passé, pour une demande déjà rappelée."""
    assert rappeler(LUNDI + timedelta(days=30)) == 2
    attendue.rappel_le = LUNDI + timedelta(days=7)
    attendue.save_without_historical_record(update_fields=["rappel_le"])
    creer_personne("lea@montpezat.example", "Léa", "Mas", Role.REFERENT, collectivite)
    assert rappeler(LUNDI + timedelta(days=90)) == 0
    attendue.refresh_from_db()
    assert attendue.rappel_le is None


def test_une_autorisation_generale_ne_se_rappelle_pas(structure, collectivite, fiche, referent, dpd):
    noter_contrat(collectivite, fiche, referent, autorisation="generale", objection_jours=60)
    ajouter_sous_traitant(fiche, creer_fiche(structure, dpd, "Hébergeur"), dpd)
    assert Autorisation.objects.get().rappel_le is None
    assert list(gestes_de_rappel(LUNDI + timedelta(days=31))) == []


def test_la_migration_prevoit_le_rappel_des_seules_demandes_qui_attendent(
    structure, collectivite, attendue, fiche, referent, dpd, decideur
):
    noter_contrat(collectivite, fiche, referent, objet="Autre", autorisation="generale", objection_jours=60)
    ajouter_sous_traitant(fiche, creer_fiche(structure, dpd, "Archiveur"), dpd)
    decidee, generale = Autorisation.objects.exclude(pk=attendue.pk).order_by("regime").reverse()
    decider(autorisation=decidee, decision="autorisee", auteur=decideur, maintenant=LUNDI)
    migration = import_module("subtraitance.migrations.0005_rappel_des_autorisations")
    lignes = QuerySet(Autorisation)  # telles que la migration les voit : sans nos refus d’écrire en masse
    lignes.update(rappel_le=None)
    migration.prevoir_les_rappels(Namespace(get_model=lambda *_: Namespace(objects=lignes)), None)
    prevus = dict(lignes.values_list("pk", "rappel_le"))
    assert prevus == {attendue.pk: LUNDI + timedelta(days=7), decidee.pk: None, generale.pk: None}


def test_une_decision_prise_entre_temps_ne_se_rappelle_pas(attendue, decideur):
    (geste,) = gestes_de_rappel(LUNDI + timedelta(days=7))
    attendue.decision, attendue.decidee_par = DecisionAutorisation.AUTORISEE, decideur
    attendue.enregistrer(auteur=decideur, maintenant=LUNDI, raison="x")
    assert geste() == 0


def test_le_silence_d_une_autorisation_generale_se_constate(structure, collectivite, fiche, referent, dpd):
    noter_contrat(collectivite, fiche, referent, autorisation="generale", objection_jours=10)
    ajouter_sous_traitant(fiche, creer_fiche(structure, dpd, "Hébergeur"), dpd)
    for jours, decision in ((10, "attendue"), (11, "silence")):
        rappeler(LUNDI + timedelta(days=jours))
        assert Autorisation.objects.get().decision == decision
    assert list(gestes_de_rappel(LUNDI + timedelta(days=12))) == []


def test_les_rappels_a_faire_se_trouvent_en_autant_de_requetes_a_deux_qu_a_trente(
    structure, collectivite, monkeypatch
):
    def cout():
        with CaptureQueriesContext(connection) as requetes:
            list(gestes_de_rappel(LUNDI))
        return len(requetes)

    def peupler(nombre, premiere):
        for contrat in creer_contrats(collectivite, creer_fiches(structure, nombre, premiere=premiere)):
            contrat.fin = contrat.rappel_le = date(2026, 1, 1)
            contrat.enregistrer(auteur=None, maintenant=LUNDI, raison="x")

    peupler(2, 0)
    peu = cout()
    peupler(28, 2)
    assert cout() == peu
    monkeypatch.setattr(rappels_contrats, "LOT", 7)
    assert len(list(gestes_de_rappel(LUNDI))) == 30
    assert rappeler() == 60
    assert rappeler() == 0


@pytest.mark.un_moteur
def test_ce_qui_est_deja_parti_se_cherche_par_contrat_non_dans_toute_la_nature(collectivite, fiche, referent):
    noter_contrat(collectivite, fiche, referent, fin=JOUR)
    lectures = plans(rappeler, "messagerie_message")
    assert any("INDEX message_objet (objet_type_id=? AND objet_id=?)" in plan for plan in lectures)
    assert not any("messagerie_message_nature" in plan for plan in lectures)
