"""Les étapes de la mise en place : le catalogue livré, et ce qu’un modèle de convention en retient.

Qui tient le registre et le mot qui désigne l’interlocuteur du DPD changent d’une convention à l’autre :
ce sont des réglages du modèle, jamais une seconde liste.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import models

from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.enums import Acteur

FICHIER = Path(__file__).parent / "donnees" / "mise_en_place.yaml"
# Ces étapes-là, d’autres gestes les connaissent.
REFERENT, DESIGNATION, BILAN = "referent", "designation", "bilan"
# Qui peut noter une étape : le responsable seul pour la sienne, le DPD ne décide pas (RGPD art. 38-6).
CAPACITES = {
    Acteur.COLLECTIVITE: Capacite.CONTRIBUER_MISE_EN_PLACE,
    Acteur.REFERENT: Capacite.CONTRIBUER_MISE_EN_PLACE,
    Acteur.DPD: Capacite.CONDUIRE_MISE_EN_PLACE,
    Acteur.RESPONSABLE: Capacite.DECIDER,
}


class Interlocuteur(models.TextChoices):
    """Le mot de la convention pour la personne qui, dans la collectivité, répond au DPD."""

    REFERENT = "referent", "Référent"
    CORRESPONDANT = "correspondant", "Correspondant"


class TenueRegistre(models.TextChoices):
    """Qui écrit le registre ; il reste sous la responsabilité de la collectivité (RGPD art. 30-1)."""

    REFERENT = "referent", "La collectivité, par son référent"
    DPD = "dpd", "Le DPD, pour la collectivité"


@dataclass(frozen=True, slots=True)
class Etape:
    """Une étape du catalogue."""

    code: str
    libelle: str
    acteur: Acteur
    trace: str = ""
    source: str = ""
    si_dpd: str = ""
    option: bool = False
    etat_mensuel: bool = False

    def dite(self, choix: "Choix") -> str:
        """Son libellé, dans les mots de la convention."""
        par_le_dpd = choix.registre == TenueRegistre.DPD and self.si_dpd
        return (self.si_dpd if par_le_dpd else self.libelle).format_map(choix.mots)


@dataclass(frozen=True, slots=True)
class Choix:
    """Ce qu’un modèle retient. ``codes`` nul : les étapes d’office."""

    codes: tuple[str, ...] | None = None
    interlocuteur: str = Interlocuteur.REFERENT.value
    registre: str = TenueRegistre.REFERENT.value
    mots: dict[str, str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        mot = str(Interlocuteur(self.interlocuteur).label).lower()
        mots = {"referent": mot, "le_referent": f"le {mot}", "du_referent": f"du {mot}"}
        object.__setattr__(self, "mots", mots)

    def en_json(self) -> dict[str, Any]:
        return {
            "codes": None if self.codes is None else list(self.codes),
            "interlocuteur": self.interlocuteur,
            "registre": self.registre,
        }


@cache
def catalogue() -> tuple[Etape, ...]:
    """Les étapes livrées, dans l’ordre. ``ValueError`` si le fichier en nomme une deux fois."""
    lues = yaml.safe_load(FICHIER.read_text("utf-8"))["etapes"]
    etapes = tuple(Etape(**{**lue, "acteur": Acteur(lue["acteur"])}) for lue in lues)
    if len({etape.code for etape in etapes}) != len(etapes):
        raise ValueError("Une étape de la mise en place est décrite deux fois.")
    return etapes


def choix_du(valeur: Any) -> Choix:
    """Ce que garde ``ModeleConvention.etapes`` : rien (les étapes d’office), des codes, ou un choix."""
    if isinstance(valeur, Mapping):
        codes = valeur.get("codes")
        return Choix(
            codes=None if codes is None else tuple(codes),
            interlocuteur=valeur.get("interlocuteur") or Interlocuteur.REFERENT.value,
            registre=valeur.get("registre") or TenueRegistre.REFERENT.value,
        )
    return Choix(codes=tuple(valeur) if valeur else None)


def codes_d_office(*, etat_mensuel: bool) -> tuple[str, ...]:
    """Les étapes que l’on retient sans rien choisir."""
    return tuple(e.code for e in catalogue() if not e.option or (etat_mensuel and e.etat_mensuel))


def etapes_retenues(valeur: Any, *, etat_mensuel: bool) -> tuple[Etape, ...]:
    """Les étapes d’un modèle de convention, dans l’ordre du catalogue ; un code inconnu est ignoré."""
    choix = choix_du(valeur)
    retenus: Iterable[str] = codes_d_office(etat_mensuel=etat_mensuel) if choix.codes is None else choix.codes
    codes = set(retenus)
    return tuple(etape for etape in catalogue() if etape.code in codes)
