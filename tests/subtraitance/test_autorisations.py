"""Autoriser un sous-traitant ultérieur : le silence vaut refus, ou accord une fois le délai passé."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dpd.messagerie.models import Message
from subtraitance import autorisations_lues as lues
from subtraitance.actions.annuaire_lignes import retirer_ulterieur
from subtraitance.actions.autorisations import constater_silence, decider, demander
from subtraitance.actions.contrats import clore_contrat
from subtraitance.emails_annuaire import CHANGEMENT
from subtraitance.enums import DecisionAutorisation
from subtraitance.models import Autorisation, Contrat
from tests.conftest import creer_collectivite
from tests.pieces.fabriques import fichier
from tests.subtraitance.fabriques_annuaire import LUNDI, ajouter_sous_traitant, creer_fiche, noter_contrat

pytestmark = pytest.mark.django_db
JOUR = LUNDI.date()
OUI, NON = DecisionAutorisation.AUTORISEE, DecisionAutorisation.REFUSEE
OPPOSE, SILENCE = DecisionAutorisation.OPPOSEE, DecisionAutorisation.SILENCE


@pytest.fixture
def fiche(structure, dpd):
    return creer_fiche(structure, dpd)


@pytest.fixture
def hebergeur(structure, dpd):
    return creer_fiche(structure, dpd, "Hébergeur")


@pytest.fixture
def specifique(collectivite, fiche, hebergeur, referent, decideur, dpd):
    noter_contrat(collectivite, fiche, referent)
    ajouter_sous_traitant(fiche, hebergeur, dpd, garanties="Hébergé à Lyon")
    return Autorisation.objects.get()


@pytest.fixture
def generale(collectivite, fiche, hebergeur, referent, decideur, dpd):
    noter_contrat(collectivite, fiche, referent, autorisation="generale", objection_jours=15)
    ajouter_sous_traitant(fiche, hebergeur, dpd)
    return Autorisation.objects.get()


def trancher(autorisation, decideur, decision, motif="", maintenant=LUNDI, **champs):
    return decider(
        autorisation=autorisation,
        decision=decision,
        motif=motif,
        auteur=decideur,
        maintenant=maintenant,
        **champs,
    )


def etat(autorisation, jour=JOUR):
    lue = lues.de_la_collectivite(autorisation.collectivite).get(pk=autorisation.pk)
    return lues.etat_de(lue, jour).libelle


def test_chaque_contrat_en_cours_recoit_sa_demande(
    structure, collectivite, voisine, fiche, hebergeur, dpd, referent
):
    courant = noter_contrat(collectivite, fiche, referent)
    general = noter_contrat(
        collectivite, fiche, referent, objet="Autre", autorisation="generale", objection_jours=15
    )
    noter_contrat(voisine, fiche, dpd, fin=date(2026, 1, 1))
    noter_contrat(voisine, hebergeur, dpd)
    clos = noter_contrat(collectivite, fiche, referent, objet="Clos")
    clore_contrat(contrat=clos, fin=JOUR, motif="x", auteur=referent, maintenant=LUNDI)
    ajouter_sous_traitant(fiche, hebergeur, dpd, garanties=" Lyon ")
    demandes = {a.contrat: a for a in Autorisation.objects.select_related("contrat")}
    assert set(demandes) == {courant, general}
    assert (demandes[courant].objection_avant, demandes[courant].garanties) == (None, "Lyon")
    assert demandes[general].objection_avant == date(2026, 12, 8)
    assert demandes[courant].history.get().history_change_reason == "Autorisation demandée"


def test_le_courriel_dit_ce_que_vaut_le_silence(specifique):
    corps = Message.objects.filter(nature=CHANGEMENT).first().corps
    assert "Sans réponse de votre part, c’est non" in corps
    assert f"/autorisations/{specifique.pk}/" in corps
    assert "Lyon" not in corps


def test_le_courriel_d_une_autorisation_generale_dit_jusqu_a_quand(generale):
    corps = Message.objects.filter(nature=CHANGEMENT).first().corps
    assert "vous opposer à ce sous-traitant jusqu’au mardi 8\u00a0décembre 2026" in corps


def test_un_ajout_coute_autant_a_deux_qu_a_trente_collectivites(structure, fiche, dpd):
    def cout(nombre, nom):
        autre = creer_fiche(structure, dpd, nom)
        for rang in range(Contrat.objects.count(), nombre):
            commune = creer_collectivite(structure, f"Bourg{rang}", f"{210000000 + rang}")
            noter_contrat(commune, fiche, dpd)
        with CaptureQueriesContext(connection) as requetes:
            ajouter_sous_traitant(fiche, autre, dpd)
        return len(requetes)

    assert cout(2, "Un") == cout(30, "Deux")
    assert Autorisation.objects.count() == 32


@pytest.mark.parametrize(("decision", "motif"), [(OUI, ""), (NON, "Hors d’Europe")])
def test_le_responsable_repond_une_fois(specifique, decideur, decision, motif):
    for _ in range(2):
        decidee = trancher(specifique, decideur, decision, motif, fichier=fichier())
    assert (decidee.decision, decidee.decidee_par, decidee.decidee_le) == (decision, decideur, LUNDI)
    assert (decidee.piece.collectivite, decidee.history.count()) == (specifique.collectivite, 2)
    with pytest.raises(ValidationError, match="déjà prise"):
        trancher(specifique, decideur, OUI if decision == NON else NON, "x")


@pytest.mark.parametrize(
    ("nom", "decision", "motif", "champ"),
    [
        ("specifique", NON, " ", "motif"),
        ("generale", OPPOSE, "", "motif"),
        ("specifique", OPPOSE, "x", "decision"),
        ("generale", NON, "x", "decision"),
        ("generale", SILENCE, "x", "decision"),
    ],
)
def test_une_reponse_impossible_se_dit_sous_son_champ(request, decideur, nom, decision, motif, champ):
    with pytest.raises(ValidationError) as refus:
        trancher(request.getfixturevalue(nom), decideur, decision, motif)
    assert list(refus.value.message_dict) == [champ]


def test_le_silence_ne_vaut_accord_qu_une_fois_le_delai_passe(generale):
    paris = ZoneInfo("Europe/Paris")
    dernier = datetime(2026, 12, 8, 23, 59, tzinfo=paris)
    assert constater_silence(autorisation_id=generale.pk, maintenant=dernier) == 0
    assert etat(generale) == "Opposition possible jusqu’au 8\u00a0déc. 2026"
    lendemain = dernier + timedelta(minutes=1)
    assert etat(generale, lendemain.date()) == "Délai passé sans opposition"
    faits = [constater_silence(autorisation_id=generale.pk, maintenant=lendemain) for _ in range(2)]
    generale.refresh_from_db()
    assert (faits, generale.decision, generale.decidee_par) == ([1, 0], SILENCE, None)
    assert (generale.decidee_le, etat(generale)) == (lendemain, "Accepté, sans opposition")


def test_le_delai_se_compte_a_l_heure_de_la_collectivite(generale):
    generale.collectivite.territoire = "guyane"
    generale.collectivite.save()
    minuit_a_paris = datetime(2026, 12, 9, 0, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert constater_silence(autorisation_id=generale.pk, maintenant=minuit_a_paris) == 0
    assert constater_silence(autorisation_id=generale.pk, maintenant=minuit_a_paris + timedelta(hours=4)) == 1


def test_le_silence_d_une_autorisation_specifique_reste_un_refus(specifique):
    assert constater_silence(autorisation_id=specifique.pk, maintenant=LUNDI + timedelta(days=400)) == 0
    assert etat(specifique) == "Décision attendue"


def test_s_opposer_apres_le_delai_se_refuse_autoriser_reste_possible(generale, decideur):
    tard = LUNDI + timedelta(days=16)
    with pytest.raises(ValidationError) as refus:
        trancher(generale, decideur, OPPOSE, "x", tard)
    assert "mardi 8\u00a0décembre 2026" in refus.value.message_dict["decision"][0]
    assert trancher(generale, decideur, OUI, maintenant=tard).decision == OUI


def test_le_retrait_du_sous_traitant_rend_la_demande_sans_objet(generale, decideur, dpd):
    retirer_ulterieur(lien=generale.ulterieur, auteur=dpd, maintenant=LUNDI)
    assert etat(generale).startswith("Sans objet")
    with pytest.raises(ValidationError, match="plus rien à décider"):
        trancher(generale, decideur, OUI)
    tard = LUNDI + timedelta(days=16)
    assert constater_silence(autorisation_id=generale.pk, maintenant=tard) == 0


def test_un_contrat_plus_recent_que_le_sous_traitant_demande_sa_decision(
    collectivite, fiche, hebergeur, referent, decideur, dpd
):
    lien = ajouter_sous_traitant(fiche, hebergeur, dpd)
    contrat = noter_contrat(collectivite, fiche, referent)
    (ultime,) = lues.du_contrat(contrat, JOUR)
    assert (ultime.etat.libelle, ultime.a_demander) == ("Jamais demandé", True)
    demandes = {demander(contrat=contrat, lien=lien, auteur=referent, maintenant=LUNDI) for _ in range(2)}
    assert len(demandes) == 1
    trancher(demandes.pop(), decideur, NON, "x")
    (ultime,) = lues.du_contrat(contrat, JOUR)
    assert (ultime.etat.libelle, ultime.a_demander, ultime.a_decider) == ("Refusé", True, False)
    demander(contrat=contrat, lien=lien, auteur=referent, maintenant=LUNDI + timedelta(days=1))
    (ultime,) = lues.du_contrat(contrat, JOUR)
    assert ultime.a_decider


def test_on_ne_demande_ni_pour_un_contrat_clos_ni_pour_un_autre_prestataire(
    structure, collectivite, fiche, hebergeur, referent, dpd
):
    lien = ajouter_sous_traitant(fiche, hebergeur, dpd)
    ailleurs = noter_contrat(collectivite, hebergeur, referent)
    with pytest.raises(ValidationError, match="ne travaille pas"):
        demander(contrat=ailleurs, lien=lien, auteur=referent, maintenant=LUNDI)
    clos = noter_contrat(collectivite, fiche, referent)
    clore_contrat(contrat=clos, fin=JOUR, motif="x", auteur=referent, maintenant=LUNDI)
    with pytest.raises(ValidationError, match="clos"):
        demander(contrat=clos, lien=lien, auteur=referent, maintenant=LUNDI)


def test_un_contrat_clos_laisse_sa_demande_sans_objet(specifique, referent):
    clore_contrat(contrat=specifique.contrat, fin=JOUR, motif="x", auteur=referent, maintenant=LUNDI)
    assert etat(specifique) == "Sans objet\u00a0: contrat clos"
    (ultime,) = lues.du_contrat(Contrat.objects.get(), JOUR)
    assert not ultime.a_demander
    assert not ultime.a_decider
