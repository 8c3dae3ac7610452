"""Deux générations lancées ensemble, une génération tuée : ni doublon, ni trou, ni perte.

De vrais processus, sur la base du test : PostgreSQL sous ``make test-postgres``, SQLite sinon.
"""

import signal
from contextlib import contextmanager
from itertools import cycle

import pytest
from django.db import connection

from dpd.comptes.enums import Role
from dpd.conventions.actions.annuels import empreinte_de
from dpd.conventions.actions.campagne import avancer
from dpd.conventions.actions.campagne import lancer as lancer_la_campagne
from dpd.conventions.models import CampagneEtats, EtatAnnuel, Numerotation
from tests.conftest import creer_personne
from tests.conventions.conftest import creer_indice
from tests.conventions.fabriques_etats import creer_portefeuille
from tests.conventions.processus import attendre, base_partagee, lancer

pytestmark = pytest.mark.django_db(transaction=True)
EXERCICE = 2026


@pytest.fixture
def portefeuille(structure, modele_tranches, bareme_tranches, gestionnaire):
    """``portefeuille(n)`` : n communes à facturer, et une dont la population manque."""
    creer_indice(structure, 2025, 11, "276.9", source="Essai, valeur d’exemple")

    def creer(nombre):
        communes = creer_portefeuille(structure, modele_tranches, nombre + 1)
        sans_population = communes[nombre // 2]
        sans_population.population_totale = sans_population.population_millesime = None
        sans_population.save()
        return structure

    return creer


@contextmanager
def arrete(processus):
    """Ne laisse aucun processus derrière un test qui échoue."""
    try:
        yield processus
    finally:
        processus.kill()
        processus.communicate()


def generer(adresse, structure, *options):
    return lancer(adresse, "generer_etats", structure.siren, str(EXERCICE), *options)


def verifier(structure, nombre):
    """Tous les états, un par collectivité, numérotés sans trou depuis 1, chacun intact."""
    etats = list(EtatAnnuel.objects.select_related("collectivite", "structure").order_by("numero"))
    assert [etat.numero for etat in etats] == list(range(1, nombre + 1))
    assert len({etat.collectivite_id for etat in etats}) == nombre
    assert all(empreinte_de(etat) == etat.empreinte for etat in etats[::20])
    assert EtatAnnuel.history.count() == nombre
    assert Numerotation.objects.get(structure=structure).dernier == nombre
    for campagne in CampagneEtats.objects.all():
        assert campagne.terminee_le is not None
        assert (campagne.traitees, campagne.total) == (nombre + 1, nombre + 1)
        assert [a["motifs"] for a in campagne.anomalies] == [["La population totale n’est pas connue."]]


def test_deux_processus_se_partagent_le_travail_sans_doublon_ni_trou(portefeuille, gestionnaire, tmp_path):
    structure = portefeuille(500)
    autre = creer_personne("autre@cdg.example", "Gisèle", "Comptable", Role.GESTIONNAIRE, structure)
    with base_partagee(tmp_path) as adresse:
        premier = generer(adresse, structure, "--auteur", gestionnaire.email)
        second = generer(adresse, structure, "--auteur", autre.email)
        with arrete(premier), arrete(second):
            sorties = [attendre(premier), attendre(second)]
    assert all("500\u00a0états figés" in sortie for sortie in sorties)
    verifier(structure, 500)
    # Qui prend quel lot dépend de la machine : l’un peut tout faire pendant que l’autre attend son tour.
    assert set(EtatAnnuel.objects.values_list("fige_par", flat=True)) <= {gestionnaire.pk, autre.pk}


def test_deux_personnes_qui_avancent_tour_a_tour_se_partagent_le_travail(
    portefeuille, gestionnaire, maintenant
):
    structure = portefeuille(120)
    autre = creer_personne("autre@cdg.example", "Gisèle", "Comptable", Role.GESTIONNAIRE, structure)
    campagne = lancer_la_campagne(
        structure=structure, exercice=EXERCICE, auteur=gestionnaire, maintenant=maintenant
    )
    tours = cycle((gestionnaire, autre))
    while campagne.terminee_le is None:
        campagne = avancer(campagne=campagne, auteur=next(tours), maintenant=maintenant)
    verifier(structure, 120)
    assert set(EtatAnnuel.objects.values_list("fige_par", flat=True)) == {gestionnaire.pk, autre.pk}


def test_un_processus_tue_au_milieu_se_reprend_sans_perte(portefeuille, tmp_path):
    structure = portefeuille(120)
    with base_partagee(tmp_path) as adresse:
        with arrete(generer(adresse, structure)) as processus:
            assert processus.stdout.readline() == "20 / 121\n"
            processus.send_signal(signal.SIGKILL)
            assert processus.wait(timeout=60) == -signal.SIGKILL
        with arrete(generer(adresse, structure)) as reprise:
            premiere_ligne, *_, bilan, _ = attendre(reprise).splitlines()
    repris_a = int(premiere_ligne.split(" / ")[0])
    assert repris_a > 20, "la reprise part d’où l’on s’est arrêté"
    assert bilan.startswith(f"120\u00a0états figés pour {EXERCICE}")
    assert CampagneEtats.objects.count() == 1
    verifier(structure, 120)


def test_ces_processus_voient_la_base_du_test(portefeuille, tmp_path):
    """Sans quoi les deux tests d’avant ne diraient rien."""
    structure = portefeuille(3)
    with base_partagee(tmp_path) as adresse:
        assert attendre(generer(adresse, structure, "--apercu")).startswith("3\u00a0états à figer")
        attendre(generer(adresse, structure))
    verifier(structure, 3)
    assert connection.vendor in ("postgresql", "sqlite")
