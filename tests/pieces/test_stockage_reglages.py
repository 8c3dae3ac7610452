"""Le stockage S3 se règle en entier ou pas du tout, et se lit de l’environnement."""

import json
import os
import subprocess
import sys

import pytest

from dpd.checks import controler_stockage
from tests.projet import RACINE

COMPLET = {
    "S3_SEAU": "pieces",
    "S3_ADRESSE": "https://s3.exemple.fr",
    "S3_CLE": "cle",
    "S3_SECRET": "secret",
}
LIRE = """
import json
from dpd import settings
print(json.dumps([settings.STORAGES["default"], settings.DATABASES["default"]]))
"""


@pytest.fixture
def regler(settings):
    def _regler(**valeurs):
        for nom in COMPLET:
            setattr(settings, nom, valeurs.get(nom, ""))

    return _regler


def lire_les_reglages(**variables):
    """(stockage, base) tels que les lirait un site lancé avec ces variables."""
    connus = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("S3_", "CONNEXIONS"))}
    lance = subprocess.run(
        [sys.executable, "-c", LIRE],
        cwd=RACINE,
        env={**connus, "DATABASE_URL": "postgresql://dpd@localhost/dpd", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if lance.returncode:
        raise ValueError(lance.stderr)
    return json.loads(lance.stdout)


def test_sans_seau_ni_cle_rien_a_dire(regler):
    regler()
    assert controler_stockage(None) == []


def test_un_seau_bien_regle_passe(regler):
    regler(**COMPLET)
    assert controler_stockage(None) == []


@pytest.mark.parametrize("manquant", COMPLET)
def test_un_reglage_a_moitie_fait_est_refuse(regler, manquant):
    regler(**{nom: valeur for nom, valeur in COMPLET.items() if nom != manquant})
    (erreur,) = controler_stockage(None)
    assert (erreur.id, erreur.msg.endswith(f"il manque {manquant}.")) == ("dpd.E008", True)


@pytest.mark.parametrize("adresse", ["s3.exemple.fr", "ftp://s3.exemple.fr", "https://"])
def test_une_adresse_qui_n_en_est_pas_une_est_refusee(regler, adresse):
    regler(**{**COMPLET, "S3_ADRESSE": adresse})
    assert [erreur.id for erreur in controler_stockage(None)] == ["dpd.E009"]


def test_des_pieces_en_clair_sur_le_reseau_se_signalent(regler):
    regler(**{**COMPLET, "S3_ADRESSE": "http://s3.interne"})
    (message,) = controler_stockage(None)
    assert (message.id, message.is_serious()) == ("dpd.W001", False)
    regler(**{**COMPLET, "S3_ADRESSE": "http://127.0.0.1:9000"})
    assert controler_stockage(None) == []


def test_les_pieces_vont_au_disque_sans_seau_et_au_seau_avec():
    stockage, _ = lire_les_reglages(S3_SEAU="")
    assert stockage["BACKEND"] == "django.core.files.storage.FileSystemStorage"
    stockage, _ = lire_les_reglages(**COMPLET)
    assert stockage["BACKEND"] == "dpd.pieces.stockage.StockageS3"
    assert stockage["OPTIONS"]["bucket_name"] == "pieces"
    assert stockage["OPTIONS"]["endpoint_url"] == "https://s3.exemple.fr"


def test_le_nombre_de_connexions_se_regle():
    _, base = lire_les_reglages()
    assert base["OPTIONS"]["pool"]["max_size"] == 8
    _, base = lire_les_reglages(CONNEXIONS_MAX="4")
    assert base["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 4, "timeout": 10}
    with pytest.raises(ValueError, match="CONNEXIONS_MAX"):
        lire_les_reglages(CONNEXIONS_MAX="0")
