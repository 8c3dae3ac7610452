"""Ce que partagent les pages d’un contrat : le trouver chez sa collectivité, un geste qui y ramène."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import Geste
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from subtraitance import contrats_lus
from subtraitance.models import Contrat

ONGLET = "prestataires"


def contrat_ou_404(request, siren: str, pk: int, capacite: Capacite) -> tuple[Collectivite, Contrat]:
    """:raises Http404: à l’étranger, ou si le contrat est d’une autre collectivité.

    :raises PermissionDenied: si le rôle ne suffit pas.
    """
    collectivite = collectivite_ou_404(request, siren, capacite)
    contrat = get_object_or_404(contrats_lus.pour_page(collectivite), pk=pk)
    contrat.collectivite = collectivite
    return collectivite, contrat


def adresse_de(contrat: Contrat, nom: str = "contrat") -> str:
    return reverse(f"registre:{nom}", args=[contrat.collectivite.siren, contrat.pk])


def chemin_de(contrat: Contrat) -> tuple[tuple[str, str], ...]:
    """Le fil d’Ariane d’une page sous un contrat."""
    siren = contrat.collectivite.siren
    return (
        ("Prestataires", reverse("subtraitance:prestataires", args=[siren])),
        (
            contrat.sous_traitant.nom,
            reverse("subtraitance:prestataire", args=[siren, contrat.sous_traitant_id]),
        ),
        (str(contrat), adresse_de(contrat)),
    )


def geste_de(contrat: Contrat, titre: str, bouton: str, **textes) -> Geste:
    return Geste(titre, bouton, adresse_de(contrat), onglet=ONGLET, chemin=chemin_de(contrat), **textes)
