"""Copier et remettre les pièces, où qu’elles soient : un dossier de cette machine, ou un seau S3.

Un seau se copie en entier, objet par objet, sans rien tenir en mémoire : qui en perd la clé, ou le seau
lui-même, garde ses pièces. Il se remet sans rien en retirer, puisqu’un contenu ne change jamais de nom.
"""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.core.files import File
from django.core.files.storage import Storage


class DepotDePieces(Protocol):
    def copier(self, cible: Path) -> None:
        """Écrit toutes les pièces dans ``cible``, qui n’existe pas encore."""

    def remettre(self, source: Path, *, maintenant: datetime) -> None:
        """Remet les pièces de ``source``, qui peut ne pas exister s’il n’y en avait aucune."""


def mettre_de_cote(chemin: Path, *, maintenant: datetime) -> None:
    """Renomme ce qui va être remplacé : une restauration malheureuse se défait à la main."""
    if chemin.exists():
        chemin.rename(chemin.with_name(f"{chemin.name}.{_avant(maintenant)}"))


def _avant(maintenant: datetime) -> str:
    return f"avant-{maintenant:%Y-%m-%d-%H%M%S}"


class Dossier:
    def __init__(self, chemin: Path) -> None:
        self.chemin = chemin

    def copier(self, cible: Path) -> None:
        if self.chemin.is_dir():
            shutil.copytree(self.chemin, cible)

    def remettre(self, source: Path, *, maintenant: datetime) -> None:
        mettre_de_cote(self.chemin, maintenant=maintenant)
        if source.is_dir():
            shutil.copytree(source, self.chemin)


class Seau:
    def __init__(self, stockage: Storage) -> None:
        self.stockage = stockage

    def copier(self, cible: Path) -> None:
        for nom in self._tous(""):
            fichier = cible / nom
            fichier.parent.mkdir(parents=True, exist_ok=True)
            with self.stockage.open(nom, "rb") as origine, fichier.open("wb") as copie:
                shutil.copyfileobj(origine, copie)

    def remettre(self, source: Path, *, maintenant: datetime) -> None:
        """Ce qui manque est remis ; ce qui diffère l’est aussi, l’objet d’avant gardé sous un autre nom."""
        for fichier in sorted(f for f in source.rglob("*") if f.is_file()):
            nom = fichier.relative_to(source).as_posix()
            if self.stockage.exists(nom):
                if self._empreinte(nom) == _empreinte(fichier):
                    continue
                self._mettre_de_cote(nom, maintenant)
            with fichier.open("rb") as flux:
                self.stockage.save(nom, File(flux))

    def _mettre_de_cote(self, nom: str, maintenant: datetime) -> None:
        with self.stockage.open(nom, "rb") as origine:
            self.stockage.save(f"{nom}.{_avant(maintenant)}", File(origine))
        self.stockage.delete(nom)

    def _tous(self, dossier: str) -> Iterator[str]:
        dossiers, fichiers = self.stockage.listdir(dossier)
        debut = f"{dossier}/" if dossier else ""
        yield from (f"{debut}{nom}" for nom in fichiers)
        for sous_dossier in dossiers:
            yield from self._tous(f"{debut}{sous_dossier}")

    def _empreinte(self, nom: str) -> str:
        with self.stockage.open(nom, "rb") as flux:
            return hashlib.file_digest(flux, "sha256").hexdigest()


def _empreinte(fichier: Path) -> str:
    with fichier.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()
