"""Rappeler à la structure ce qu’elle doit détruire : le jour dit, puis tant que c’est en retard.

Un seul courriel par personne pour tous les lots qui échoient ensemble. Le retard se redit quand un lot de
plus y tombe, et chaque semaine tant qu’il en reste.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Count, Max

from dpd.comptes.models import Structure
from subtraitance import emails_structure as emails
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.actions.detention import fixer_les_echeances
from subtraitance.models import DonneesDetenues


def gestes_de_rappel(maintenant: datetime) -> Iterator[Callable[[], int]]:
    """Un geste par structure qui détient quelque chose ; chacun rend le nombre de courriels confiés.

    À appeler un par un : l’échec de l’un n’empêche pas les autres. Rejouables sans doublon.
    """
    detenant = DonneesDetenues.objects.filter(detruit_le=None).values("collectivite__structure")
    for structure in Structure.objects.filter(pk__in=detenant).order_by("pk"):
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
    lots = DonneesDetenues.objects.filter(collectivite__structure=structure, detruit_le=None, **filtre)
    compte = lots.aggregate(nombre=Count("pk"), derniere=Max("echeance"))
    return compte["nombre"], compte["derniere"]
