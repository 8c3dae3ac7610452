"""Ce que partagent les pages de geste : un formulaire, une action, une page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.conventions.forms.convention_commun import ajouter_le_refus
from dpd.conventions.models import Convention
from dpd.conventions.regles.en_clair import Clause

GABARIT = "conventions/convention_geste.html"


@dataclass(frozen=True)
class Geste:
    """Ce que dit la page : ``retour`` est l’adresse d’« Annuler », ``reperes`` ce qu’il faut savoir."""

    titre: str
    bouton: str
    retour: str
    onglet: str = "convention"
    chapo: str = ""
    chemin: tuple[tuple[str, str], ...] = ()
    reperes: tuple[Clause, ...] = ()
    titre_reperes: str = "Bon à savoir"


def recus(request) -> tuple:
    """Ce qu’un formulaire a à lire : les champs, puis les fichiers ; rien à l’ouverture de la page."""
    donnees = donnees_recues(request)
    return (donnees, request.FILES if donnees is not None else None)


def derouler(
    request,
    geste: Geste,
    formulaire,
    action: Callable[..., Any],
    *,
    fait: Callable[[Any], str],
    saisie: Callable[[dict], dict] = dict,
    **objets,
):
    """Le déroulé d’un geste : formulaire, une action, puis la page de retour, ou ses refus sous les champs.

    ``saisie`` : les champs tels que l’action les attend ; ``objets`` : ce qu’affiche la barre.
    """
    if request.method == "POST" and formulaire.is_valid():
        try:
            resultat = action(auteur=request.user, **saisie(formulaire.cleaned_data))
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, fait(resultat))
            return redirect(geste.retour)
    contexte = {**objets, "geste": geste, "formulaire": formulaire, "onglet_actif": geste.onglet}
    return render(request, GABARIT, contexte)


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
