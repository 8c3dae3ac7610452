"""Le registre des violations : celui d’une collectivité, et celles de tout un portefeuille."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from violations import listes
from violations.affichage_listes import lignes_vues
from violations.enums import NatureViolation

COLONNES = (("Violation", "numero"), ("Connue le", "connaissance"), ("À notifier", listes.PRESSE))


@require_safe
def liste(request, siren):
    """Toute violation y figure, notifiée ou non (RGPD art. 33-5)."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_VIOLATIONS)
    return _page(request, listes.de_la_collectivite(collectivite), "liste", {"collectivite": collectivite})


@require_safe
def structure(request, siren):
    """Pour le DPD : les horloges qui finissent les premières d’abord."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_VIOLATIONS)
    return _page(request, listes.de_la_structure(structure), "structure", {"structure": structure})


def _page(request, toutes, gabarit: str, objets: dict):
    maintenant = timezone.now()
    filtres = listes.Filtres.lire(request.GET)
    comptes = listes.compter(toutes, maintenant)
    requete = listes.pour_liste(listes.filtrer(toutes, filtres, maintenant))
    page = paginer(request, requete, total=None if filtres.actifs else comptes["total"])
    contexte = {
        **objets,
        "onglet_actif": "violations",
        "page": page,
        "lignes": lignes_vues(page.object_list, maintenant),
        "filtres": filtres,
        "comptes": comptes,
        "etats": listes.ETATS.items(),
        "horloges": [(cle, libelle, comptes[cle]) for cle, libelle in listes.HORLOGES.items()],
        "natures": NatureViolation.choices,
        "annees": listes.annees(toutes) if comptes["total"] else [],
        "colonnes": [{"libelle": libelle, **_tri(cle, filtres.tri)} for libelle, cle in COLONNES],
        "du_portefeuille": gabarit == "structure",
    }
    nom = (
        "violations/liste_lignes.html"
        if request.htmx and not request.htmx.boosted
        else f"violations/{gabarit}.html"
    )
    reponse = render(request, nom, contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _tri(cle: str, tri: str) -> dict[str, str]:
    """``vers`` : le tri que donne un clic ; ``sens`` : celui en cours, vide si c’en est un autre."""
    if cle == listes.PRESSE:
        return {"vers": cle, "sens": "ascending" if tri == cle else ""}
    if tri.lstrip("-") != cle:
        return {"vers": f"-{cle}", "sens": ""}
    descend = tri.startswith("-")
    return {"vers": cle if descend else f"-{cle}", "sens": "descending" if descend else "ascending"}
