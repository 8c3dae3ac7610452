"""Essaie la démonstration comme on s’en sert : ``make demo``, la page d’entrée, un clic.

Usage : ``python outils/essai_demo.py make demo`` — la commande reçoit ``PORT=`` et ``BASE_DEMO=``, pour
n’employer ni le port ni la base d’une démonstration déjà ouverte. Tout est arrêté à la fin, quelle que
soit l’issue.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

DELAI = 180.0  # secondes : ce que promet le README sur une copie neuve
ATTENDU = "entrer comme"
PORTE = re.compile(
    r'action="(/entrer/[^"]+)".*?name="csrfmiddlewaretoken" value="([^"]+)"', re.DOTALL | re.IGNORECASE
)
BASE = "var/essai-demonstration"
PAUSE = 0.2


class DemonstrationMuette(Exception):
    """La démonstration n’a pas répondu comme il faut ; le message dit pourquoi."""


def port_libre() -> int:
    """Un port que personne n’écoute à cet instant."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def lire(navigateur: OpenerDirector, adresse: str, envoi: bytes | None = None) -> tuple[str, str] | None:
    """(adresse d’arrivée, page), ou None tant que rien n’écoute.

    :raises DemonstrationMuette: si la réponse est une erreur.
    """
    try:
        with navigateur.open(adresse, envoi, timeout=20) as reponse:
            return reponse.url, reponse.read().decode()
    except HTTPError as erreur:
        raise DemonstrationMuette(f"{adresse} répond {erreur.code}.") from erreur
    except (URLError, ConnectionError, TimeoutError):
        return None


def entrer(adresse: str) -> bool:
    """Ouvre la page d’entrée et entre comme la première personne ; faux tant que rien n’écoute.

    :raises DemonstrationMuette: si la page n’est pas celle de la démonstration, ou si l’on n’entre pas.
    """
    navigateur = build_opener(HTTPCookieProcessor())
    accueil = lire(navigateur, adresse)
    if accueil is None:
        return False
    porte = PORTE.search(accueil[1])
    if ATTENDU not in accueil[1].casefold() or porte is None:
        raise DemonstrationMuette(f"{accueil[0]} ne propose pas d’« {ATTENDU} » quelqu’un.")
    envoi = urlencode({"csrfmiddlewaretoken": porte[2]}).encode()
    arrivee = lire(navigateur, urljoin(adresse, porte[1]), envoi)
    if arrivee is None or "/connexion/" in arrivee[0]:
        raise DemonstrationMuette(f"{porte[1]} ne fait entrer personne.")
    return True


def attendre(processus: subprocess.Popen[bytes], adresse: str, delai: float) -> float:
    """Les secondes écoulées jusqu’à l’entrée.

    :raises DemonstrationMuette: si la commande s’arrête, si la page est autre, ou passé le délai.
    """
    debut = time.monotonic()
    while (ecoule := time.monotonic() - debut) < delai:
        if processus.poll() is not None:
            raise DemonstrationMuette(f"la commande s’est arrêtée (code {processus.returncode}).")
        if entrer(adresse):
            return ecoule
        time.sleep(PAUSE)
    raise DemonstrationMuette(f"rien ne répond à {adresse} après {delai:.0f} secondes.")


def arreter(processus: subprocess.Popen[bytes]) -> None:
    """La commande et tout ce qu’elle a lancé."""
    for signal_ in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(processus.pid, signal_)
            processus.wait(10)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    processus.wait()


def environnement() -> dict[str, str]:
    """Celui d’un terminal : le ``make`` lancé ne doit rien hériter de celui qui le lance."""
    return {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("MAKE", "MFLAGS"))}


def essayer(commande: list[str], delai: float = DELAI) -> int:
    """Le code de retour : 0 si l’on est entré à temps, 1 sinon."""
    port = port_libre()
    for reste in Path(BASE).parent.glob(f"{Path(BASE).name}*.sqlite3*"):
        reste.unlink()
    processus = subprocess.Popen(
        [*commande, f"PORT={port}", f"BASE_DEMO={BASE}"],
        stdin=subprocess.DEVNULL,
        env=environnement(),
        start_new_session=True,
    )
    try:
        secondes = attendre(processus, f"http://127.0.0.1:{port}/", delai)
    except DemonstrationMuette as erreur:
        print(f"Démonstration : {erreur}", file=sys.stderr)
        return 1
    finally:
        arreter(processus)
    print(f"La démonstration répond en {secondes:.0f} secondes.")
    return 0


def principal(commande: list[str]) -> int:
    """Une interruption (Ctrl-C, SIGTERM) arrête aussi la démonstration : elle remonte en exception."""
    if not commande:
        print("Usage : python outils/essai_demo.py <commande> [arguments]", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return essayer(commande)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
