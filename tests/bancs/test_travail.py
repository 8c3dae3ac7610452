"""Compter un travail : le même geste donne le même nombre, un geste plus long un plus grand."""

import sys

import pytest
from django.db import connection

from bancs.espion import espionner, rejouer
from dpd.comptes.models import Structure
from tests.travail import mesurer

pytestmark = pytest.mark.django_db


def compter(fois):
    def faire():
        return [est_pair(n) for n in range(fois)]

    return mesurer(faire)


def est_pair(nombre):
    return nombre % 2 == 0


def test_les_appels_sont_comptes_et_toujours_les_memes():
    assert compter(100) == compter(100)
    assert compter(1_000).appels - compter(100).appels == 900


def test_les_requetes_et_les_pas_de_la_base_sont_comptes(structure):
    def lire():
        with connection.cursor() as curseur:
            curseur.execute("SELECT count(*) FROM auth_permission a, auth_permission b")
            curseur.fetchall()

    travail = mesurer(lire)
    assert travail.requetes == 1
    assert (travail.pas > 100) is (connection.vendor == "sqlite")


def test_le_profil_en_cours_est_remis_meme_apres_une_erreur():
    with pytest.raises(ZeroDivisionError):
        mesurer(lambda: 1 / 0)
    assert sys.getprofile() is None


def test_l_espion_compte_les_requetes_et_les_rejoue(structure):
    with espionner() as espion:
        list(Structure.objects.filter(siren__in=["1", "2", structure.siren]))
        Structure.objects.count()
    assert espion.nombre == 2
    assert espion.parametres_max == 3
    assert rejouer(espion.lectures) == 2
