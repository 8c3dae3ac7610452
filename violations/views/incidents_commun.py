"""Ce que partagent les pages d’un incident : le trouver, le montrer à l’heure de la structure, un geste."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from dpd.comptes import gestes
from dpd.comptes.acces import structure_ou_404
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from violations.incidents_affichage import fuseau_de
from violations.models import Incident

ONGLET = "incidents"


def incident_ou_404(request, siren: str, annee: int, rang: int) -> tuple[Structure, Incident]:
    """La structure et l’un de ses incidents ; mêmes erreurs que ``structure_ou_404``."""
    structure = structure_ou_404(request, siren, Capacite.SIGNALER_INCIDENT)
    trouves = Incident.objects.select_related(
        "structure", "sous_traitant", "logiciel", "signale_par", "clos_par"
    )
    incident = trouves.filter(structure=structure, annee=annee, rang=rang).first()
    if incident is None:
        raise Http404
    return structure, incident


def lit_les_dossiers(request, structure: Structure) -> bool:
    """Vrai du DPD : l’agent ne lit ni violations, ni contrats, ni registres (RGPD art. 38-5)."""
    return request.acces.peut_structure(Capacite.LIRE_VIOLATIONS, structure)


def adresse_incident(incident: Incident, nom: str = "incident") -> str:
    return reverse(f"violations:{nom}", args=[incident.structure.siren, incident.annee, incident.rang])


def chemin_incident(incident: Incident) -> tuple[tuple[str, str], ...]:
    """Le fil d’Ariane d’une page sous un incident."""
    return (
        ("Incidents", reverse("violations:incidents", args=[incident.structure.siren])),
        (f"N°\u00a0{incident.numero}", adresse_incident(incident)),
    )


def rendre(request, structure: Structure, gabarit: str, **contexte):
    """La page, aux heures de la structure."""
    with timezone.override(fuseau_de(structure)):
        return render(request, gabarit, {"structure": structure, "onglet_actif": ONGLET, **contexte})


def derouler(
    request,
    structure: Structure,
    geste: gestes.Geste,
    formulaire,
    action: Callable[..., Any],
    *,
    fait: Callable[[Any], str],
):
    """Le geste, aux heures de la structure."""
    with timezone.override(fuseau_de(structure)):
        return gestes.derouler(
            request,
            geste,
            formulaire,
            action,
            fait=fait,
            saisie=lambda _: formulaire.saisie(),
            structure=structure,
        )
