import pytest

from dpd.pieces import actions
from dpd.pieces.enums import DomainePiece
from tests.pieces.fabriques import fichier


@pytest.fixture(autouse=True)
def stockage(settings, tmp_path):
    """Un dossier de pièces vide, à chaque test."""
    settings.MEDIA_ROOT = tmp_path / "pieces"
    return tmp_path / "pieces"


@pytest.fixture
def sur_le_disque(stockage):
    """Les fichiers du stockage, relus à chaque appel."""
    return lambda: sorted(f for f in stockage.rglob("*") if f.is_file())


@pytest.fixture
def deposer(request, maintenant):
    """Dépose une pièce, de la collectivité sauf si l’on donne une structure ; la référente par défaut."""

    def _deposer(envoi=None, domaine=DomainePiece.CONVENTION, **options):
        if "structure" not in options:
            options.setdefault("collectivite", request.getfixturevalue("collectivite"))
        if "auteur" not in options:
            options["auteur"] = request.getfixturevalue("referent")
        options.setdefault("maintenant", maintenant)
        return actions.deposer(fichier=envoi or fichier(), domaine=domaine, **options)

    return _deposer
