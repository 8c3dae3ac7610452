"""Lire l’historique d’une collectivité : qui, quand, avant, après, motif."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.text import capfirst

from dpd.comptes.models import Collectivite
from dpd.regles.typographie import date_courte, nombre

LIMITE = 20
TUS = frozenset({"id", "structure", "epci_siren"})
NATURES = {"+": "Collectivité ajoutée", "~": "Collectivité modifiée"}
ANNEES = frozenset({"population_millesime"})


@dataclass(frozen=True)
class Changement:
    champ: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Evenement:
    quand: datetime
    qui: str
    motif: str
    changements: tuple[Changement, ...]


def evenements(collectivite: Collectivite, limite: int = LIMITE) -> list[Evenement]:
    """Les derniers changements, du plus récent au plus ancien, en une requête."""
    lignes = list(
        collectivite.history.select_related("history_user").order_by("-history_date", "-history_id")[
            : limite + 1
        ]
    )
    precedentes = [*lignes[1:], None]
    return [
        Evenement(
            quand=ligne.history_date,
            qui=str(ligne.history_user or "l’application"),
            motif=ligne.history_change_reason or NATURES.get(ligne.history_type, ""),
            changements=_changements(precedente, ligne),
        )
        for ligne, precedente in zip(lignes[:limite], precedentes, strict=False)
    ]


def _changements(avant, apres) -> tuple[Changement, ...]:
    if avant is None:
        return ()
    champs = [champ for champ in apres.tracked_fields if champ.name not in TUS]
    return tuple(
        Changement(capfirst(champ.verbose_name), _lisible(avant, champ), _lisible(apres, champ))
        for champ in champs
        if getattr(avant, champ.attname) != getattr(apres, champ.attname)
    )


def _lisible(ligne, champ) -> str:
    valeur = getattr(ligne, champ.attname)
    if champ.choices:
        valeur = dict(champ.flatchoices).get(valeur, valeur)
    if valeur is None or valeur == "":
        return "vide"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, date):
        return date_courte(valeur)
    return nombre(valeur) if isinstance(valeur, int) and champ.name not in ANNEES else str(valeur)
