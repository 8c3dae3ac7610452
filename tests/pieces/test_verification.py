"""Relire toutes les pièces : une pièce changée, perdue ou orpheline se voit."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dpd.pieces import actions
from dpd.pieces.verification import restes
from tests.pieces.fabriques import PDF, PNG, fichier

pytestmark = pytest.mark.django_db


def verifier(**options):
    """(sortie, erreurs, échec) de la commande."""
    sortie, erreurs = StringIO(), StringIO()
    try:
        call_command("verifier_pieces", stdout=sortie, stderr=erreurs, **options)
    except CommandError as echec:
        return sortie.getvalue(), erreurs.getvalue(), str(echec)
    return sortie.getvalue(), erreurs.getvalue(), ""


def reste(stockage, nom, age):
    chemin = stockage / nom
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(b"x")
    quand = age.timestamp()
    os.utime(chemin, (quand, quand))
    return chemin


def test_sans_piece_ni_dossier_tout_va_bien(maintenant):
    assert verifier() == ("0\u00a0pièce relue.\n", "", "")
    assert restes(maintenant) == []


def test_des_pieces_intactes_passent_retirees_comprises(deposer, structure, dpd, decideur, maintenant):
    actions.retirer(piece=deposer(), motif="x", auteur=decideur, maintenant=maintenant)
    deposer(structure=structure, auteur=dpd)
    assert verifier() == ("2\u00a0pièces relues.\n", "", "")


def test_une_piece_changee_et_une_piece_perdue_font_echouer(deposer, stockage):
    deposer(fichier("plan.png", PNG))
    changee, perdue = deposer(), deposer(domaine="devis")
    (stockage / changee.fichier.name).write_bytes(PDF.replace(b"1.7", b"1.4"))
    (stockage / perdue.fichier.name).unlink()
    sortie, erreurs, echec = verifier()
    assert sortie == "3\u00a0pièces relues.\n"
    assert erreurs.splitlines() == [
        f"Pièce {changee.pk} : empreinte différente.",
        f"Pièce {perdue.pk} : illisible (FileNotFoundError).",
    ]
    assert echec == "2\u00a0écarts : restaurez ces pièces."


def test_un_reste_ancien_se_signale_puis_s_efface(deposer, stockage, maintenant, time_machine):
    time_machine.move_to(maintenant, tick=False)
    piece = deposer()
    ancien = reste(stockage, "c/218201317/abandonne", maintenant - timedelta(days=2))
    recent = reste(stockage, "s/288200017/en_cours", maintenant - timedelta(hours=1))
    etranger = reste(stockage, "autre/chose", maintenant - timedelta(days=2))
    assert restes(maintenant) == ["c/218201317/abandonne"]
    assert "à effacer avec --effacer-restes : 1." in verifier()[0]
    assert ancien.exists()
    assert "effacés : 1." in verifier(effacer_restes=True)[0]
    assert not ancien.exists()
    assert recent.exists()
    assert etranger.exists()
    assert piece.fichier.open().read() == PDF
    assert verifier()[0] == "1\u00a0pièce relue.\n"


@pytest.mark.django_db(transaction=True)
def test_une_piece_detruite_ne_manque_pas_et_son_fichier_serait_un_reste(
    deposer, stockage, decideur, maintenant, time_machine
):
    time_machine.move_to(maintenant, tick=False)
    piece = deposer()
    actions.detruire(piece=piece, motif="x", auteur=decideur, maintenant=maintenant)
    assert verifier() == ("0\u00a0pièce relue.\n", "", "")
    revenu = reste(stockage, piece.fichier.name, maintenant - timedelta(days=2))
    verifier(effacer_restes=True)
    assert not revenu.exists()
