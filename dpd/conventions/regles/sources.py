"""Tout ce dont dépend un montant, en une valeur : figée avec l’état, elle le recalcule à l’identique."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dpd.conventions.regles.indices import IndicePublie, Raccord
from dpd.conventions.regles.tarifs import Phase, Tranche


@dataclass(frozen=True, slots=True)
class Complement:
    """Une prestation qui s’ajoute : ``prix`` unitaire en euros, révisable ou non."""

    libelle: str
    detail: str
    quantite: Decimal
    unite: str
    prix: Decimal
    revisable: bool = True


@dataclass(frozen=True, slots=True)
class Sources:
    """``suite`` : les indices à appliquer, un par révision ; ``None`` pour celui qui n’est pas encore saisi.

    ``attendus`` nomme ces indices, dans le même ordre (« novembre 2026 »). ``jours`` : les journées
    retenues pour l’exercice, passées ou estimées selon la phase.
    """

    exercice: int
    nature: str  # NatureBareme
    phase: Phase
    bareme: str
    source: str
    est_commune: bool = True
    population: int | None = None
    millesime: int | None = None
    millesime_attendu: int | None = None
    population_source: str = ""
    communes_seulement: bool = True
    grille: tuple[Tranche, ...] = ()
    cout_journee: Decimal | None = None
    forfait: Decimal | None = None
    forfait_libelle: str = ""
    sens: str = ""  # SensForfait
    jours: Decimal | None = None
    jours_inclus: Decimal | None = None
    revision: str = "aucune"  # Revision
    base: IndicePublie | None = None
    suite: tuple[IndicePublie | None, ...] = ()
    attendus: tuple[str, ...] = ()
    raccord: Raccord | None = None
    complements: tuple[Complement, ...] = ()


def vers_json(sources: Sources) -> dict[str, Any]:
    """Les sources en valeurs JSON : un nombre décimal y est un texte, une date son écriture ISO."""
    simple: dict[str, Any] = _simplifier(asdict(sources))
    return simple


def depuis_json(contenu: Mapping[str, Any]) -> Sources:
    """Les sources telles que :func:`vers_json` les a écrites. ``TypeError`` si une clé est inconnue."""
    valeurs = dict(contenu)
    return Sources(
        **valeurs
        | {
            "phase": Phase(valeurs["phase"]),
            "grille": tuple(_tranche(t) for t in valeurs["grille"]),
            "base": _indice(valeurs["base"]),
            "suite": tuple(_indice(i) for i in valeurs["suite"]),
            "attendus": tuple(valeurs["attendus"]),
            "raccord": _raccord(valeurs["raccord"]),
            "complements": tuple(_complement(c) for c in valeurs["complements"]),
        }
        | {nom: _decimal(valeurs[nom]) for nom in ("cout_journee", "forfait", "jours", "jours_inclus")}
    )


def _simplifier(valeur: Any) -> Any:
    if isinstance(valeur, dict):
        return {cle: _simplifier(v) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_simplifier(v) for v in valeur]
    if isinstance(valeur, Decimal):
        return str(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    return valeur.value if isinstance(valeur, Phase) else valeur


def _decimal(valeur: str | None) -> Decimal | None:
    return None if valeur is None else Decimal(valeur)


def _tranche(v: Mapping[str, Any]) -> Tranche:
    return Tranche(v["minimum"], v["maximum"], Decimal(v["mise_en_place"]), Decimal(v["accompagnement"]))


def _indice(v: Mapping[str, Any] | None) -> IndicePublie | None:
    if v is None:
        return None
    publie_le = date.fromisoformat(v["publie_le"]) if v["publie_le"] else None
    return IndicePublie(**{**v, "valeur": Decimal(v["valeur"]), "publie_le": publie_le})


def _raccord(v: Mapping[str, Any] | None) -> Raccord | None:
    return None if v is None else Raccord(v["de"], v["vers"], Decimal(v["coefficient"]))


def _complement(v: Mapping[str, Any]) -> Complement:
    return Complement(**{**v, "quantite": Decimal(v["quantite"]), "prix": Decimal(v["prix"])})
