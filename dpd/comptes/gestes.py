"""Une page de geste : un formulaire, une action, la page de retour ou les refus à leur place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.saisie import donnees_recues

GABARIT = "composants/geste.html"


@dataclass(frozen=True)
class Geste:
    """Ce que dit la page : ``retour`` est l’adresse d’« Annuler », ``icone`` celle du bouton.

    ``reperes`` : ce qu’il faut savoir, chacun avec ``titre``, ``phrase`` et ``article``.
    ``alerte`` : ce qu’il faut lire avant de s’engager.
    """

    titre: str
    bouton: str
    retour: str
    onglet: str = ""
    chapo: str = ""
    chemin: tuple[tuple[str, str], ...] = ()
    reperes: tuple = ()
    titre_reperes: str = "Bon à savoir"
    icone: str = ""
    alerte: str = ""


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
    gabarit: str = GABARIT,
    **objets,
):
    """Le déroulé d’un geste : formulaire, une action, puis la page de retour, ou ses refus sous les champs.

    ``saisie`` : les champs tels que l’action les attend ; ``objets`` : ce que la page montre d’autre.
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
    return render(request, gabarit, contexte)
