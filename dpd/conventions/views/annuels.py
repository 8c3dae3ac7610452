"""Les états annuels : la liste de la structure, le document de chacun, le classeur de tous."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.exports.annuel import etat_annuel_en_document
from dpd.conventions.exports.annuels import etats_de_l_exercice, exercice_en_document
from dpd.conventions.interventions_lues import lire_annee
from dpd.conventions.models import CampagneEtats, EtatAnnuel
from dpd.pagination import paginer

ONGLET = "conventions"


@require_safe
def etats_annuels(request, siren):
    """L’exercice choisi (``?exercice=``), à défaut celui en cours."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    en_cours = jour_de(structure, timezone.now()).year
    exercice = lire_annee(request.GET.get("exercice", "")) or en_cours
    exercices = list(etats_de_l_exercice(structure))
    etats = EtatAnnuel.objects.filter(structure=structure, exercice=exercice).defer("sources", "lignes")
    contexte = {
        "structure": structure,
        "onglet_actif": ONGLET,
        "exercice": exercice,
        "exercices": sorted({en_cours, exercice, *(e["exercice"] for e in exercices)}, reverse=True),
        "bilan": next((e for e in exercices if e["exercice"] == exercice), None),
        "page": paginer(request, etats.select_related("collectivite").order_by("numero")),
        "campagne": CampagneEtats.objects.filter(
            structure=structure, exercice=exercice, terminee_le__isnull=True
        ).first(),
    }
    return render(request, "conventions/annuels.html", contexte)


@require_GET
def exporter_etats_annuels(request, siren, exercice, format):
    """Le classeur de l’exercice, base de la facturation."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    verifier_format(format)
    maintenant = timezone.now()
    return rendre(
        request,
        structure,
        exercice_en_document(structure, exercice, maintenant=maintenant),
        format,
        nom=nom_de_fichier(f"etats-annuels-{exercice}", structure, maintenant),
        detail=f"états annuels {exercice}",
        maintenant=maintenant,
    )


@require_GET
def exporter_etat_annuel(request, siren, exercice, format):
    """L’état d’une collectivité, tel qu’il a été figé."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    verifier_format(format)
    etats = EtatAnnuel.objects.filter(collectivite=collectivite).select_related("fige_par")
    etat, maintenant = get_object_or_404(etats, exercice=exercice), timezone.now()
    etat.collectivite = collectivite
    return rendre(
        request,
        collectivite,
        etat_annuel_en_document(collectivite, etat, maintenant=maintenant),
        format,
        nom=nom_de_fichier(f"etat-annuel-{etat}", collectivite, maintenant),
        detail=f"état annuel {etat}",
        maintenant=maintenant,
    )
