"""Deux ``manage.py relancer`` tournent ensemble : aucun rappel en double, aucun courriel en double.

De vrais processus et un vrai serveur SMTP, sur la base du test. Les échéances tombent pendant l’essai,
pour que les deux se disputent les mêmes rappels à chaque seconde.
"""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from post_office.models import STATUS, Email

from dpd.comptes.enums import Role
from dpd.messagerie.models import Message
from tests.conftest import creer_collectivite, creer_personne
from tests.conventions.processus import attendre, base_partagee, lancer
from tests.messagerie.serveur import serveur_smtp
from tests.violations.fabriques import creer_violation
from violations.models import Rappel

pytestmark = pytest.mark.django_db(transaction=True)
COMMUNES = 40
# Soixante secondes sur PostgreSQL, où deux machines peuvent vraiment tourner ; SQLite n’a qu’un écrivain.
DUREES = {"postgresql": 60, "sqlite": 12}


@pytest.fixture
def demarrage(structure, tmp_path):
    """Trois démarrages, en secondes : même sur une machine chargée, les deux tournent d’ici là."""
    debut = time.monotonic()
    with base_partagee(tmp_path) as adresse:
        attendre(lancer(adresse, "relancer"))
    return 3 * (time.monotonic() - debut)


@pytest.fixture
def echeances_proches(structure, demarrage):
    """Une violation par commune, dont le dernier palier tombe à chaque seconde de l’essai."""
    duree = DUREES[connection.vendor]
    depart = timezone.now() + timedelta(seconds=demarrage)
    for rang in range(COMMUNES):
        commune = creer_collectivite(structure, f"Commune{rang}", f"21820{rang:04d}")
        referent = creer_personne(f"r{rang}@exemple.fr", "R", str(rang), Role.REFERENT, commune)
        depassement = depart + timedelta(seconds=duree * rang / COMMUNES)
        connue = depassement - timedelta(hours=72)
        creer_violation(commune, referent, timezone.now(), connaissance=connue, debut=None)
    return demarrage + duree


def test_deux_relances_simultanees_n_envoient_rien_deux_fois(echeances_proches, tmp_path, monkeypatch):
    duree = echeances_proches
    with serveur_smtp() as (boite, port):
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{port}")
        with base_partagee(tmp_path) as adresse:
            options = ("relancer", "--pendant", str(duree), "--pause", "0.2")
            processus = [lancer(adresse, *options) for _ in range(2)]
            try:
                sorties = [attendre(p, duree + 240) for p in processus]
            finally:
                for p in processus:
                    p.kill()
            attendre(lancer(adresse, "relancer"))
    assert Rappel.objects.filter(palier="depassement", etat="envoye").count() == COMMUNES
    assert not Rappel.objects.filter(etat="prevu").exists()
    messages = Message.objects.filter(nature="violations.rappel")
    assert messages.count() == COMMUNES
    assert messages.values("cle").distinct().count() == COMMUNES
    assert not Email.objects.exclude(status=STATUS.sent).exists()
    # Deux courriels par référent, la déclaration et le dépassement, et pas un de plus au serveur.
    assert boite.recus == {f"r{rang}@exemple.fr": 2 for rang in range(COMMUNES)}
    assert len(set(boite.identifiants)) == len(boite.identifiants) == 2 * COMMUNES
    actifs = [sum(int(ligne.split("\u00a0")[0]) for ligne in s.splitlines()) for s in sorties]
    assert sum(actifs) == COMMUNES
    assert min(actifs) > 0, "les deux ont travaillé en même temps"
