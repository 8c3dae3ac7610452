"""Quelles collectivités un incident touche : par contrat, par logiciel, par fiche, et pourquoi."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dpd.comptes.enums import Role
from registre import actions as registre
from registre.ecriture import fiche_de
from registre.regles.contenu import LignePrestataire
from tests.conftest import creer_collectivite, creer_personne
from tests.registre.conftest import remplir
from tests.violations.fabriques import creer_prestataire
from tests.violations.fabriques_incidents import (
    SIGNALE_LE,
    creer_communes,
    creer_contrat,
    creer_incident,
    creer_logiciel,
)
from violations.actions.incidents_ouverture import ouvrir
from violations.incidents_propositions import ACCOMPAGNEE, chercher, proposer
from violations.regles.rapprochement import Indice, cite, cle_de

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 23)
CITE = "est cité au registre\u00a0:"


@pytest.fixture
def logiciel(prestataire):
    return creer_logiciel(prestataire, "Familia")


@pytest.fixture
def incident(structure, dpd, prestataire, logiciel):
    return creer_incident(structure, dpd, sous_traitant=prestataire, logiciel=logiciel)


def creer_fiche(collectivite, referent, nom, *, logiciels="", prestataires=()):
    version = registre.creer(collectivite=collectivite, nom=nom, auteur=referent, maintenant=SIGNALE_LE)
    declares = tuple(LignePrestataire(type="portail-famille", nom=declare) for declare in prestataires)
    fiche = replace(remplir(fiche_de(version)), logiciels=logiciels, prestataires=declares)
    return registre.enregistrer_contenu(
        version=version, fiche=fiche, auteur=referent, maintenant=SIGNALE_LE, raison="x"
    )


def indices(incident, **options):
    return {
        p.collectivite.nom: [(r.indice, r.precise) for r in p.raisons]
        for p in proposer(incident, JOUR, detaille=True, **options)
    }


@pytest.mark.parametrize(
    ("nom", "cle"),
    [("SAS Logi-Quercy", "logi quercy"), ("Éditions du Lot SARL", "editions du lot"), ("SA", ""), ("O2", "")],
)
def test_un_nom_se_cherche_par_ses_mots_sans_forme_juridique(nom, cle):
    assert cle_de(nom) == cle


def test_un_nom_se_lit_en_mots_entiers():
    assert cite("agora", "Agora, gestion")
    assert not cite("agora", "agoraphobie")
    assert not cite("", "rien")


def test_sans_rien_qui_la_designe_une_collectivite_n_est_pas_proposee(incident, collectivite, voisine):
    assert proposer(incident, JOUR, detaille=True) == []


def test_le_logiciel_note_au_contrat_designe_le_plus_surement(
    incident, prestataire, logiciel, collectivite, voisine
):
    creer_contrat(collectivite, prestataire, objet="Cantine")
    creer_contrat(voisine, prestataire, logiciels=[logiciel])
    propositions = proposer(incident, JOUR, detaille=True)
    assert [p.collectivite for p in propositions] == [voisine, collectivite]
    assert all(p.sure for p in propositions)
    assert propositions[0].raisons[0].precise == "contrat en cours\u00a0: Portail familles, qui nomme Familia"
    assert "Cantine" in propositions[1].raisons[0].precise


def test_un_contrat_qui_nomme_d_autres_logiciels_ou_qui_a_pris_fin_se_propose_sans_etre_coche(
    incident, prestataire, collectivite, voisine
):
    creer_contrat(collectivite, prestataire, logiciels=[creer_logiciel(prestataire, "Paie")])
    creer_contrat(voisine, prestataire, fin=date(2026, 6, 30))
    par_nom = {p.collectivite: p for p in proposer(incident, JOUR, detaille=True)}
    assert [r.indice for r in par_nom[collectivite].raisons] == [Indice.LOGICIEL_NON_NOTE]
    assert [r.indice for r in par_nom[voisine].raisons] == [Indice.CONTRAT_FINI]
    assert not any(p.sure for p in par_nom.values())


def test_un_contrat_en_cours_fait_taire_les_doutes_d_un_autre(incident, prestataire, logiciel, collectivite):
    creer_contrat(collectivite, prestataire, fin=date(2025, 6, 30))
    creer_contrat(collectivite, prestataire, logiciels=[creer_logiciel(prestataire, "Paie")])
    creer_contrat(collectivite, prestataire, logiciels=[logiciel])
    assert [i for i, _ in indices(incident)[collectivite.nom]] == [Indice.LOGICIEL]


def test_un_contrat_a_venir_ou_chez_un_autre_ne_designe_personne(
    incident, structure, prestataire, collectivite
):
    creer_contrat(collectivite, prestataire, debut=date(2027, 1, 1))
    creer_contrat(collectivite, creer_prestataire(structure, "Autre"))
    assert proposer(incident, JOUR, detaille=True) == []


def test_sans_logiciel_tout_contrat_en_cours_designe(structure, dpd, prestataire, collectivite):
    incident = creer_incident(structure, dpd, sous_traitant=prestataire)
    creer_contrat(collectivite, prestataire, logiciels=[creer_logiciel(prestataire, "Paie")])
    assert [i for i, _ in indices(incident)[collectivite.nom]] == [Indice.CONTRAT]


def test_un_contrat_passe_avec_une_fiche_reunie_a_la_sienne_compte(
    incident, structure, prestataire, collectivite
):
    ancienne = creer_prestataire(structure, "Logi Quercy SARL")
    creer_contrat(collectivite, ancienne)
    ancienne.etat, ancienne.fusionne_dans = "fusionnee", prestataire
    ancienne.enregistrer(auteur=None, maintenant=SIGNALE_LE, raison="x")
    assert collectivite.nom in indices(incident)


def test_une_fiche_qui_cite_le_logiciel_ou_le_prestataire_designe(incident, collectivite, voisine, referent):
    autre = creer_personne("r@septfonds.example", "R", "S", Role.REFERENT, voisine)
    creer_fiche(collectivite, referent, "Cantine", logiciels="FAMILIA (hébergé)")
    creer_fiche(collectivite, referent, "Étude", logiciels="Familia")
    creer_fiche(voisine, autre, "Centre de loisirs", prestataires=["Sté Logi-Quercy", ""])
    assert indices(incident) == {
        collectivite.nom: [
            (Indice.FICHE_LOGICIEL, f"ce logiciel {CITE} «\u00a0Cantine\u00a0» et 1\u00a0autre")
        ],
        voisine.nom: [(Indice.FICHE_PRESTATAIRE, f"ce prestataire {CITE} «\u00a0Centre de loisirs\u00a0»")],
    }


def test_une_fiche_qui_ne_fait_que_ressembler_ne_designe_pas(incident, collectivite, referent):
    creer_fiche(collectivite, referent, "Familiales, logi quercy", logiciels="Familiales")
    assert proposer(incident, JOUR, detaille=True) == []


def test_sans_logiciel_les_fiches_qui_citent_l_un_des_siens_designent(
    structure, dpd, prestataire, logiciel, collectivite, referent
):
    creer_fiche(collectivite, referent, "Cantine", logiciels="Familia")
    incident = creer_incident(structure, dpd, sous_traitant=prestataire)
    assert [i for i, _ in indices(incident)[collectivite.nom]] == [Indice.FICHE_LOGICIEL]


def test_un_prestataire_au_nom_trop_court_ne_se_cherche_pas_dans_les_fiches(
    structure, dpd, collectivite, referent
):
    creer_fiche(collectivite, referent, "Cantine", prestataires=["O2"])
    incident = creer_incident(structure, dpd, sous_traitant=creer_prestataire(structure, "O2"))
    assert proposer(incident, JOUR, detaille=True) == []


def test_l_incident_de_la_structure_touche_toutes_celles_qu_elle_suit(structure, dpd, collectivite, voisine):
    voisine.active = False
    voisine.save()
    incident = creer_incident(structure, dpd)
    assert indices(incident) == {collectivite.nom: [(Indice.STRUCTURE, ACCOMPAGNEE)]}


def test_on_ajoute_une_collectivite_de_la_structure_jamais_d_une_autre(
    incident, collectivite, voisine, lointaine
):
    ajoutees = (voisine.siren, lointaine.siren, "000000000")
    assert indices(incident, ajoutees=ajoutees) == {voisine.nom: []}
    assert chercher(incident, "septf", {collectivite.siren}) == [voisine]
    assert chercher(incident, "septf", {voisine.siren}) == []
    assert chercher(incident, "bellerive", set()) == []
    assert chercher(incident, "  ", set()) == []


def test_une_collectivite_que_rien_n_atteint_se_voit_et_n_est_pas_cochee(incident, structure, prestataire):
    muette = creer_collectivite(structure, "Muette", "218201804", courriel="")
    creer_contrat(muette, prestataire)
    assert [(p.joignable, p.sure) for p in proposer(incident, JOUR, detaille=True)] == [(False, False)]


def test_les_deja_prevenues_viennent_a_la_fin(incident, prestataire, logiciel, collectivite, voisine, dpd):
    creer_contrat(collectivite, prestataire, logiciels=[logiciel])
    creer_contrat(voisine, prestataire)
    ouvrir(incident=incident, collectivites=[collectivite], auteur=dpd, maintenant=SIGNALE_LE)
    propositions = proposer(incident, JOUR, detaille=True)
    assert [p.collectivite for p in propositions] == [voisine, collectivite]
    assert [p.sure for p in propositions] == [True, False]
    assert propositions[1].deja.incident == incident


def test_proposer_coute_autant_a_dix_qu_a_mille_collectivites(incident, structure, prestataire, logiciel):
    def mesurer(nombre, premiere):
        for commune in creer_communes(structure, nombre, premiere=premiere)[:20]:
            creer_contrat(commune, prestataire, logiciels=[logiciel])
        with CaptureQueriesContext(connection) as requetes:
            lues = proposer(incident, JOUR, detaille=True)
        return len(requetes), len(lues)

    peu, beaucoup = mesurer(10, 0), mesurer(990, 10)
    assert peu[1] < beaucoup[1]
    assert peu[0] == beaucoup[0] <= 9
