"""Les bases du banc : peuplées une fois, reprises telles quelles si leur recette n’a pas changé."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

from bancs import nationale
from dpd.comptes.models import Structure
from dpd.pilotage.charge import lieux, peuplement, registres
from dpd.settings import RACINE

MAINTENANT = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
FICHES = 60  # par collectivité, dans un département réel
TAILLES = (10, 100, 1_000)  # collectivités
REGISTRES = (100, 1_000, 10_000)  # fiches d’un même registre, pour les exports
BASE_DES_REGISTRES = "registres"
BASE_DES_ECRITURES = "concurrence"  # les écritures y restent
NATIONALE = 35_000  # une structure par département
LOT = 500  # fiches


def recette() -> str:
    """L’empreinte de ce qui décide du contenu d’une base : les migrations et le peuplement."""
    fichiers = sorted((RACINE / "dpd" / "pilotage" / "charge").glob("*.py"))
    for application in apps.get_app_configs():
        dossier = Path(application.path) / "migrations"
        if dossier.is_relative_to(RACINE) and ".venv" not in dossier.parts:
            fichiers += sorted(dossier.glob("*.py"))
    somme = hashlib.sha256()
    for fichier in (*fichiers, Path(__file__), Path(nationale.__file__)):
        somme.update(fichier.read_bytes())
    return somme.hexdigest()


def preparer(nom: str) -> Iterator[str]:
    """Migre et peuple la base courante ; dit où il en est."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    if nom == BASE_DES_REGISTRES:
        yield from _peupler(peuplement.Demande(len(REGISTRES), 0, ensemble=True))
        yield from _remplir_les_registres()
        return
    if nom == str(NATIONALE):
        yield from _peupler(peuplement.Demande(NATIONALE, nationale.SEMEES))
        yield from nationale.multiplier(FICHES)
        return
    taille = TAILLES[0] if nom == BASE_DES_ECRITURES else int(nom)
    yield from _peupler(peuplement.Demande(taille, FICHES, ensemble=True))


def _peupler(demande: peuplement.Demande) -> Iterator[str]:
    for bilan in peuplement.peupler(demande, MAINTENANT):
        yield f"{bilan.collectivites} collectivités, {bilan.fiches} fiches"


def _remplir_les_registres() -> Iterator[str]:
    """Trois registres de 100, 1 000 et 10 000 fiches, par lots : la mémoire ne suit pas le plus grand."""
    modeles = registres.catalogue()
    equipe, ouverts = lieux.relire(Structure.objects.get())
    for lieu, fiches in zip(ouverts, REGISTRES, strict=True):
        for premiere in range(1, fiches + 1, LOT):
            nombre = min(LOT, fiches - premiere + 1)
            registres.remplir_les_registres(equipe, [lieu], modeles, nombre, MAINTENANT, premiere=premiere)
            yield f"registre de {fiches} fiches, {premiere + nombre - 1} faites"
