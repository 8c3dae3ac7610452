"""La porte d’entrée : chacun arrive là où il a à faire."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from dpd.comptes.models import Collectivite, Structure
from dpd.pilotage.choix import lieux


@require_GET
def accueil(request):
    structures = list(Structure.objects.filter(pk__in=request.acces.par_structure))
    if len(structures) == 1:
        return redirect("pilotage:structure", structures[0].siren)
    collectivites = list(Collectivite.objects.filter(pk__in=list(request.acces.par_collectivite)[:200]))
    if len(collectivites) == 1 and not structures:
        return redirect("pilotage:collectivite", collectivites[0].siren)
    return render(
        request,
        "pilotage/choisir.html",
        {"structures": structures, "lieux": lieux(request.acces, collectivites)},
    )
