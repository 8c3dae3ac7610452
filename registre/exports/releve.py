"""Le relevé d’un export : la base lue une seule fois, les fiches reprises d’un fichier temporaire.

Un classeur parcourt les fiches autant de fois qu’il a de feuilles, et l’empreinte en tête du document
doit être celle des fiches qui suivent, même si quelqu’un écrit entre-temps. On lit donc tout, au fil de
l’eau, avant la première page ; rien ne reste en mémoire que les numéros, les titres et les empreintes.
"""

import hashlib
import json
import pickle
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

from registre.exports.instantane import AvisRendu, Decision, FicheExportee, VersionResumee
from registre.regles.contenu import completer, lignes_de

EN_MEMOIRE = 2_000_000  # octets ; au-delà, le fichier passe sur le disque


class Relevee(NamedTuple):
    """Une version telle que la base la garde, instants dans le fuseau de l’organisme.

    ``brut`` : le contenu, en JSON ; l’ouvrir coûte plus que le lire. ``responsable`` : celui qui prend la
    place du sien, si la fiche se prépare encore.
    """

    reference: int
    numero: int
    titre: str
    etat: str
    brut: str
    responsable: dict[str, Any] | None
    empreinte: str
    cree_le: datetime
    modifie_le: datetime
    adoptee_le: datetime | None
    avis: AvisRendu | None
    decision: Decision | None
    versions: tuple[VersionResumee, ...]

    @property
    def contenu(self) -> dict[str, Any]:
        """Le contenu, toutes rubriques présentes (``registre.regles.contenu``)."""
        contenu = completer(json.loads(self.brut))
        return contenu if self.responsable is None else {**contenu, "responsable": self.responsable}


@dataclass(frozen=True, slots=True)
class Repere:
    """De quoi annoncer une fiche sans la relire."""

    reference: int
    numero: int
    titre: str
    empreinte: str
    modifie_le: datetime


class Releve:
    """Une suite de fiches que l’on peut parcourir plusieurs fois, une seule en mémoire à la fois.

    ``ouvrir`` fait une fiche de ce qui a été relevé, à chaque parcours.
    """

    def __init__(self, relevees: Iterable[Relevee], ouvrir: Callable[[Relevee], FicheExportee]):
        self._ouvrir = ouvrir
        self._fichier = SpooledTemporaryFile(EN_MEMOIRE)  # noqa: SIM115 — fermé avec le relevé
        weakref.finalize(self, self._fichier.close)
        self.reperes: list[Repere] = []
        for relevee in relevees:
            pickle.dump(tuple(relevee), self._fichier, pickle.HIGHEST_PROTOCOL)
            self.reperes.append(
                Repere(
                    relevee.reference, relevee.numero, relevee.titre, relevee.empreinte, relevee.modifie_le
                )
            )

    def __iter__(self) -> Iterator[FicheExportee]:
        return map(self._ouvrir, self.relevees())

    def relevees(self) -> Iterator[Relevee]:
        """Ce que la base gardait, sans l’ouvrir."""
        position = 0
        for _ in self.reperes:
            # Chaque parcours retrouve sa place : deux peuvent se croiser.
            self._fichier.seek(position)
            valeurs = pickle.load(self._fichier)  # noqa: S301 — écrit par nous, jamais reçu de l’extérieur
            position = self._fichier.tell()
            yield Relevee._make(valeurs)

    def details(self, rubrique: str) -> Iterator[tuple[Relevee, tuple[Any, ...]]]:
        """Chaque fiche et les lignes d’une de ses rubriques, sans ouvrir le reste ni rien occulter."""
        for relevee in self.relevees():
            yield relevee, lignes_de(json.loads(relevee.brut), rubrique)

    @property
    def empreinte(self) -> str:
        """SHA-256 des lignes triées « référence;version;empreinte », une par fiche."""
        lignes = sorted(f"{r.reference};{r.numero};{r.empreinte}" for r in self.reperes)
        return hashlib.sha256("\n".join(lignes).encode()).hexdigest()

    @property
    def modifie_le(self) -> datetime | None:
        return max((repere.modifie_le for repere in self.reperes), default=None)
