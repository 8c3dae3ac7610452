"""Sauvegarder puis restaurer, sur les deux moteurs ; une sauvegarde abîmée ne remplace rien."""

import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from environs import Env

from outils import postgres
from outils.sauvegarde import SQLITE, SauvegardeImpossible, restaurer, sauvegarder

MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
PLUS_TARD = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)


@pytest.fixture
def base(tmp_path):
    chemin = tmp_path / "var" / "dpd.sqlite3"
    chemin.parent.mkdir()
    with closing(sqlite3.connect(chemin)) as connexion:
        connexion.execute("PRAGMA journal_mode=WAL")
        connexion.execute("CREATE TABLE fiche (nom TEXT)")
        connexion.execute("INSERT INTO fiche VALUES ('État civil')")
        connexion.commit()
    return {"ENGINE": SQLITE, "NAME": chemin}


@pytest.fixture
def pieces(tmp_path):
    dossier = tmp_path / "var" / "pieces"
    (dossier / "2026").mkdir(parents=True)
    (dossier / "2026" / "delibération.pdf").write_bytes(b"%PDF")
    return dossier


def noms(base):
    with closing(sqlite3.connect(base["NAME"])) as connexion:
        return [nom for (nom,) in connexion.execute("SELECT nom FROM fiche ORDER BY nom")]


def ajouter(base, nom):
    with closing(sqlite3.connect(base["NAME"])) as connexion:
        connexion.execute("INSERT INTO fiche VALUES (?)", (nom,))
        connexion.commit()


def test_la_base_et_les_pieces_reviennent_telles_qu_elles_etaient(base, pieces, tmp_path):
    copie = sauvegarder(base, pieces, tmp_path / "sauvegardes", maintenant=MAINTENANT)
    ajouter(base, "Cantine")
    (pieces / "2026" / "delibération.pdf").unlink()

    restaurer(base, pieces, copie, maintenant=PLUS_TARD)

    assert noms(base) == ["État civil"]
    assert (pieces / "2026" / "delibération.pdf").read_bytes() == b"%PDF"


def test_ce_que_la_restauration_remplace_est_mis_de_cote(base, pieces, tmp_path):
    copie = sauvegarder(base, pieces, tmp_path / "sauvegardes", maintenant=MAINTENANT)
    ajouter(base, "Cantine")

    restaurer(base, pieces, copie, maintenant=PLUS_TARD)

    remplacee = base["NAME"].with_name("dpd.sqlite3.avant-2026-11-24-084000")
    assert noms({"NAME": remplacee}) == ["Cantine", "État civil"]
    assert pieces.with_name("pieces.avant-2026-11-24-084000").is_dir()


def test_sha256sum_relit_les_empreintes(base, pieces, tmp_path):
    copie = sauvegarder(base, pieces, tmp_path / "sauvegardes", maintenant=MAINTENANT)
    assert copie.name == "dpd-2026-11-23-084000"
    relu = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=copie, capture_output=True, check=False
    )
    assert relu.returncode == 0, relu.stderr
    assert relu.stdout.decode().count("OK") == 2


def abimer_la_base(copie: Path) -> None:
    with (copie / "base.sqlite3").open("ab") as flux:
        flux.write(b"x")


@pytest.mark.parametrize(
    ("abimer", "nomme"),
    [
        (abimer_la_base, "base.sqlite3"),
        (lambda copie: (copie / "pieces" / "2026" / "delibération.pdf").unlink(), "delibération.pdf"),
        (lambda copie: (copie / "pieces" / "intrus.exe").write_bytes(b"MZ"), "intrus.exe"),
        (lambda copie: (copie / "SHA256SUMS").unlink(), "SHA256SUMS"),
    ],
    ids=["base modifiée", "pièce perdue", "pièce ajoutée", "liste perdue"],
)
def test_une_sauvegarde_abimee_est_refusee_sans_rien_changer(base, pieces, tmp_path, abimer, nomme):
    copie = sauvegarder(base, pieces, tmp_path / "sauvegardes", maintenant=MAINTENANT)
    ajouter(base, "Cantine")
    abimer(copie)

    with pytest.raises(SauvegardeImpossible, match=nomme):
        restaurer(base, pieces, copie, maintenant=PLUS_TARD)

    assert noms(base) == ["Cantine", "État civil"]


def test_une_sauvegarde_d_un_autre_moteur_est_refusee(base, pieces, tmp_path):
    copie = sauvegarder(base, pieces, tmp_path / "sauvegardes", maintenant=MAINTENANT)
    with pytest.raises(SauvegardeImpossible, match="autre moteur"):
        restaurer(
            {"ENGINE": "django.db.backends.postgresql", "NAME": "dpd"}, pieces, copie, maintenant=PLUS_TARD
        )


def test_une_base_absente_ne_laisse_pas_de_sauvegarde_a_moitie_faite(pieces, tmp_path):
    with pytest.raises(SauvegardeImpossible, match="n’existe pas"):
        sauvegarder(
            {"ENGINE": SQLITE, "NAME": tmp_path / "rien.sqlite3"},
            pieces,
            tmp_path / "s",
            maintenant=MAINTENANT,
        )
    assert list((tmp_path / "s").iterdir()) == []


def test_postgresql_revient_tel_qu_il_etait(pieces, tmp_path, monkeypatch):
    """Sur un vrai serveur, démarré par l’outil des tests, avec les réglages que lira Django."""
    with postgres.serveur() as variables:
        for nom, valeur in variables.items():
            monkeypatch.setenv(nom, valeur)
        base = Env().dj_db_url("DATABASE_URL")
        with psycopg.connect(variables["DATABASE_URL"], autocommit=True) as connexion:
            connexion.execute("CREATE TABLE fiche (nom text)")
            connexion.execute("INSERT INTO fiche VALUES ('État civil')")
            copie = sauvegarder(base, pieces, tmp_path / "sauvegardes", maintenant=MAINTENANT)
            connexion.execute("UPDATE fiche SET nom = 'perdue'")

            restaurer(base, pieces, copie, maintenant=PLUS_TARD)

            assert connexion.execute("SELECT nom FROM fiche").fetchall() == [("État civil",)]
            assert connexion.execute("SELECT lower('ÉCOLE')").fetchone() == ("école",)
