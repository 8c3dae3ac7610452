"""Un hôte : un site et des relances, avec leurs propres dossiers, qu’on tue d’un coup."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import takewhile
from pathlib import Path

from outils.s3 import port_libre

PROCESSUS, FILS = 2, 4
PAUSE_DES_RELANCES = 0.5  # secondes
DELAI = 180.0  # secondes
RACINE = Path(__file__).resolve().parent.parent.parent


class HoteMuet(Exception):
    """L’hôte ne répond pas ; le message porte la fin de son journal."""


class Hote:
    """``dossier`` : ce qu’il a en propre ; rien de ce que l’on garde ne doit y arriver."""

    def __init__(self, nom: str, dossier: Path, environnement: dict[str, str]) -> None:
        self.nom, self.dossier, self.port = nom, dossier, port_libre()
        self.temporaires, self.pieces = dossier / "tmp", dossier / "pieces"
        self.temporaires.mkdir(parents=True)
        self.environnement = {
            **environnement,
            "TMPDIR": str(self.temporaires),
            "MEDIA_ROOT": str(self.pieces),
            "PGAPPNAME": nom,
        }
        self._groupes: list[subprocess.Popen[bytes]] = []

    def demarrer(self) -> None:
        """Lance le site et les relances, et attend que le site réponde.

        :raises HoteMuet: s’il ne répond pas.
        """
        site = ["-m", "gunicorn", "dpd.wsgi", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        options = ["--workers", str(PROCESSUS), "--threads", str(FILS), "--worker-tmp-dir", self.temporaires]
        relances = ["manage.py", "relancer", "--pendant", "86400", "--pause", str(PAUSE_DES_RELANCES)]
        self._groupes = [self._lancer([*site, *options]), self._lancer(relances)]
        fin = time.monotonic() + DELAI
        while not self._repond():
            if time.monotonic() > fin or self._groupes[0].poll() is not None:
                raise HoteMuet(f"{self.nom} ne répond pas :\n{self.journal()[-3000:]}")
            time.sleep(0.2)

    def _lancer(self, arguments: list) -> subprocess.Popen[bytes]:
        with (self.dossier / "journal").open("ab") as sortie:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=RACINE,
                env=self.environnement,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=sortie,
                start_new_session=True,
            )

    def _repond(self) -> bool:
        with suppress(OSError, HTTPException):
            connexion = HTTPConnection("127.0.0.1", self.port, timeout=10)
            connexion.request("GET", "/compte/connexion/")
            return connexion.getresponse().status == 200
        return False

    def tuer(self) -> None:
        """Tout l’hôte à la fois, sans prévenir (SIGKILL), comme une panne de courant."""
        for groupe in self._groupes:
            with suppress(ProcessLookupError):
                os.killpg(groupe.pid, signal.SIGKILL)
        for groupe in self._groupes:
            groupe.wait()
        self._groupes = []

    def journal(self) -> str:
        return (self.dossier / "journal").read_text("utf-8", "replace")

    def erreurs(self) -> str:
        """La fin de la première erreur du journal, où se lit sa cause ; vide s’il n’y en a pas."""
        _, trouve, suite = self.journal().partition("Traceback (most recent call last):\n")
        trace = list(takewhile(lambda ligne: ligne.startswith("  "), suite.splitlines()))
        cause = suite.splitlines()[len(trace) : len(trace) + 1]
        return "\n".join([*trace[-6:], *cause]) if trouve else ""

    @property
    def relances_arretees(self) -> bool:
        """Vrai si la boucle des relances s’est arrêtée d’elle-même."""
        return any(groupe.poll() is not None for groupe in self._groupes[1:])
