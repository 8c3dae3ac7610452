"""Sauvegarde et restauration : la base, les pièces déposées, et les empreintes qui prouvent la copie.

Usage, depuis la racine du dépôt :
    python -m outils.sauvegarde sauvegarder <dossier>
    python -m outils.sauvegarde restaurer <sauvegarde>

Une sauvegarde est un dossier daté : ``base.sqlite3`` (VACUUM INTO, cohérent même site ouvert) ou
``base.dump`` (pg_dump), ``pieces/`` (du dossier ou du seau S3), et ``SHA256SUMS`` que ``sha256sum -c`` sait
relire. Une restauration vérifie tout avant de toucher à quoi que ce soit, et met de côté ce qu’elle remplace.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from outils.sauvegarde_pieces import DepotDePieces, Dossier, Seau, mettre_de_cote

EMPREINTES = "SHA256SUMS"
BASE_SQLITE, BASE_POSTGRES = "base.sqlite3", "base.dump"
PIECES = "pieces"
SQLITE = "django.db.backends.sqlite3"


class SauvegardeImpossible(Exception):
    """Rien n’a été changé ; le message dit pourquoi."""


def empreinte(fichier: Path) -> str:
    with fichier.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()


def fichiers(dossier: Path) -> list[Path]:
    """Tout ce que l’empreinte doit couvrir, dans un ordre stable."""
    return sorted(f for f in dossier.rglob("*") if f.is_file() and f.name != EMPREINTES)


def ecrire_empreintes(dossier: Path) -> None:
    lignes = [f"{empreinte(f)}  {f.relative_to(dossier).as_posix()}\n" for f in fichiers(dossier)]
    (dossier / EMPREINTES).write_text("".join(lignes), encoding="utf-8")


def verifier_empreintes(dossier: Path) -> None:
    """:raises SauvegardeImpossible: s’il manque un fichier, s’il y en a un de trop ou si l’un a changé."""
    liste = dossier / EMPREINTES
    if not liste.is_file():
        raise SauvegardeImpossible(f"{dossier} n’est pas une sauvegarde : {EMPREINTES} manque.")
    attendues = dict(reversed(ligne.split("  ", 1)) for ligne in liste.read_text("utf-8").splitlines())
    presents = {f.relative_to(dossier).as_posix(): f for f in fichiers(dossier)}
    ecarts = sorted(attendues.keys() ^ presents.keys())
    ecarts += [
        nom for nom, fichier in presents.items() if nom not in ecarts and empreinte(fichier) != attendues[nom]
    ]
    if ecarts:
        raise SauvegardeImpossible(f"La sauvegarde est abîmée : {', '.join(ecarts)}.")


def outil_postgres(base: Mapping[str, Any], *commande: str | Path) -> None:
    """Appelle un outil client ; le mot de passe passe par l’environnement, jamais par la ligne de commande.

    :raises SauvegardeImpossible: si l’outil manque ou échoue.
    """
    options = base.get("OPTIONS", {})
    connexion = {
        "PGHOST": base.get("HOST") or options.get("host", ""),
        "PGPORT": base.get("PORT", ""),
        "PGUSER": base.get("USER", ""),
        "PGPASSWORD": base.get("PASSWORD", ""),
        "PGSSLMODE": options.get("sslmode", ""),
    }
    environnement = {**os.environ, **{nom: str(valeur) for nom, valeur in connexion.items() if valeur}}
    try:
        subprocess.run(commande, env=environnement, stdin=subprocess.DEVNULL, check=True)
    except FileNotFoundError as erreur:
        raise SauvegardeImpossible(
            f"{commande[0]} manque : installez les outils clients de PostgreSQL."
        ) from erreur
    except subprocess.CalledProcessError as erreur:
        raise SauvegardeImpossible(f"{commande[0]} a échoué (code {erreur.returncode}).") from erreur


def copier_base(base: Mapping[str, Any], cible: Path) -> None:
    if base["ENGINE"] != SQLITE:
        nom = str(base["NAME"])
        outil_postgres(base, "pg_dump", "--format=custom", "--no-owner", "--file", cible / BASE_POSTGRES, nom)
        return
    origine = Path(base["NAME"])
    if not origine.is_file():
        raise SauvegardeImpossible(f"La base {origine} n’existe pas.")
    with closing(sqlite3.connect(origine, timeout=60)) as connexion:
        connexion.execute("VACUUM INTO ?", (str(cible / BASE_SQLITE),))


def depot(pieces: Path | DepotDePieces) -> DepotDePieces:
    """Un simple chemin est celui du dossier des pièces."""
    return Dossier(pieces) if isinstance(pieces, Path) else pieces


def sauvegarder(
    base: Mapping[str, Any], pieces: Path | DepotDePieces, dossier: Path, *, maintenant: datetime
) -> Path:
    """Écrit une sauvegarde datée dans ``dossier`` et rend son chemin.

    :raises SauvegardeImpossible: sans laisser de sauvegarde à moitié faite.
    """
    cible = dossier / f"dpd-{maintenant:%Y-%m-%d-%H%M%S}"
    brouillon = cible.with_suffix(".en-cours")
    brouillon.mkdir(parents=True)
    try:
        copier_base(base, brouillon)
        # Après la base : une pièce déposée entre-temps est de trop, aucune ne manque.
        depot(pieces).copier(brouillon / PIECES)
        ecrire_empreintes(brouillon)
    except BaseException:
        shutil.rmtree(brouillon)
        raise
    return brouillon.rename(cible)


def remettre_sqlite(copie: Path, base: Path, *, maintenant: datetime) -> None:
    nouvelle = base.with_name(f"{base.name}.nouvelle")
    base.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(copie, nouvelle)
    with closing(sqlite3.connect(nouvelle)) as connexion:
        (verdict,) = connexion.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        nouvelle.unlink()
        raise SauvegardeImpossible(f"La base sauvegardée est abîmée : {verdict}.")
    for suffixe in ("", "-wal", "-shm"):
        mettre_de_cote(base.with_name(f"{base.name}{suffixe}"), maintenant=maintenant)
    nouvelle.rename(base)


def restaurer(
    base: Mapping[str, Any], pieces: Path | DepotDePieces, source: Path, *, maintenant: datetime
) -> None:
    """Remet la base et les pièces d’une sauvegarde à leur place ; le site doit être arrêté.

    :raises SauvegardeImpossible: si la sauvegarde est abîmée ou faite pour un autre moteur.
    """
    verifier_empreintes(source)
    copie = source / (BASE_SQLITE if base["ENGINE"] == SQLITE else BASE_POSTGRES)
    if not copie.is_file():
        raise SauvegardeImpossible(
            f"{source} ne contient pas {copie.name} : elle vient d’un autre moteur de base."
        )
    if base["ENGINE"] == SQLITE:
        remettre_sqlite(copie, Path(base["NAME"]), maintenant=maintenant)
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction")
        outil_postgres(base, "pg_restore", *options, "--dbname", str(base["NAME"]), copie)
    depot(pieces).remettre(source / PIECES, maintenant=maintenant)


def principal(geste: str, chemin: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dpd.settings")
    base = settings.DATABASES["default"]
    pieces = Seau(default_storage) if settings.S3_SEAU else Dossier(Path(settings.MEDIA_ROOT))
    maintenant = datetime.now().astimezone()
    os.umask(0o077)  # une sauvegarde contient tout : elle n’est lisible que de son propriétaire
    try:
        if geste == "sauvegarder":
            print(sauvegarder(base, pieces, Path(chemin), maintenant=maintenant))
        else:
            restaurer(base, pieces, Path(chemin), maintenant=maintenant)
            print(f"Remis en place : {chemin}. Lancez « make production-migrer » avant de rouvrir le site.")
    except (SauvegardeImpossible, OSError) as erreur:
        print(erreur, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in {"sauvegarder", "restaurer"}:
        sys.exit(__doc__)
    sys.exit(principal(*sys.argv[1:]))
