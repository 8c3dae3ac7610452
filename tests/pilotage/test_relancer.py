"""``manage.py relancer`` : un rappel qui échoue n’en retient aucun autre ; les durées se contrôlent."""

import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from dpd.messagerie.models import Message
from dpd.pilotage import relances
from tests.violations.fabriques import ECHEANCE, PARIS, T0, creer_violation
from violations.actions import rappels

pytestmark = pytest.mark.django_db


@pytest.fixture
def deux(collectivite, voisine, referent, decideur):
    quand = T0.astimezone(PARIS) + timedelta(minutes=20)
    return [creer_violation(lieu, referent, quand) for lieu in (collectivite, voisine)]


def test_tout_ce_qui_est_echu_part(deux):
    assert relances.relancer(ECHEANCE) == relances.Bilan(2, 0)
    assert relances.relancer(ECHEANCE) == relances.Bilan(0, 0)


def test_l_un_qui_echoue_se_dit_et_n_arrete_pas_l_autre(deux, monkeypatch, caplog):
    vrai = rappels.emails.rappel

    def parfois(*, violation, **reste):
        if violation.pk == deux[0].pk:
            raise RuntimeError("gabarit cassé")
        vrai(violation=violation, **reste)

    monkeypatch.setattr(rappels.emails, "rappel", parfois)
    with caplog.at_level(logging.ERROR):
        assert relances.relancer(ECHEANCE) == relances.Bilan(1, 1)
    assert "gabarit cassé" in caplog.text
    monkeypatch.undo()
    assert relances.relancer(ECHEANCE) == relances.Bilan(1, 0), "le rappel manqué part au passage suivant"


def test_la_commande_rappelle_puis_envoie(deux, capsys, mailoutbox, settings, time_machine):
    settings.POST_OFFICE = {
        **settings.POST_OFFICE,
        "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"},
    }
    time_machine.move_to(ECHEANCE)
    call_command("relancer")
    assert "2\u00a0rappels, " in capsys.readouterr().out
    assert len(mailoutbox) == Message.objects.count() > 2
    call_command("relancer")
    assert "0\u00a0rappel, 0\u00a0courriel partis" in capsys.readouterr().out


def test_elle_recommence_le_temps_demande(deux, capsys):
    call_command("relancer", "--pendant", "0.5", "--pause", "0.1")
    assert len(capsys.readouterr().out.splitlines()) > 1


@pytest.mark.parametrize("options", [["--pendant", "-1"], ["--pause", "-1"]])
def test_une_duree_negative_est_refusee(options, db):
    with pytest.raises(CommandError, match="négative"):
        call_command("relancer", *options)


@pytest.mark.parametrize(("echecs", "phrase"), [(1, "Un rappel n’a pas pu"), (2, "rappels n’ont pas pu")])
def test_un_echec_fait_echouer_la_commande(db, monkeypatch, echecs, phrase):
    monkeypatch.setattr(
        "dpd.pilotage.management.commands.relancer.relancer", lambda _: relances.Bilan(0, echecs)
    )
    with pytest.raises(CommandError, match=phrase):
        call_command("relancer")
