"""Prépare la base que dit l’environnement : ``python -m bancs.preparer 100``."""

import os
import sys
import time
from pathlib import Path

import django
from django.db import connection

RECETTE = ".recette"


def principal(nom: str) -> None:
    from bancs import bases  # noqa: PLC0415 — les modèles ne se lisent qu’une fois Django réglé

    fichier = Path(str(connection.settings_dict["NAME"]))
    sceau, recette = fichier.with_suffix(RECETTE), f"{nom} {bases.recette()}"
    jetable = connection.vendor == "sqlite"
    if jetable and fichier.exists():
        if nom != "concurrence" and sceau.exists() and sceau.read_text("utf-8") == recette:
            print("Base reprise telle quelle.")
            return
        for reste in fichier.parent.glob(f"{fichier.name}*"):
            reste.unlink()
    depart = time.monotonic()
    for ou in bases.preparer(nom):
        print(f"{ou}, {time.monotonic() - depart:.0f} s", flush=True)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    connection.close()
    if jetable:
        sceau.write_text(recette, "utf-8")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bancs.reglages"
    django.setup()
    principal(sys.argv[1])
