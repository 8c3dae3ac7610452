"""Les pages ouvertes à tous : aide, accessibilité, données personnelles, mentions, plan."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dpd.comptes.models import Structure


def _page(request, nom: str):
    structures = Structure.objects.order_by("nom") if request.user.is_authenticated else []
    return render(request, f"pilotage/pages/{nom}.html", {"structures": structures})


@login_not_required
@require_GET
def aide(request):
    return _page(request, "aide")


@login_not_required
@require_GET
def accessibilite(request):
    return _page(request, "accessibilite")


@login_not_required
@require_GET
def donnees_personnelles(request):
    return _page(request, "donnees_personnelles")


@login_not_required
@require_GET
def mentions_legales(request):
    return _page(request, "mentions_legales")


@login_not_required
@require_GET
def plan(request):
    return _page(request, "plan")
