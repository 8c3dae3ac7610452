"""Le registre des demandes de droits : celui d’une collectivité, et celles de tout un portefeuille."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.pagination import paginer
from dpd.regles.typographie import compte
from subtraitance import listes
from subtraitance.affichage_listes import lignes_vues
from subtraitance.enums import Droit
from subtraitance.exports.demandes import registre_de_la_collectivite, registre_de_la_structure
from subtraitance.regles.delais_tenus import Annee
from subtraitance.statistiques import bilan_dit, lire_delais_tenus, mediane_dite, tenus_dits


@require_safe
def demandes(request, siren):
    """Toutes les demandes d’une collectivité, ce qui presse d’abord."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_DEMANDES)
    toutes = listes.de_la_collectivite(collectivite)
    return _page(request, toutes, "liste", {"collectivite": collectivite}, restreint=False)


@require_safe
def demandes_structure(request, siren):
    """Celles du portefeuille ; l’agent, qui ne les lit pas, n’y voit que celles que la structure a reçues."""
    structure = structure_ou_404(request, siren, Capacite.TRANSMETTRE_DEMANDES)
    restreint = not request.acces.peut_structure(Capacite.LIRE_DEMANDES, structure)
    toutes = listes.de_la_structure(structure, restreint=restreint)
    return _page(request, toutes, "liste_structure", {"structure": structure}, restreint=restreint)


def _page(request, toutes, gabarit: str, objets: dict, *, restreint: bool):
    maintenant = timezone.now()
    filtres = listes.Filtres.lire(request.GET, restreint=restreint)
    comptes = listes.compter(toutes, maintenant, restreint=restreint)
    voulues = listes.filtrer(toutes, filtres, maintenant, restreint=restreint)
    requete = listes.pour_liste(voulues, restreint=restreint)
    page = paginer(request, requete, total=None if filtres.actifs else comptes["total"])
    contexte = {
        **objets,
        "onglet_actif": "demandes",
        "page": page,
        "lignes": lignes_vues(page.object_list, request.acces, maintenant),
        "filtres": filtres,
        "comptes": comptes,
        "etats": listes.ETATS.items(),
        "droits": Droit.choices,
        "urgences": [(cle, libelle, comptes[cle]) for cle, libelle in listes.URGENCES.items()],
        "annees": listes.annees(toutes) if comptes["total"] else [],
        "du_portefeuille": gabarit == "liste_structure",
        "restreint": restreint,
    }
    if request.htmx and not request.htmx.boosted:
        nom = "subtraitance/liste_lignes.html"
    else:
        nom = f"subtraitance/{gabarit}.html"
        annees = lire_delais_tenus(toutes, maintenant) if comptes["total"] else []
        contexte |= {"tenus": _tenus(annees), "bilan": bilan_dit(annees)}
    reponse = render(request, nom, contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _tenus(annees: list[Annee]) -> list[dict]:
    """Une ligne par année : des nombres bruts, jamais un pourcentage seul."""
    return [
        {
            "annee": annee.annee,
            "recues": annee.recues,
            "prolongees": annee.prolongees,
            "transmissions": tenus_dits(annee.transmissions),
            "transmission": mediane_dite(annee.transmissions.mediane, en_heures=True),
            "reponses": tenus_dits(annee.reponses),
            "reponse": mediane_dite(annee.reponses.mediane),
        }
        for annee in annees
    ]


@require_GET
def exporter_demandes(request, siren, format):
    """Le registre d’une collectivité, sans ses demandeurs."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_DEMANDES)
    return _rendre(request, collectivite, registre_de_la_collectivite, format)


@require_GET
def exporter_demandes_structure(request, siren, format):
    """Les demandes des collectivités suivies, pour le DPD."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_DEMANDES)
    return _rendre(request, structure, registre_de_la_structure, format)


def _rendre(request, lieu, registre_de, format: str):
    verifier_format(format)
    maintenant = timezone.now()
    document, nombre = registre_de(lieu, maintenant=maintenant)
    return rendre(
        request,
        lieu,
        document,
        format,
        nom=nom_de_fichier("registre des demandes de droits", lieu, maintenant),
        detail=f"registre des demandes de droits, {compte(nombre, 'demande')}",
        maintenant=maintenant,
    )
