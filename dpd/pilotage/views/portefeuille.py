"""Le portefeuille : toutes les collectivités d’une structure."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from dpd.pilotage import portefeuille as lecture
from dpd.pilotage.attentes import ATTENTES


@require_safe
def portefeuille(request, siren):
    """L’état des registres n’est montré qu’au DPD (RGPD art. 38-5) : ni au gestionnaire, ni à l’agent."""
    structure = structure_ou_404(request, siren, Capacite.VOIR_STRUCTURE)
    avec_registre = request.acces.peut_structure(Capacite.SUIVRE_PORTEFEUILLE, structure)
    filtres = lecture.Filtres.lire(request.GET, avec_registre)
    jour = timezone.localdate(timezone.now())
    synthese = lecture.synthese(structure)
    page = paginer(
        request,
        lecture.collectivites(structure, filtres, jour),
        total=None if filtres.actifs else synthese.suivies,
    )
    registres = lecture.registres(page, jour) if avec_registre else {}
    for collectivite in page:
        collectivite.registre = registres.get(collectivite.pk)
    contexte = {
        "structure": structure,
        "onglet_actif": "collectivites",
        "page": page,
        "filtres": filtres,
        "synthese": synthese,
        "avec_registre": avec_registre,
        "types": TypeCollectivite.choices,
        "etats_registre": lecture.REGISTRE.items(),
        "attentes": [(attente.cle, attente.libelle) for attente in ATTENTES.values()],
        "suivis": lecture.SUIVI.items(),
        "colonnes": _colonnes(filtres.tri, avec_registre),
    }
    gabarit = "pilotage/_portefeuille.html" if request.htmx else "pilotage/portefeuille.html"
    reponse = render(request, gabarit, contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _colonnes(tri: str, avec_registre: bool) -> list[dict]:
    """Les en-têtes du tableau ; ``vers`` est le tri que donne un clic, ``sens`` celui en cours."""
    triables = [
        ("Collectivité", "nom"),
        *([("Registre", "-registre")] if avec_registre else []),
        ("Référent", ""),
        ("Intercommunalité", "intercommunalite"),
    ]
    return [{"libelle": libelle, **_tri(cle, tri)} for libelle, cle in triables]


def _tri(cle: str, tri: str) -> dict:
    if not cle:
        return {"vers": "", "sens": ""}
    if tri.lstrip("-") != cle.lstrip("-"):
        return {"vers": cle, "sens": ""}
    descend = tri.startswith("-")
    return {
        "vers": tri.lstrip("-") if descend else f"-{tri}",
        "sens": "descending" if descend else "ascending",
    }
