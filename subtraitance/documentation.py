"""Ce que la structure doit pouvoir montrer à un responsable, lu en base (RGPD art. 28-3 h)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from dpd.comptes.models import Collectivite, Structure
from subtraitance.annuaire_pays import NOMS
from subtraitance.models import (
    Autorisation,
    ClauseControlee,
    Contrat,
    Instruction,
    LieuHebergement,
    SousTraitant,
    SousTraitantUlterieur,
)

A_LA_STRUCTURE = Q(contrat=None) | Q(contrat__sous_traitant__est_la_structure=True)


@dataclass(frozen=True, slots=True)
class Maillon:
    """Un sous-traitant ultérieur ; ``rang`` un pour celui de la structure, deux pour le sien…"""

    rang: int
    donneur: SousTraitant
    ulterieur: SousTraitant
    activite: str
    depuis: date | None


def pays_dit(code: str) -> str:
    """« France » ; le code même si l’on n’en connaît pas le nom."""
    return NOMS.get(code, code)


def lieux_de(structure: Structure) -> QuerySet:
    """Les lieux d’hébergement, du plus récent au plus ancien."""
    return LieuHebergement.objects.filter(structure=structure).order_by("-depuis", "-pk")


def instructions_de(collectivite: Collectivite) -> QuerySet:
    """Ses instructions à la structure, alertes et suites comprises."""
    siennes = Instruction.objects.filter(A_LA_STRUCTURE, collectivite=collectivite)
    return siennes.select_related("donnee_par", "accusee_par", "alertee_par", "suite_par").order_by(
        "donnee_le", "pk"
    )


def contrats_avec_la_structure(collectivite: Collectivite) -> list[Contrat]:
    """Du plus récent au plus ancien."""
    contrats = Contrat.objects.filter(collectivite=collectivite, sous_traitant__est_la_structure=True)
    return list(contrats.select_related("sous_traitant", "piece__collectivite").order_by("-debut", "-pk"))


def autorisations_de(contrats: Sequence[Contrat]) -> QuerySet:
    """Ce que le responsable a autorisé ou refusé pour ces contrats."""
    demandes = Autorisation.objects.filter(contrat__in=contrats)
    liees = ("ulterieur__ulterieur", "demandee_par", "decidee_par")
    return demandes.select_related(*liees).order_by("demandee_le", "pk")


def clauses_de(contrats: Sequence[Contrat]) -> dict[int, dict[str, ClauseControlee]]:
    """{contrat: {code: lecture}} du contrôle de l’article 28-3, s’il a eu lieu ; une requête."""
    lues: dict[int, dict[str, ClauseControlee]] = {}
    clauses = ClauseControlee.objects.filter(contrat__in=contrats).select_related("controlee_par")
    for clause in clauses.order_by("pk"):
        lues.setdefault(clause.contrat_id, {})[clause.code] = clause
    return lues


def chaine_de(structure: Structure) -> list[Maillon]:
    """Tous les sous-traitants ultérieurs de la structure, jusqu’au bout ; une requête.

    Une fiche déjà rencontrée n’est pas suivie deux fois : une boucle dans l’annuaire ne bloque rien.
    """
    liens = SousTraitantUlterieur.objects.filter(structure=structure, retire_le=None)
    suite: dict[int, list[SousTraitantUlterieur]] = {}
    departs: set[int] = set()
    for lien in liens.select_related("sous_traitant", "ulterieur").order_by("ulterieur__nom", "pk"):
        suite.setdefault(lien.sous_traitant_id, []).append(lien)
        if lien.sous_traitant.est_la_structure:
            departs.add(lien.sous_traitant_id)
    return list(_suivre(sorted(departs), suite))


def _suivre(
    departs: Sequence[int], suite: Mapping[int, Sequence[SousTraitantUlterieur]]
) -> Iterator[Maillon]:
    rang, etage, vus = 1, list(departs), set(departs)
    while etage:
        suivants = []
        for lien in (lien for pk in etage for lien in suite.get(pk, ())):
            yield Maillon(rang, lien.sous_traitant, lien.ulterieur, lien.activite, lien.depuis)
            if lien.ulterieur_id not in vus:
                vus.add(lien.ulterieur_id)
                suivants.append(lien.ulterieur_id)
        rang, etage = rang + 1, suivants
