"""Le relevé d’un export : la base lue une fois, les violations reprises d’un fichier temporaire.

Un classeur parcourt les violations autant de fois qu’il a de feuilles, et l’empreinte en tête est celle
de ce qui suit, même si quelqu’un écrit entre-temps. Rien ne reste en mémoire que les numéros et les titres.
"""

import pickle
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from dpd.regles.empreintes import empreinte_du_contenu
from violations.exports.registre_donnees import donnees_de
from violations.exports.registre_lecture import Lue
from violations.exports.registre_mots import instant_dit
from violations.exports.registre_rubriques import motif_dit, rubriques

EN_MEMOIRE = 2_000_000  # octets ; au-delà, le fichier passe sur le disque


@dataclass(frozen=True, slots=True)
class ViolationExportee:
    """``suites`` : les lignes de détail, par feuille ; ``donnees`` : la violation en codes."""

    numero: str
    titre: str
    organisme: str
    rubriques: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    suites: Mapping[str, tuple[tuple[str, ...], ...]]
    donnees: Mapping[str, Any]


def exporter(lue: Lue, maintenant: datetime) -> ViolationExportee:
    v = lue.violation
    return ViolationExportee(
        numero=v.numero,
        titre=v.titre,
        organisme=v.collectivite.denomination,
        rubriques=rubriques(lue, maintenant),
        suites={
            "decisions": tuple(_avis_et_decisions(lue)),
            "chronologie": tuple(_chronologie(lue)),
        },
        donnees=donnees_de(lue),
    )


def _avis_et_decisions(lue: Lue) -> Iterator[tuple[str, ...]]:
    fuseau = lue.violation.collectivite.fuseau
    faits = [
        *((a.rendu_le, "Avis du DPD", str(a), a.raisons, str(a.rendu_par)) for a in lue.avis),
        *((d.decidee_le, "Décision", str(d), motif_dit(d), str(d.decidee_par)) for d in lue.decisions),
    ]
    for instant, *textes in sorted(faits, key=lambda fait: fait[0]):
        yield instant_dit(instant, fuseau), *textes


def _chronologie(lue: Lue) -> Iterator[tuple[str, ...]]:
    fuseau = lue.violation.collectivite.fuseau
    for e in lue.evenements:
        auteur = str(e.auteur) if e.auteur else ""
        yield instant_dit(e.instant, fuseau), e.get_nature_display(), e.texte, auteur


class Releve:
    """Des violations que l’on peut parcourir plusieurs fois, par organisme puis de la plus récente."""

    def __init__(self, lues: Iterable[Lue], maintenant: datetime):
        self._fichier = SpooledTemporaryFile(EN_MEMOIRE)  # noqa: SIM115 — fermé avec le relevé
        weakref.finalize(self, self._fichier.close)
        reperes = []
        for lue in lues:
            v, position = lue.violation, self._fichier.tell()
            exportee = exporter(lue, maintenant)
            pickle.dump(exportee, self._fichier, pickle.HIGHEST_PROTOCOL)
            ordre = (v.collectivite.nom, v.collectivite.siren, -v.annee, -v.rang)
            ligne = f"{v.collectivite.siren};{v.numero};{empreinte_du_contenu(exportee.donnees)}"
            reperes.append((ordre, position, ligne, f"{exportee.numero}\u00a0: {exportee.titre}"))
        self._reperes = sorted(reperes)

    def __iter__(self) -> Iterator[ViolationExportee]:
        for _, position, _, _ in self._reperes:
            # Chaque parcours retrouve sa place : deux peuvent se croiser.
            self._fichier.seek(position)
            yield pickle.load(self._fichier)  # noqa: S301 — écrit par nous, jamais reçu de l’extérieur

    def __len__(self) -> int:
        return len(self._reperes)

    @property
    def titres(self) -> tuple[str, ...]:
        return tuple(titre for *_, titre in self._reperes)

    @property
    def empreinte(self) -> str:
        """SHA-256 des lignes « siren;numéro;empreinte », une par violation, triées."""
        return empreinte_du_contenu({"violations": sorted(ligne for _, _, ligne, _ in self._reperes)})
