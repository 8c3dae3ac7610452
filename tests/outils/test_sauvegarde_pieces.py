"""Les pièces d’un seau S3 se sauvegardent et reviennent, sans rien retirer de ce qui s’y trouve."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from dpd.pieces.stockage import StockageS3
from outils import s3
from outils.sauvegarde import restaurer, sauvegarder, verifier_empreintes
from outils.sauvegarde_pieces import Seau
from tests.outils.test_sauvegarde import ajouter, base, noms  # noqa: F401 — la base d’essai

MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
UNE, AUTRE = "c/218201317/une", "s/288200017/autre"


@pytest.fixture
def stockage(tmp_path):
    with s3.serveur(tmp_path / "s3") as variables:
        yield StockageS3(
            bucket_name=variables["S3_SEAU"],
            endpoint_url=variables["S3_ADRESSE"],
            region_name=variables["S3_REGION"],
            access_key=variables["S3_CLE"],
            secret_key=variables["S3_SECRET"],
        )


@pytest.fixture
def copie(stockage, tmp_path) -> Path:
    stockage.save(UNE, ContentFile("État civil".encode()))
    stockage.save(AUTRE, ContentFile(b"x" * 3_000_000))
    Seau(stockage).copier(tmp_path / "copie")
    return tmp_path / "copie"


def lire(stockage, nom):
    with stockage.open(nom) as flux:
        return flux.read()


def test_tout_le_seau_est_copie(copie):
    assert sorted(f.relative_to(copie).as_posix() for f in copie.rglob("*") if f.is_file()) == [UNE, AUTRE]
    assert (copie / UNE).read_text("utf-8") == "État civil"
    assert (copie / AUTRE).stat().st_size == 3_000_000


def test_ce_qui_manque_revient_et_ce_qui_est_de_plus_reste(stockage, copie):
    stockage.delete(UNE)
    stockage.save("c/218201317/plus_tard", ContentFile(b"deposee depuis"))
    Seau(stockage).remettre(copie, maintenant=MAINTENANT)
    assert lire(stockage, UNE).decode() == "État civil"
    assert stockage.listdir("c/218201317") == ([], ["plus_tard", "une"])


def test_ce_qui_differe_revient_et_l_objet_d_avant_est_garde(stockage, copie):
    stockage.delete(UNE)
    stockage.save(UNE, ContentFile(b"abime"))
    Seau(stockage).remettre(copie, maintenant=MAINTENANT)
    assert lire(stockage, UNE).decode() == "État civil"
    assert lire(stockage, f"{UNE}.avant-2026-11-23-084000") == b"abime"


def test_un_seau_vide_ne_laisse_aucun_dossier(stockage, tmp_path):
    Seau(stockage).copier(tmp_path / "copie")
    Seau(stockage).remettre(tmp_path / "copie", maintenant=MAINTENANT)
    assert not (tmp_path / "copie").exists()


def test_une_sauvegarde_entiere_porte_les_pieces_du_seau(stockage, base, tmp_path):  # noqa: F811
    stockage.save(UNE, ContentFile(b"avant"))
    sauvegarde = sauvegarder(base, Seau(stockage), tmp_path / "sauvegardes", maintenant=MAINTENANT)
    verifier_empreintes(sauvegarde)
    assert (sauvegarde / "pieces" / UNE).read_bytes() == b"avant"
    ajouter(base, "Cantine")
    stockage.delete(UNE)
    restaurer(base, Seau(stockage), sauvegarde, maintenant=MAINTENANT)
    assert noms(base) == ["État civil"]
    assert lire(stockage, UNE) == b"avant"


def test_un_stockage_en_panne_ne_laisse_pas_de_sauvegarde_a_moitie_faite(stockage, base, tmp_path):  # noqa: F811
    stockage.endpoint_url = f"http://127.0.0.1:{s3.port_libre()}"
    with pytest.raises(OSError, match="ne répond pas"):
        sauvegarder(base, Seau(stockage), tmp_path / "sauvegardes", maintenant=MAINTENANT)
    assert list((tmp_path / "sauvegardes").iterdir()) == []
