"""Rappeler à la structure ce qu’elle doit détruire : le jour dit, puis tant que c’est en retard.

Un seul courriel par personne pour tous les lots qui échoient ensemble. Le retard se redit quand un lot de
plus y tombe, et chaque semaine tant qu’il en reste.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from dpd.comptes.models import Structure
from subtraitance import emails_structure as emails
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.actions.detention import echeances_a_fixer, fixer_les_echeances
from subtraitance.models import DonneesDetenues


def gestes_de_rappel(maintenant: datetime) -> Iterator[Callable[[], int]]:
    """Un geste par structure qui a un lot échu, ou une échéance à fixer ; chacun rend les courriels confiés.

    À appeler un par un : l’échec de l’un n’empêche pas les autres. Rejouables sans doublon. Le reste ne
    prend aucun verrou.
    """
    for structure in Structure.objects.order_by("pk"):
        jour = jour_de_la_structure(structure, maintenant)
        if _detenus(structure, echeance__lte=jour).exists() or echeances_a_fixer(structure):
            yield partial(rappeler, structure=structure, maintenant=maintenant)


@transaction.atomic
def rappeler(*, structure: Structure, maintenant: datetime) -> int:
    """Ce qui échoit aujourd’hui chez une structure, puis ce qui est en retard ; rend les envois."""
    fixer_les_echeances(structure=structure, maintenant=maintenant)
    jour = jour_de_la_structure(structure, maintenant)
    partis = 0
    aujourdhui, _ = _compter(structure, echeance=jour)
    if aujourdhui:
        partis += emails.detention_rappel(
            structure=structure,
            retard=False,
            nombre=aujourdhui,
            cle=f"detention-echeance:{structure.pk}:{jour.isoformat()}",
            maintenant=maintenant,
        )
    en_retard, derniere = _compter(structure, echeance__lt=jour)
    if derniere is not None:
        lundi = jour - timedelta(days=jour.weekday())
        partis += emails.detention_rappel(
            structure=structure,
            retard=True,
            nombre=en_retard,
            cle=f"detention-retard:{structure.pk}:{derniere.isoformat()}:{lundi.isoformat()}",
            maintenant=maintenant,
        )
    return partis


def _compter(structure: Structure, **filtre) -> tuple[int, date | None]:
    """(combien, la plus récente échéance)."""
    compte = _detenus(structure, **filtre).aggregate(nombre=Count("pk"), derniere=Max("echeance"))
    return compte["nombre"], compte["derniere"]


def _detenus(structure: Structure, **filtre) -> QuerySet:
    return DonneesDetenues.objects.filter(collectivite__structure=structure, detruit_le=None, **filtre)
