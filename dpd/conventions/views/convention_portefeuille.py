"""Les conventions d’une structure, et ses mises en place."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions import portefeuille as lecture
from dpd.conventions.lecture import depuis_quand, lire
from dpd.pagination import paginer


@require_safe
def conventions(request, siren):
    """Une ligne par collectivité suivie, convention ou non."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = timezone.localdate(timezone.now())
    filtres = lecture.Filtres.lire(request.GET)
    page = paginer(request, lecture.collectivites(structure, filtres, jour))
    lecture.lire_la_page(page, jour)
    contexte = {
        "structure": structure,
        "onglet_actif": "conventions",
        "page": page,
        "filtres": filtres,
        "etats": lecture.FILTRES.items(),
        "jour": jour,
    }
    fragment = "conventions/convention_liste_tableau.html"
    reponse = render(request, fragment if request.htmx else "conventions/convention_liste.html", contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@require_safe
def mises_en_place(request, siren):
    """L’avancement de chacune ; ce qui bloque ne se dit qu’à qui conduit la mise en place."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = timezone.localdate(timezone.now())
    page = paginer(request, lecture.mises_en_place(structure, jour))
    lignes = []
    for convention in page:
        avance = lire(convention, jour).avancement
        bloquantes = [(etape.libelle, depuis_quand(etape, jour)) for etape in avance.bloquantes]
        lignes.append((convention, avance, bloquantes))
    contexte = {
        "structure": structure,
        "onglet_actif": "conventions",
        "page": page,
        "lignes": lignes,
        "avec_detail": request.acces.peut_structure(Capacite.CONDUIRE_MISE_EN_PLACE, structure),
    }
    return render(request, "conventions/mise_en_place_liste.html", contexte)
