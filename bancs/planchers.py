"""Ce que l’on ne peut pas faire moins cher : les mêmes intergiciels, presque rien derrière."""

from django.http import HttpResponse
from django.shortcuts import render

from registre.models import VersionTraitement

LIGNES = 50


def vide(request):
    """Session, compte et droits lus par les intergiciels ; aucune page."""
    return HttpResponse("")


def tableau_nu(request, siren):
    """Les mêmes lignes que la liste du registre, en une requête et un tableau sans rien autour."""
    lignes = (
        VersionTraitement.objects.filter(collectivite__siren=siren, est_courante=True)
        .order_by("nom", "pk")
        .values("traitement__reference", "nom", "service", "etat", "manquantes", "modifie_le")[:LIGNES]
    )
    return render(request, "bancs/tableau.html", {"lignes": lignes})
