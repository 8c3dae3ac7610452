"""Les fichiers du projet, pour les contrôles qui les relisent tous."""

from functools import cache
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
PAQUETS = ("dpd", "registre", "violations", "subtraitance")
GABARITS = RACINE / "templates"
IGNORES = {"__pycache__", "var", "media", "staticfiles", "captures", "htmlcov", "node_modules"}


@cache
def fichiers() -> tuple[Path, ...]:
    """Les fichiers du projet, hors dossiers cachés, environnements et produits."""
    dossiers = [f for f in RACINE.iterdir() if f.is_dir() and f.name not in IGNORES and f.name[0] != "."]
    dossiers.append(RACINE / ".ci")
    racine = [f for f in RACINE.iterdir() if f.is_file() and f.name != ".env"]
    profonds = [f for dossier in dossiers for f in dossier.rglob("*") if f.is_file()]
    return tuple(sorted(f for f in racine + profonds if not IGNORES & set(f.relative_to(RACINE).parts)))


def relatif(fichier: Path) -> str:
    return fichier.relative_to(RACINE).as_posix()


def du_code() -> list[Path]:
    return [f for f in fichiers() if f.suffix == ".py" and "migrations" not in f.parts]
