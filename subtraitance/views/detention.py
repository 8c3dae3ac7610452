"""Ce que la structure détient pour chaque collectivité : la liste, les durées, l’export, le procès-verbal."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.pagination import paginer
from subtraitance import detention_lue as lecture
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.enums import LotDetenu
from subtraitance.exports.detention import detention_en_document
from subtraitance.exports.proces_verbal import proces_verbal as proces_verbal_en_document
from subtraitance.models import DonneesDetenues

ONGLET = "prestataires"


@require_safe
def donnees_detenues(request, siren):
    """Ce qui est à détruire le premier d’abord."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    jour = jour_de_la_structure(structure, timezone.now())
    filtres = lecture.Filtres.lire(request.GET)
    lots = lecture.de_la_structure(structure)
    page = paginer(request, lecture.filtrer(lots, filtres, jour))
    contexte = {
        "onglet_actif": ONGLET,
        "structure": structure,
        "page": page,
        "lignes": lecture.lots_vus(page, jour),
        "comptes": lecture.compter(lots, jour),
        "filtres": filtres,
        "etats": lecture.ETATS.items(),
        "types": LotDetenu.choices,
        "sans_regle": sum(regle is None for _, regle, _ in lecture.durees_de(structure)),
    }
    return render(request, "subtraitance/detention.html", contexte)


@require_GET
def exporter(request, siren, format):
    """Les lots que montrent les filtres de l’adresse."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    verifier_format(format)
    maintenant = timezone.now()
    filtres = lecture.Filtres.lire(request.GET)
    jour = jour_de_la_structure(structure, maintenant)
    lots = lecture.filtrer(lecture.de_la_structure(structure), filtres, jour)
    nature = lecture.ETATS[filtres.etat]
    document = detention_en_document(structure, lots, nature=nature, maintenant=maintenant)
    return rendre(
        request,
        structure,
        document,
        format,
        nom=nom_de_fichier("donnees detenues", structure, maintenant),
        detail=f"données détenues, {document.entete.version}",
        maintenant=maintenant,
    )


@require_safe
def durees(request, siren):
    """Combien de temps chaque type se garde, et l’article qui le dit."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    contexte = {
        "onglet_actif": ONGLET,
        "structure": structure,
        "durees": lecture.durees_de(structure),
    }
    return render(request, "subtraitance/detention_durees.html", contexte)


@require_GET
def proces_verbal(request, siren, pk):
    """La preuve de destruction d’un lot, avec ceux que le même geste a détruits."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_SOUS_TRAITANCE)
    return rendre_le_proces_verbal(request, structure, lecture.de_la_structure(structure), pk)


def rendre_le_proces_verbal(request, lieu, lots, pk: int):
    """Le PDF, noté au journal de ``lieu`` ; 404 si le lot n’est pas de ceux-là, ou pas détruit."""
    detruits = lots.filter(detruit_le__isnull=False).select_related("collectivite__structure", "detruit_par")
    lot: DonneesDetenues = get_object_or_404(detruits, pk=pk)
    maintenant = timezone.now()
    document = proces_verbal_en_document(lot, maintenant=maintenant)
    return rendre(
        request,
        lieu,
        document,
        "pdf",
        nom=nom_de_fichier(f"proces verbal {lot.pk}", lot.collectivite, maintenant),
        detail=f"procès-verbal de destruction n°\u00a0{lot.pk}",
        maintenant=maintenant,
    )
