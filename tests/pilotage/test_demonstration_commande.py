"""Charger la démonstration : jamais par mégarde, jamais à moitié, toujours au passé."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from dpd.comptes.models import Structure, Utilisateur
from dpd.pilotage.demonstration import semer
from dpd.pilotage.demonstration.collectivites import COLLECTIVITES
from dpd.pilotage.demonstration.horloge import Horloge
from dpd.pilotage.demonstration.structures import STRUCTURES
from dpd.pilotage.management.commands.demo import instant
from dpd.regles.calendrier import Territoire
from registre.models import ModeleTraitement
from tests.pilotage.referentiel import charger_les_communes_utiles


def test_la_commande_est_refusee_hors_demonstration(db, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("demo")
    assert not Structure.objects.exists()


def test_un_semis_interrompu_n_ecrit_rien(db, monkeypatch, maintenant):
    charger_les_communes_utiles()

    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    monkeypatch.setattr("dpd.pilotage.demonstration.semis._semer_montpezat", panne)
    with pytest.raises(RuntimeError):
        semer(maintenant)
    assert not Structure.objects.exists()
    assert not Utilisateur.objects.exists()
    assert not ModeleTraitement.objects.exists()


def test_une_commune_absente_du_referentiel_est_nommee(db, monkeypatch, maintenant):
    charger_les_communes_utiles()
    inconnue = COLLECTIVITES["CDG 82"][0]._replace(code="82999")
    monkeypatch.setattr(
        "dpd.pilotage.demonstration.semis.COLLECTIVITES", {**COLLECTIVITES, "CDG 82": (inconnue,)}
    )
    with pytest.raises(LookupError, match="82999"):
        semer(maintenant)
    assert not Structure.objects.exists()


def test_un_instant_sans_decalage_est_a_l_heure_de_paris():
    assert instant("2026-11-23T09:40") == datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
    assert instant("2026-07-01T12:00+00:00") == datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_l_horloge_recule_au_dernier_jour_ouvre():
    horloge = Horloge(datetime(2026, 11, 16, 8, tzinfo=UTC), Territoire.METROPOLE)
    assert horloge.jour(1) == date(2026, 11, 13)  # dimanche, donc vendredi
    assert horloge.jour(5) == date(2026, 11, 10)  # le 11 novembre est férié
    assert horloge.instant(3, 9, 40) == datetime(2026, 11, 13, 8, 40, tzinfo=UTC)
    guyane = Horloge(datetime(2026, 11, 17, 1, tzinfo=UTC), Territoire.GUYANE)
    assert guyane.instant(3, 9, 40) == datetime(2026, 11, 13, 12, 40, tzinfo=UTC)
    with pytest.raises(ValueError, match="veille"):
        horloge.jour(0)


def test_les_structures_declarees_ont_toutes_des_collectivites():
    assert {demo.sigle for demo in STRUCTURES} == set(COLLECTIVITES)
