"""Tout le banc : peupler les bases, mesurer, comparer, juger. ``make bench`` le lance.

Les bases SQLite restent dans var/banc et se reprennent si rien de leur recette n’a changé ; PostgreSQL est
démarré pour l’occasion. Les mesures brutes restent dans var/banc/mesures, le tout dans var/banc/banc.json.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from bancs import tableau
from bancs.buts import Verdict, juger
from bancs.mesures import Banc, lire
from bancs.rapport import inserer
from outils.postgres import serveur

RACINE = Path(__file__).resolve().parent.parent
DOSSIER = RACINE / "var" / "banc"
MESURES = DOSSIER / "mesures"
RAPPORT = RACINE / "docs" / "performance.md"
# Ce que l’on passe sur chaque base.
PASSAGES = {
    "10": ("pages", "ecritures", "relances", "delais"),
    "100": ("pages", "ecritures", "relances"),
    "1000": ("pages", "ecritures", "relances", "service"),
    "registres": ("exports", "imports", "memoire"),
    "concurrence": ("concurrence",),
}
# Un vrai disque : ni fsync ni durabilité ne sont ôtés.
SERVIR = "-h '' -c shared_buffers=1GB -c max_connections=100 -c maintenance_work_mem=256MB"


def principal(arguments: list[str]) -> int:
    analyse = argparse.ArgumentParser(prog="make bench", description=__doc__)
    analyse.add_argument("--moteurs", nargs="+", default=["sqlite", "postgresql"])
    analyse.add_argument("--bases", nargs="+", default=list(PASSAGES), choices=[*PASSAGES, "35000"])
    analyse.add_argument("--ajouter", action="store_true", help="garder les mesures des autres bases")
    analyse.add_argument("--juger-seulement", action="store_true", help="relire les mesures déjà prises")
    analyse.add_argument("--rapport", action="store_true", help="récrire les tableaux de docs/performance.md")
    options = analyse.parse_args(arguments)
    manques: list[str] = []
    if not options.juger_seulement:
        if not options.ajouter:
            shutil.rmtree(MESURES, ignore_errors=True)
        MESURES.mkdir(parents=True, exist_ok=True)
        for moteur in options.moteurs:
            manques += _passer(moteur, options.bases)
    _conclure(options.rapport)
    for manque in manques:
        print(f"A échoué\u00a0: {manque}.", file=sys.stderr)
    return 1 if manques else 0


def _passer(moteur: str, bases: list[str]) -> list[str]:
    """Prépare et mesure chaque base ; rend les échecs, qui n’arrêtent rien."""
    manques = []
    with _moteur(moteur) as adresse:
        for base in bases:
            _dire(f"{moteur}, base {base}")
            variables = {
                "DATABASE_URL": adresse(base),
                "BANC_TAILLE": "10" if base == "concurrence" else base,
            }
            if not _lancer([sys.executable, "-m", "bancs.preparer", base], variables):
                manques.append(f"peupler, {moteur}, base {base}")
                continue
            sortie = MESURES / f"{moteur}-{base}.json"
            bancs = [f"bancs/bench_{nom}.py" for nom in PASSAGES.get(base, ("pages",))]
            sortie_json = [f"--benchmark-json={sortie}", "--benchmark-columns=median,rounds", "--tb=short"]
            pytest = [sys.executable, "-m", "pytest", "-c", "bancs/pytest.ini", "--rootdir", "."]
            if not _lancer([*pytest, *bancs, *sortie_json], variables):
                manques.append(f"mesurer, {moteur}, base {base}")
    return manques


@contextmanager
def _moteur(moteur: str) -> Iterator:
    """Rend de quoi nommer l’adresse d’une base, le temps que le moteur tourne."""
    if moteur == "sqlite":
        yield lambda base: f"sqlite:///{DOSSIER / base}.sqlite3"
        return
    with serveur(SERVIR) as variables:
        os.environ["PATH"] = variables["PATH"]

        def creer(base: str) -> str:
            adresse = variables["DATABASE_URL"].removesuffix("/postgres")
            commande = ["psql", "-qc", f'CREATE DATABASE "banc{base}"', variables["DATABASE_URL"]]
            subprocess.run(commande, check=True)
            return f"{adresse}/banc{base}"

        yield creer


def _lancer(commande: list[str], variables: dict[str, str]) -> bool:
    """Ce que la commande dit va droit à l’écran."""
    return not subprocess.run(commande, cwd=RACINE, env={**os.environ, **variables}, check=False).returncode


def _conclure(recrire: bool) -> None:
    banc = Banc([mesure for fichier in sorted(MESURES.glob("*.json")) for mesure in lire(fichier)])
    verdicts = [verdict for moteur in banc.moteurs for verdict in juger(banc, moteur)]
    for lignes in (tableau.mesures(banc), tableau.croissances(banc), tableau.verdicts(verdicts)):
        print()
        print(*lignes, sep="\n")
    resultat = DOSSIER / "banc.json"
    resultat.write_text(json.dumps(_rapport(banc, verdicts), ensure_ascii=False, indent=1), "utf-8")
    print(f"\nTout est dans {resultat.relative_to(RACINE)}.")
    if recrire:
        inserer(RAPPORT, banc, verdicts)


def _rapport(banc: Banc, verdicts: list[Verdict]) -> dict:
    return {
        "machine": {
            "systeme": platform.platform(),
            "python": platform.python_version(),
            "coeurs": os.cpu_count(),
        },
        "mesures": [asdict(mesure) for mesure in banc.mesures],
        "verdicts": [
            {
                "but": v.but.cle,
                "moteur": v.moteur,
                "etat": v.etat,
                "pourquoi": v.pourquoi,
                "constats": [{**asdict(c), "tenu": c.tenu} for c in v.constats],
            }
            for v in verdicts
        ],
    }


def _dire(texte: str) -> None:
    print(f"\n=== {texte}", flush=True)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
