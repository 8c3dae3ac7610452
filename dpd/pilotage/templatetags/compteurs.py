"""Le nombre de dossiers en cours, à côté de l’onglet qui y mène : une seule lecture pour tous."""

from collections.abc import Callable, Mapping

from django import template
from django.db.models import CharField, Count, Q, QuerySet, Value

from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.regles.onglets import Onglet
from subtraitance.models import DemandeDroits
from violations.enums import EtatViolation
from violations.models import Violation

register = template.Library()


def _violations(portee: Q, capacites: set[str]) -> QuerySet:
    return Violation.objects.filter(portee).exclude(etat=EtatViolation.CLOSE)


def _demandes(portee: Q, capacites: set[str]) -> QuerySet:
    """L’agent ne compte que celles qu’il doit encore transmettre."""
    demandes = DemandeDroits.objects.filter(portee)
    return demandes.ouvertes() if Capacite.LIRE_DEMANDES in capacites else demandes.a_transmettre()


COMPTES: Mapping[str, Callable[[Q, set[str]], QuerySet]] = {
    "violations": _violations,
    "demandes": _demandes,
}


@register.simple_tag(takes_context=True)
def onglets_comptes(context) -> list[tuple[Onglet, int]]:
    """[(onglet, nombre)], dans l’ordre ; zéro pour un onglet qui ne se compte pas."""
    collectivite, structure = context["collectivite"], context["structure"]
    portee = Q(collectivite=collectivite) if collectivite else Q(collectivite__structure=structure)
    onglets = context["onglets"]
    nombres = _compter(portee, context["peut"], [o.cle for o in onglets if o.cle in COMPTES])
    return [(onglet, nombres.get(onglet.cle, 0)) for onglet in onglets]


def _compter(portee: Q, capacites: set[str], cles: list[str]) -> dict[str, int]:
    if not cles:
        return {}
    lectures = [
        COMPTES[cle](portee, capacites)
        .order_by()
        .annotate(onglet=Value(cle, output_field=CharField()))
        .values("onglet")
        .annotate(nombre=Count("pk"))
        for cle in cles
    ]
    return dict(lectures[0].union(*lectures[1:], all=True).values_list("onglet", "nombre"))
