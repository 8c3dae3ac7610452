"""Une attaque menée de partout : IPv6 tournantes, centaines d’adresses."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from axes.models import AccessFailureLog

import dpd.settings
from dpd.comptes.regles.tentatives import PLAFOND, fin_du_blocage_du_compte, origine
from tests.comptes.conftest import MOT_DE_PASSE
from tests.comptes.test_tentatives import tenter

T0 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("adresse", "attendue"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        (None, None),
    ],
)
def test_une_ipv6_compte_pour_son_reseau(adresse, attendue):
    assert origine(adresse) == attendue


def test_cinquante_echecs_en_un_jour_ferment_le_compte_un_jour():
    echecs = [T0 + timedelta(minutes=i) for i in range(PLAFOND)]
    fin = echecs[-1] + timedelta(hours=24)
    assert fin_du_blocage_du_compte(echecs[:-1], echecs[-1]) is None
    assert fin_du_blocage_du_compte(reversed(echecs), echecs[-1]) == fin
    assert fin_du_blocage_du_compte(echecs, fin) is None


def test_cinquante_echecs_etales_ne_ferment_rien():
    echecs = [T0 + timedelta(hours=i) for i in range(PLAFOND)]
    assert fin_du_blocage_du_compte(echecs, echecs[-1]) is None


def test_changer_d_ipv6_dans_son_reseau_ne_rouvre_rien(client, referent):
    for i in range(4):
        tenter(client, referent.email, adresse=f"2001:db8::{i + 1}")
    assert tenter(client, referent.email, adresse="2001:db8::ffff").status_code == 429
    assert tenter(client, referent.email, MOT_DE_PASSE, adresse="2001:db8:0:1::1").status_code == 302


@pytest.mark.parametrize("courriel", ["sylvie@montpezat.example", "inconnue@nullepart.example"])
def test_un_compte_attaque_de_partout_se_ferme_a_toutes_les_adresses(client, referent, courriel):
    with time_machine.travel(T0, tick=False) as horloge:
        for i in range(PLAFOND - 1):
            AccessFailureLog.objects.create(username=courriel, ip_address=f"198.51.100.{i}")
        assert tenter(client, courriel, adresse="203.0.113.1").status_code == 429
        reponse = tenter(client, courriel, MOT_DE_PASSE, adresse="203.0.113.2")
        assert reponse.status_code == 429
        assert reponse["Retry-After"] == "86400"
        assert "depuis votre connexion" not in reponse.content.decode(), "une autre adresse a pu le fermer"
        horloge.shift(timedelta(hours=24, seconds=1))
        assert tenter(client, courriel, adresse="203.0.113.2").status_code == 200


def test_le_cache_garde_assez_de_decomptes():
    assert dpd.settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] == 100_000
