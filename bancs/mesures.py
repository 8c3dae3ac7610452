"""Lire ce que pytest-benchmark a mesuré, et en tirer rapports et exposants ; rien que du calcul."""

import json
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


def taille_de_la_base() -> int:
    """Les collectivités de la base mesurée, dites par ``BANC_TAILLE`` ; 0 si ce n’est pas un nombre."""
    dite = os.environ.get("BANC_TAILLE", "")
    return int(dite) if dite.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Mesure:
    """``secondes`` : médiane d’un tour ; ``taille`` : collectivités de la base, 0 si elle n’y fait rien."""

    groupe: str
    role: str
    moteur: str
    taille: int
    secondes: float
    p95: float
    dits: dict[str, Any] = field(default_factory=dict)

    @property
    def requetes(self) -> int:
        return int(self.dits.get("requetes", 0))

    @property
    def par_unite(self) -> float:
        return self.secondes / self.dits.get("unites", 1)


def lire(fichier: Path) -> list[Mesure]:
    """Les mesures d’un passage, dans l’ordre du banc."""
    return [_mesure(banc) for banc in json.loads(fichier.read_text("utf-8"))["benchmarks"]]


def _mesure(banc: dict[str, Any]) -> Mesure:
    dits, durees = dict(banc["extra_info"]), sorted(banc["stats"]["data"])
    return Mesure(
        groupe=banc["group"],
        role=dits.pop("role"),
        moteur=dits.pop("moteur"),
        taille=dits.pop("taille"),
        secondes=median(durees),
        p95=durees[min(len(durees) - 1, math.ceil(0.95 * len(durees)) - 1)],
        dits=dits,
    )


def exposant(points: Iterable[tuple[float, float]]) -> float | None:
    """La pente de log(coût) sur log(taille), par moindres carrés : 1 = linéaire, 0 = constant.

    None s’il y a moins de deux tailles. :raises ValueError: si une taille ou un coût n’est pas positif.
    """
    logs = [(_log(taille), _log(cout)) for taille, cout in points]
    if len({x for x, _ in logs}) < 2:
        return None
    mx, my = (sum(v) / len(logs) for v in zip(*logs, strict=True))
    return sum((x - mx) * (y - my) for x, y in logs) / sum((x - mx) ** 2 for x, _ in logs)


def _log(valeur: float) -> float:
    if valeur <= 0:
        raise ValueError("Un exposant se lit sur des tailles et des coûts positifs.")
    return math.log(valeur)


@dataclass(frozen=True, slots=True)
class Banc:
    """Toutes les mesures d’un passage, et comment les retrouver."""

    mesures: Sequence[Mesure]

    def filtrer(self, groupe: str, role: str = "nous", **dits: Any) -> list[Mesure]:
        """``moteur`` et ``taille`` compris : tout ce qui est dit doit être vrai de la mesure."""
        moteur, taille = dits.pop("moteur", None), dits.pop("taille", None)
        return [
            m
            for m in self.mesures
            if m.groupe == groupe
            and m.role == role
            and moteur in (None, m.moteur)
            and taille in (None, m.taille)
            and all(m.dits.get(cle) == valeur for cle, valeur in dits.items())
        ]

    def une(self, groupe: str, role: str = "nous", **dits: Any) -> Mesure:
        """:raises Absente: si le passage ne l’a pas."""
        trouvees = self.filtrer(groupe, role, **dits)
        if not trouvees:
            raise Absente(f"{groupe}, {role}, {dits}")
        return trouvees[0]

    def rapport(self, groupe: str, plancher: str, **dits: Any) -> float:
        return self.une(groupe, **dits).secondes / self.une(groupe, plancher, **dits).secondes

    def croissance(self, groupe: str, role: str = "nous", sur: str = "taille", **dits: Any) -> float | None:
        """L’exposant du temps selon ``sur`` : la taille de la base, ou une grandeur que la mesure dit."""
        mesures = self.filtrer(groupe, role, **dits)
        return exposant((m.taille if sur == "taille" else m.dits[sur], m.secondes) for m in mesures)

    @property
    def moteurs(self) -> list[str]:
        return sorted({m.moteur for m in self.mesures if m.moteur})


class Absente(LookupError):
    """Une mesure que ce passage n’a pas prise."""
