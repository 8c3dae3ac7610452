"""Ce qui attend dans chacune des collectivités d’une personne : elle sait laquelle ouvrir."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.pilotage.attentes import fiches
from dpd.regles.typographie import compte
from subtraitance.models import DemandeDroits
from violations.enums import EtatViolation
from violations.models import Violation


class Lieu(NamedTuple):
    collectivite: Collectivite
    attend: tuple[str, ...]


def lieux(acces, collectivites: Sequence[Collectivite]) -> list[Lieu]:
    """Chaque collectivité et ce que la personne a le droit d’en voir ; trois requêtes en tout."""
    sources = (
        (Capacite.LIRE_VIOLATIONS, Violation.objects.exclude(etat=EtatViolation.CLOSE), "violation en cours"),
        (Capacite.LIRE_DEMANDES, DemandeDroits.objects.ouvertes(), "demande en cours"),
        (Capacite.LIRE_REGISTRE, fiches().filter(~Q(manquantes="")), "fiche à compléter"),
    )
    attendues: dict[int, list[str]] = {c.pk: [] for c in collectivites}
    for capacite, requete, quoi in sources:
        visibles = [c.pk for c in collectivites if acces.peut(capacite, c)]
        for pk, nombre in _compter(requete, visibles):
            attendues[pk].append(compte(nombre, quoi, _pluriel(quoi)))
    return [Lieu(c, tuple(attendues[c.pk])) for c in collectivites]


def _compter(requete: QuerySet, visibles: list[int]) -> QuerySet:
    siennes = requete.order_by().filter(collectivite__in=visibles)
    return siennes.values("collectivite").annotate(nombre=Count("pk")).values_list("collectivite", "nombre")


def _pluriel(quoi: str) -> str:
    mot, _, suite = quoi.partition(" ")
    return f"{mot}s {suite}"
