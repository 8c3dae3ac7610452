"""Deux personnes préviennent au même instant : aucune collectivité n’est prévenue deux fois.

De vrais processus, sur la base du test : PostgreSQL sous ``make test-postgres``, SQLite sinon.
"""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError

from dpd.messagerie.models import Message
from tests.conventions.processus import base_partagee
from tests.violations.fabriques_incidents import SIGNALE_LE, creer_communes, creer_incident
from tests.violations.processus_incident import lancer, partir
from violations.actions.incidents_ouverture import ouvrir
from violations.emails_incidents import AVIS
from violations.models import Evenement, Incident, PrestataireImplique, Rappel, Violation

pytestmark = pytest.mark.django_db(transaction=True)
COMMUNES = 60


@contextmanager
def arretes(*processus):
    """Ne laisse aucun processus derrière un test qui échoue."""
    try:
        yield processus
    finally:
        for un in processus:
            un.kill()
            un.wait()


def verifier(nombre):
    """Une violation par commune, chacune entière, et un seul avis à chacune."""
    assert Violation.objects.count() == nombre
    assert Violation.objects.values("collectivite").distinct().count() == nombre
    assert Violation.history.count() == nombre
    assert (Evenement.objects.count(), PrestataireImplique.objects.count()) == (nombre, nombre)
    assert Rappel.objects.count() == 5 * nombre
    avis = Message.objects.filter(nature=AVIS)
    assert (avis.count(), avis.values("destinataire").distinct().count()) == (nombre, nombre)


def test_deux_processus_simultanes_n_en_font_pas_une_de_plus(structure, dpd, agent, tmp_path):
    creer_communes(structure, COMMUNES)
    incident = creer_incident(structure, dpd)
    with base_partagee(tmp_path) as adresse:
        un = lancer(adresse, incident, dpd, SIGNALE_LE)
        autre = lancer(adresse, incident, agent, SIGNALE_LE)
        with arretes(un, autre):
            prevenues = partir(un, autre)
    assert sorted(prevenues) == [0, COMMUNES]
    verifier(COMMUNES)
    assert Incident.history.count() == 2, "signalé, puis prévenu une seule fois"


def test_un_second_passage_ne_fait_que_completer_le_premier(structure, dpd, tmp_path):
    premieres = creer_communes(structure, 20)
    incident = creer_incident(structure, dpd)
    ouvrir(incident=incident, collectivites=premieres, auteur=dpd, maintenant=SIGNALE_LE)
    creer_communes(structure, COMMUNES - 20, premiere=20)
    with base_partagee(tmp_path) as adresse:
        un, autre = (lancer(adresse, incident, dpd, SIGNALE_LE) for _ in range(2))
        with arretes(un, autre):
            prevenues = partir(un, autre)
    assert sorted(prevenues) == [0, COMMUNES - 20]
    verifier(COMMUNES)


def test_la_base_elle_meme_refuse_une_seconde_violation_du_meme_incident(structure, dpd):
    communes = creer_communes(structure, 1)
    incident = creer_incident(structure, dpd)
    ouvrir(incident=incident, collectivites=communes, auteur=dpd, maintenant=SIGNALE_LE)
    double = Violation.objects.get()
    double.pk, double.rang, double._state.adding = None, 2, True
    with pytest.raises(IntegrityError):
        double.save()
