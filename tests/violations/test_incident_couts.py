"""Chaque page d’un incident coûte le même nombre de requêtes à dix et à deux cents lignes."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations.fabriques import creer_prestataire
from tests.violations.fabriques_incidents import (
    SIGNALE_LE,
    creer_communes,
    creer_contrat,
    creer_incident,
    creer_logiciel,
)
from violations.actions.incidents_ouverture import ouvrir
from violations.models import Incident

pytestmark = pytest.mark.django_db
PEU, BEAUCOUP = 10, 200
LISTE_MAX = 14  # session et droits compris


@pytest.fixture(autouse=True)
def _ce_jour_la(time_machine, maintenant):
    cache.clear()
    time_machine.move_to(maintenant, tick=False)


@pytest.fixture
def incident(structure, dpd, prestataire):
    logiciel = creer_logiciel(prestataire, "Familia")
    return creer_incident(structure, dpd, sous_traitant=prestataire, logiciel=logiciel)


def mesurer(client, adresse):
    client.get(adresse)  # ce qui ne se lit qu’une fois par processus est lu
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)
        contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    assert reponse.status_code == 200
    return len(requetes), len(contenu)


def comparer(client, adresse, porter_a, *, borne=LISTE_MAX):
    """Peu ou beaucoup : autant de requêtes, et davantage à lire."""
    porter_a(PEU)
    peu = mesurer(client, adresse)
    porter_a(BEAUCOUP)
    beaucoup = mesurer(client, adresse)
    assert peu[0] == beaucoup[0] <= borne
    assert peu[1] < beaucoup[1]


def adresse_de(incident, nom, *args, **query):
    chemin = [incident.structure.siren, incident.annee, incident.rang, *args]
    return reverse(f"violations:{nom}", args=chemin, query=query or None)


@pytest.mark.parametrize("qui", ["dpd", "agent"])
@pytest.mark.parametrize(("nom", "suite"), [("incident", ()), ("exporter_incident", ("csv",))])
def test_le_suivi_coute_autant_a_dix_qu_a_deux_cents_collectivites(
    connecte, incident, structure, dpd, request, qui, nom, suite
):
    def porter_a(nombre):
        premiere = 0 if nombre == PEU else PEU
        communes = creer_communes(structure, nombre - premiere, premiere=premiere)
        ouvrir(incident=incident, collectivites=communes, auteur=dpd, maintenant=SIGNALE_LE)

    comparer(connecte(request.getfixturevalue(qui)), adresse_de(incident, nom, *suite), porter_a)


def test_un_filtre_ne_coute_pas_davantage(connecte, incident, structure, dpd):
    def porter_a(nombre):
        premiere = 0 if nombre == PEU else PEU
        communes = creer_communes(structure, nombre - premiere, premiere=premiere)
        ouvrir(incident=incident, collectivites=communes, auteur=dpd, maintenant=SIGNALE_LE)

    page = adresse_de(incident, "incident", filtre="non_lues", q="bourg")
    comparer(connecte(dpd), page, porter_a)


@pytest.mark.parametrize("qui", ["dpd", "agent"])
def test_les_propositions_coutent_autant_a_dix_qu_a_deux_cents(connecte, incident, structure, request, qui):
    def porter_a(nombre):
        premiere = 0 if nombre == PEU else PEU
        for commune in creer_communes(structure, nombre - premiere, premiere=premiere):
            creer_contrat(commune, incident.sous_traitant, logiciels=[incident.logiciel])

    page = adresse_de(incident, "ouvrir_incident")
    comparer(connecte(request.getfixturevalue(qui)), page, porter_a, borne=16)


def test_la_liste_coute_autant_a_dix_qu_a_deux_cents_incidents(connecte, structure, agent, dpd):
    def porter_a(nombre):
        deja = Incident.objects.count()
        Incident.objects.creer_en_masse(
            [
                Incident(
                    structure=structure,
                    annee=2025,
                    rang=rang + 1,
                    titre=f"Incident {rang}",
                    recit="x",
                    connaissance=SIGNALE_LE,
                    echeance=SIGNALE_LE + timedelta(hours=24),
                    signale_par=dpd,
                    signale_le=SIGNALE_LE,
                )
                for rang in range(deja, nombre)
            ],
            auteur=dpd,
            maintenant=SIGNALE_LE,
            raison="essai",
        )

    comparer(connecte(agent), reverse("violations:incidents", args=[structure.siren]), porter_a)


def test_le_signalement_coute_autant_a_dix_qu_a_deux_cents_prestataires(connecte, structure, dpd):
    def porter_a(nombre):
        for rang in range(0 if nombre == PEU else PEU, nombre):
            creer_logiciel(creer_prestataire(structure, f"Éditeur {rang:03}"), f"Logiciel {rang:03}")

    comparer(connecte(dpd), reverse("violations:signaler", args=[structure.siren]), porter_a)
