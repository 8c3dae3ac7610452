"""Le relevé d’un export : la base lue une seule fois, les fiches reprises d’un fichier temporaire.

Un classeur parcourt les fiches autant de fois qu’il a de feuilles, et l’empreinte en tête du document
doit être celle des fiches qui suivent, même si quelqu’un écrit entre-temps. On lit donc tout, au fil de
l’eau, avant la première page ; rien ne reste en mémoire que les numéros, les titres et les empreintes.
"""

import hashlib
import pickle
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile

from registre.exports.instantane import FicheExportee

EN_MEMOIRE = 2_000_000  # octets ; au-delà, le fichier passe sur le disque


@dataclass(frozen=True, slots=True)
class Repere:
    """De quoi annoncer une fiche sans la relire."""

    reference: int
    numero: int
    titre: str
    empreinte: str
    modifie_le: datetime


class Releve:
    """Une suite de fiches que l’on peut parcourir plusieurs fois, une seule en mémoire à la fois."""

    def __init__(self, fiches: Iterable[FicheExportee]):
        self._fichier = SpooledTemporaryFile(EN_MEMOIRE)  # noqa: SIM115 — fermé avec le relevé
        weakref.finalize(self, self._fichier.close)
        self.reperes: list[Repere] = []
        for fiche in fiches:
            pickle.dump(fiche, self._fichier, pickle.HIGHEST_PROTOCOL)
            self.reperes.append(
                Repere(fiche.reference, fiche.numero, fiche.titre, fiche.empreinte, fiche.modifie_le)
            )

    def __iter__(self) -> Iterator[FicheExportee]:
        position = 0
        for _ in self.reperes:
            # Chaque parcours retrouve sa place : deux peuvent se croiser.
            self._fichier.seek(position)
            fiche = pickle.load(self._fichier)  # noqa: S301 — écrit par nous, jamais reçu de l’extérieur
            position = self._fichier.tell()
            yield fiche

    @property
    def empreinte(self) -> str:
        """SHA-256 des lignes triées « référence;version;empreinte », une par fiche."""
        lignes = sorted(f"{r.reference};{r.numero};{r.empreinte}" for r in self.reperes)
        return hashlib.sha256("\n".join(lignes).encode()).hexdigest()

    @property
    def modifie_le(self) -> datetime | None:
        return max((repere.modifie_le for repere in self.reperes), default=None)
