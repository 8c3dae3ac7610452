"""Beaucoup de courriels d’un coup : une preuve chacun, aucun deux fois, en peu de requêtes."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from post_office.models import STATUS, Email

from dpd.messagerie import masse
from dpd.messagerie.masse import Pli, envoyer_en_masse
from dpd.messagerie.models import Message

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
GABARIT = "violations/emails/incident_information"


def plis(collectivite, nombre, premier=0):
    contexte = {
        "collectivite": collectivite,
        "structure": collectivite.structure,
        "violation": {"numero": "2026-01"},
        "incident": {"numero": "I2026-01"},
        "origine": "Logi-Quercy",
        "compte": None,
        "adresse": "",
    }
    return [
        Pli(
            f"a{rang}@exemple.example", contexte, f"cle:{rang}", collectivite=collectivite, objet=collectivite
        )
        for rang in range(premier, premier + nombre)
    ]


def envoyer(lettres):
    return envoyer_en_masse("essai.masse", gabarit=GABARIT, plis=lettres, maintenant=MAINTENANT)


def test_chaque_pli_a_sa_preuve_et_son_courriel_en_file(collectivite):
    preuves = envoyer(plis(collectivite, 3))
    assert [p.destinataire for p in preuves] == [f"a{rang}@exemple.example" for rang in range(3)]
    for preuve in Message.objects.avec_etat():
        courriel = preuve.courriel
        assert (courriel.to, courriel.status) == ([preuve.destinataire], STATUS.queued)
        assert (courriel.subject, courriel.message) == (preuve.sujet, preuve.corps)
        assert courriel.message_id
        assert (preuve.objet, preuve.collectivite, preuve.cree_le) == (collectivite, collectivite, MAINTENANT)
    assert len({courriel.message_id for courriel in Email.objects.all()}) == 3


def test_une_cle_deja_prise_ne_repart_pas(collectivite, monkeypatch):
    monkeypatch.setattr(masse, "LOT", 2)
    envoyer(plis(collectivite, 3))
    assert [p.destinataire for p in envoyer(plis(collectivite, 5))] == [
        "a3@exemple.example",
        "a4@exemple.example",
    ]
    assert envoyer(plis(collectivite, 5)) == []
    assert (Message.objects.count(), Email.objects.count()) == (5, 5)


def test_la_meme_cle_deux_fois_dans_un_envoi_ne_part_qu_une(collectivite):
    assert len(envoyer(plis(collectivite, 1) * 2)) == 1


def test_une_cle_prise_entre_temps_n_ecrit_rien(collectivite, monkeypatch):
    envoyer(plis(collectivite, 1))
    monkeypatch.setattr(masse, "_deja", lambda cles: set())
    with pytest.raises(IntegrityError):
        envoyer(plis(collectivite, 3))
    assert (Message.objects.count(), Email.objects.count()) == (1, 1)


def test_cent_courriels_coutent_a_peine_plus_que_dix(collectivite):
    couts = []
    for premier, nombre in ((0, 10), (10, 100)):
        with CaptureQueriesContext(connection) as requetes:
            envoyer(plis(collectivite, nombre, premier))
        couts.append(len(requetes))
    assert couts[1] - couts[0] <= 6, couts
