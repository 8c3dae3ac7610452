"""Première ligne de chaque vue : l’objet, ou 404 pour l’étranger, ou 403 pour qui n’a pas le rôle."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from dpd.comptes.models import Collectivite, Structure
from dpd.comptes.regles.capacites import Capacite


def collectivite_ou_404(request, siren: str, capacite: Capacite) -> Collectivite:
    """La collectivité affichée.

    :raises Http404: si elle n’existe pas ou si la personne n’y exerce aucun rôle.
    :raises PermissionDenied: si elle y exerce un rôle qui ne suffit pas.
    """
    collectivite = Collectivite.objects.select_related("structure").filter(siren=siren).first()
    if collectivite is None or not request.acces.roles(collectivite):
        raise Http404
    if not request.acces.peut(capacite, collectivite):
        raise PermissionDenied
    request.collectivite = collectivite
    return collectivite


def structure_ou_404(request, siren: str, capacite: Capacite) -> Structure:
    """La structure affichée ; mêmes erreurs que :func:`collectivite_ou_404`."""
    structure = Structure.objects.filter(siren=siren).first()
    if structure is None or not request.acces.roles_structure(structure):
        raise Http404
    if not request.acces.peut_structure(capacite, structure):
        raise PermissionDenied
    request.structure = structure
    return structure
