"""Ce que la structure fait pour une collectivité : tout ce qu’un responsable doit pouvoir vérifier."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.pagination import paginer
from subtraitance import detention_lue, documentation
from subtraitance import registre_30_2_lu as registre
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.exports.article_30_2 import fiche_en_document
from subtraitance.views import instructions_commun
from subtraitance.views.detention import rendre_le_proces_verbal
from subtraitance.views.hebergement import etat_du_lieu

ONGLET = "prestataires"
LIEUX_MAX = INSTRUCTIONS_MAX = 10


@require_safe
def notre_sous_traitant(request, siren):
    """Activités, hébergement, données détenues, instructions, documentation."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    structure = collectivite.structure
    jour = jour_de_la_structure(structure, timezone.now())
    lots = detention_lue.de_la_collectivite(collectivite)
    etat = request.GET.get("etat", "")
    etat = etat if etat in detention_lue.ETATS else ""
    filtres = detention_lue.Filtres(etat=etat)
    page = paginer(request, detention_lue.filtrer(lots, filtres, jour))
    lieux = documentation.lieux_de(structure)[:LIEUX_MAX]
    contexte = {
        "onglet_actif": ONGLET,
        "collectivite": collectivite,
        "structure": structure,
        "chemin": (("Prestataires", reverse("subtraitance:prestataires", args=[collectivite.siren])),),
        "lui": registre.structure_dite(structure),
        "activites": list(registre.activites_pour(collectivite)),
        "aucun_transfert": registre.AUCUN_TRANSFERT,
        "lieux": [(lieu, documentation.pays_dit(lieu.pays), etat_du_lieu(lieu, jour)) for lieu in lieux],
        "page": page,
        "lignes": detention_lue.lots_vus(page, jour),
        "comptes": detention_lue.compter(lots, jour),
        "etat": etat,
        "etats": detention_lue.ETATS.items(),
        "instructions": [
            (une, instructions_commun.etat_de(une))
            for une in documentation.instructions_de(collectivite).reverse()[:INSTRUCTIONS_MAX]
        ],
    }
    return render(request, "subtraitance/notre_sous_traitant.html", contexte)


@require_GET
def fiche(request, siren, format):
    """La fiche de l’article 30-2 qui la concerne, communiquée sur sa demande."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    verifier_format(format)
    maintenant = timezone.now()
    document = fiche_en_document(collectivite, maintenant=maintenant)
    return rendre(
        request,
        collectivite,
        document,
        format,
        nom=nom_de_fichier("fiche 30-2", collectivite, maintenant),
        detail="fiche de l’article 30-2",
        maintenant=maintenant,
    )


@require_GET
def proces_verbal(request, siren, pk):
    """La preuve que ses données sont détruites ou rendues."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    lots = detention_lue.de_la_collectivite(collectivite)
    return rendre_le_proces_verbal(request, collectivite, lots, pk)
