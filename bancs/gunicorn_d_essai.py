"""Le site servi par gunicorn sur la base du banc, et des clients qui le pressent."""

import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from dpd.comptes.sessions import PORTE
from outils.s3 import port_libre

ATTENTE = 60  # secondes laissées au serveur pour répondre la première fois


@dataclass(frozen=True, slots=True)
class Serveur:
    port: int
    pid: int

    @property
    def processus(self) -> list[int]:
        """Les processus qui servent, sans celui qui les surveille."""
        enfants = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii")
        return [int(pid) for pid in enfants.split()]

    def telecharger(self, chemin: str, session: str) -> tuple[int, int]:
        """(statut, octets) ; tout le corps est lu, rien n’est gardé."""
        lien = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        lien.request("GET", chemin, headers={"Cookie": f"sessionid={session}"})
        reponse, octets = lien.getresponse(), 0
        while morceau := reponse.read(65_536):
            octets += len(morceau)
        lien.close()
        return reponse.status, octets


@contextmanager
def servir(processus: int = 2, fils: int = 4) -> Iterator[Serveur]:
    port = port_libre()
    commande = [sys.executable, "-m", "gunicorn", "dpd.wsgi", "--bind", f"127.0.0.1:{port}"]
    commande += ["--workers", str(processus), "--threads", str(fils), "--no-control-socket"]
    commande += ["--timeout", "600", "--log-level", "error"]
    maitre = subprocess.Popen(commande, env={**os.environ, "DJANGO_SETTINGS_MODULE": "bancs.reglages"})
    try:
        _attendre(port, maitre)
        yield Serveur(port, maitre.pid)
    finally:
        maitre.terminate()
        maitre.wait(30)


def _attendre(port: int, maitre: subprocess.Popen) -> None:
    limite = time.monotonic() + ATTENTE
    while time.monotonic() < limite and maitre.poll() is None:
        try:
            lien = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            lien.request("GET", "/compte/connexion/")
            if lien.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("Le serveur du banc n’a pas répondu.")


def ouvrir_une_session(personne) -> SessionStore:
    """Une session enregistrée en base, comme après une connexion."""
    session = SessionStore()
    session[SESSION_KEY] = str(personne.pk)
    session[BACKEND_SESSION_KEY] = PORTE
    session[HASH_SESSION_KEY] = personne.get_session_auth_hash()
    session.create()
    return session


def presser(serveur: Serveur, chemin: str, session: str, clients: int, chacun: int) -> list[float]:
    """Les durées, en secondes, de toutes les requêtes ; :raises RuntimeError: si l’une échoue."""
    durees: list[float] = []
    refus: list[int] = []

    def client() -> None:
        for _ in range(chacun):
            depart = time.perf_counter()
            statut, _octets = serveur.telecharger(chemin, session)
            durees.append(time.perf_counter() - depart)
            if statut != 200:
                refus.append(statut)

    fils = [threading.Thread(target=client) for _ in range(clients)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    if refus:
        raise RuntimeError(f"{chemin} : {len(refus)} réponses {refus[0]}")
    return durees


def memoire(pid: int) -> tuple[float, float]:
    """(résidente, pointe) d’un processus, en mégaoctets."""
    etat = Path(f"/proc/{pid}/status").read_text("ascii")
    lire = {nom: int(ko) / 1024 for nom, ko in re.findall(r"^(Vm\w+):\s+(\d+) kB", etat, re.MULTILINE)}
    return lire["VmRSS"], lire["VmHWM"]


def oublier_la_pointe(pid: int) -> None:
    """La pointe repart de la mémoire résidente d’aujourd’hui (Linux)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")
