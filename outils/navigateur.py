"""Trouve le navigateur des tests, l’installe s’il manque, et écrit son chemin sur la sortie standard.

Ordre : la variable ``CHROMIUM``, un Chromium ou Chrome du système, celui de Playwright ; à défaut,
installation par le paquet ``chromium`` (en root, avec apt), puis par Playwright. Si rien n’y fait, le
programme échoue en disant quoi faire : un parcours n’est jamais sauté en silence.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

from playwright.sync_api import sync_playwright

NOMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUOI_FAIRE = """
Aucun navigateur utilisable, et l’installation a échoué. Au choix :
  - sous Debian ou Ubuntu : sudo apt-get install chromium
  - ailleurs : installez Chromium ou Chrome, puis donnez son chemin :
      CHROMIUM=/chemin/du/navigateur make test
  - ou : .venv/bin/playwright install --with-deps chromium
"""


def dire(texte: str) -> None:
    """Le chemin seul va sur la sortie standard ; tout le reste sur l’autre."""
    print(texte, file=sys.stderr)


def executer(*commande: str) -> bool:
    """Vrai si la commande existe et réussit ; sa sortie va sur la sortie d’erreur."""
    try:
        return (
            subprocess.run(commande, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode == 0
        )
    except OSError:
        return False


def demarre(chemin: str) -> bool:
    """Un navigateur présent auquel il manque une bibliothèque du système ne compte pas."""
    try:
        essai = subprocess.run([chemin, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return essai.returncode == 0


def chemin_de_playwright() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def candidats() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NOMS))
    yield chemin_de_playwright()


def trouver() -> str | None:
    """Le premier navigateur qui démarre."""
    return next((chemin for chemin in candidats() if demarre(chemin)), None)


def installer_par_apt() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    dire("Installation du paquet chromium…")
    return executer("apt-get", "update", "-qq") and executer(
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        "chromium",
    )


def installer_par_playwright() -> bool:
    dire("Installation de Chromium par Playwright…")
    return executer(sys.executable, "-m", "playwright", "install", "chromium")


def trouver_ou_installer(
    installations: tuple[Callable[[], bool], ...] = (installer_par_apt, installer_par_playwright),
) -> str | None:
    """Chaque installation n’est essayée que si rien de ce qui précède ne démarre."""
    chemin = trouver()
    for installer in installations:
        if chemin:
            break
        chemin = trouver() if installer() else None
    return chemin


def principal() -> int:
    impose = os.environ.get("CHROMIUM")
    if impose:
        if demarre(impose):
            print(impose)
            return 0
        dire(f"CHROMIUM vaut {impose}, qui ne démarre pas.")
        return 1
    chemin = trouver_ou_installer()
    if chemin is None:
        dire(QUOI_FAIRE)
        return 1
    print(chemin)
    return 0


if __name__ == "__main__":
    sys.exit(principal())
