"""Ce que partagent les pages d’une convention : la trouver, y revenir."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse

from dpd.comptes import gestes
from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.models import Convention


@dataclass(frozen=True)
class Geste(gestes.Geste):
    onglet: str = "convention"


def convention_ou_404(request, siren: str, pk: int, capacite: Capacite) -> Convention:
    """Une convention de cette collectivité ; mêmes erreurs que ``collectivite_ou_404``."""
    collectivite = collectivite_ou_404(request, siren, capacite)
    requete = Convention.objects.filter(collectivite=collectivite)
    return get_object_or_404(requete.select_related("modele", "collectivite__structure"), pk=pk)


def adresse_convention(collectivite, convention: Convention | None = None) -> str:
    """La page de la convention d’une collectivité, sur celle-ci si on la donne."""
    choix = {"convention": convention.pk} if convention else None
    return reverse("conventions:convention", args=[collectivite.siren], query=choix)


def chemin_collectivite(collectivite, *suite: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Le fil d’Ariane d’une page sous « Convention »."""
    return (
        (collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren])),
        ("Convention", adresse_convention(collectivite)),
        *suite,
    )
