"""Ce que partagent les pages de l’annuaire côté structure : la fiche ou 404, le retour, un geste."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.gestes import Geste
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.regles.typographie import compte
from subtraitance.enums import EtatFiche
from subtraitance.models import SousTraitant

ONGLET = "prestataires"


def fiche_a_tenir(request, siren: str, pk: int) -> tuple[Structure, SousTraitant]:
    """Pour un geste du DPD.

    :raises Http404: à l’étranger, ou si la fiche n’est pas de cet annuaire ou est réunie à une autre.
    :raises PermissionDenied: à qui n’est pas DPD.
    """
    structure = structure_ou_404(request, siren, Capacite.TENIR_ANNUAIRE)
    fiche = fiche_de(structure, pk)
    if fiche.etat == EtatFiche.FUSIONNEE:
        raise Http404
    return structure, fiche


def fiche_de(structure: Structure, pk: int) -> SousTraitant:
    """:raises Http404: si la fiche n’est pas de l’annuaire de cette structure."""
    fiches = SousTraitant.objects.de_la_structure(structure).select_related(
        "structure", "proposee_par", "proposee_pour", "verifiee_par", "fusionne_dans"
    )
    return get_object_or_404(fiches, pk=pk)


def adresse_fiche(fiche: SousTraitant) -> str:
    return reverse("subtraitance:fiche_annuaire", args=[fiche.structure.siren, fiche.pk])


def geste_de(fiche: SousTraitant, titre: str, bouton: str, **textes) -> Geste:
    """Un geste qui ramène à la fiche."""
    chemin = (
        ("Annuaire", reverse("subtraitance:annuaire", args=[fiche.structure.siren])),
        (fiche.nom, adresse_fiche(fiche)),
    )
    return Geste(titre, bouton, adresse_fiche(fiche), onglet=ONGLET, chemin=chemin, **textes)


def qui_sera_prevenu(nombre: int) -> str:
    """« 14 collectivités en seront prévenues par courriel. »"""
    if not nombre:
        return "Aucune collectivité n’a de contrat en cours avec lui\u00a0: personne ne sera prévenu."
    verbe = "en sera prévenue" if nombre == 1 else "en seront prévenues"
    return f"{compte(nombre, 'collectivité')} {verbe} aussitôt par courriel."


def prevenues_dit(nombre: int) -> str:
    """La même chose, une fois faite ; vide si personne ne l’est."""
    if not nombre:
        return ""
    verbe = "est prévenue" if nombre == 1 else "sont prévenues"
    return f" {compte(nombre, 'collectivité')} {verbe} par courriel."
