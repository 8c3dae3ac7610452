"""Les pages ouvertes à tous : aide, accessibilité, données personnelles, mentions, plan."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dpd.comptes.contexte import CHANGER_MAX
from dpd.comptes.models import Collectivite, Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.regles.onglets import Onglet, onglets_collectivite, onglets_structure
from dpd.comptes.views.connexion import structure_a_appeler


def _page(request, nom: str, **contexte):
    return render(request, f"pilotage/pages/{nom}.html", contexte)


@login_not_required
@require_GET
def aide(request):
    """Le DPD de chaque structure où l’on a un rôle, ou qui suit l’une de ses collectivités.

    Sans connexion, celui que fait appeler la page de connexion.
    """
    if not request.user.is_authenticated:
        seule = structure_a_appeler()
        return _page(request, "aide", structures=[seule] if seule else [])
    siennes = Collectivite.objects.filter(pk__in=request.acces.par_collectivite)
    ou = Q(pk__in=request.acces.par_structure) | Q(pk__in=siennes.values("structure"))
    return _page(request, "aide", structures=Structure.objects.filter(ou).order_by("nom"))


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
    """Les mêmes entrées que la navigation, dans chaque lieu où l’on a un rôle."""
    return _page(request, "plan", lieux=[*_structures(request.acces), *_collectivites(request.acces)])


def _structures(acces) -> Iterator[tuple[str, list[Onglet]]]:
    for structure in Structure.objects.filter(pk__in=acces.par_structure).order_by("nom"):
        # Sans elle, « Équipe et réglages » paraît aussi : le plan n’a pas la limite des sept entrées.
        voulues = set(Capacite) - {Capacite.TENIR_ANNUAIRE}
        capacites = {c.value for c in voulues if acces.peut_structure(c, structure)}
        yield structure.nom, onglets_structure(capacites, structure.siren)


def _collectivites(acces) -> Iterator[tuple[str, list[Onglet]]]:
    """Celles où l’on a un rôle direct ; celles d’un portefeuille s’ouvrent depuis « Collectivités »."""
    for collectivite in Collectivite.objects.filter(pk__in=acces.par_collectivite)[:CHANGER_MAX]:
        capacites = {c.value for c in Capacite if acces.peut(c, collectivite)}
        yield collectivite.denomination, onglets_collectivite(capacites, collectivite.siren)
