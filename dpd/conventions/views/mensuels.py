"""Les états mensuels de la structure : l’aperçu d’un mois, ce qui est présenté, ce qui attend."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dpd.conventions import mensuels_lus as lecture
from dpd.conventions.acces_etats import jour_de, structure_qui_presente
from dpd.conventions.actions.mensuels import Presentation, figer_la_structure
from dpd.conventions.interventions_lues import lire_mois
from dpd.conventions.regles.temps import mois_precedent
from dpd.conventions.tarification import Tarification
from dpd.pagination import paginer
from dpd.regles.typographie import compte

ONGLET = "conventions"
REFUS_DITS = 5  # au plus : le message attend dans la session


@require_safe
def etats_mensuels(request, siren):
    """Le mois choisi (``?mois=``), à défaut le dernier échu, et tous les états déjà présentés."""
    structure = structure_qui_presente(request, siren)
    jour = jour_de(structure, timezone.now())
    annee, mois = lire_mois(request.GET.get("mois", "")) or mois_precedent(jour)
    conventions = lecture.conventions_du_mois(structure, annee, mois)
    tarification = Tarification(structure, annee, ())
    toutes, a_figer = lecture.compter(conventions, tarification)
    apercu = paginer(request, conventions, total=toutes, parametre="convention")
    apercu.object_list = lecture.apercu(apercu.object_list, annee, mois, tarification)
    etats = paginer(request, lecture.etats_de_la_structure(structure))
    etats.object_list = lecture.de_la_page(etats.object_list)
    contexte = {
        "structure": structure,
        "onglet_actif": ONGLET,
        "mois": f"{annee}-{mois:02}",
        "mois_nomme": lecture.nom_du_mois(annee, mois),
        "est_echu": lecture.est_echu(annee, mois, jour),
        "apercu": apercu,
        "a_figer": a_figer,
        "page": etats,
    }
    return render(request, "conventions/mensuels.html", contexte)


@require_POST
def figer_mois(request, siren):
    """Fige le mois d’une collectivité (``collectivite``), ou de toutes."""
    structure = structure_qui_presente(request, siren)
    choisi = lire_mois(request.POST.get("mois", ""))
    if choisi is None:
        messages.error(request, "Choisissez un mois.")
        return redirect("conventions:etats_mensuels", structure.siren)
    annee, mois = choisi
    bilan = figer_la_structure(
        structure=structure,
        annee=annee,
        mois=mois,
        auteur=request.user,
        maintenant=timezone.now(),
        collectivite=request.POST.get("collectivite", ""),
    )
    _dire(request, bilan, lecture.nom_du_mois(annee, mois))
    retour = reverse("conventions:etats_mensuels", args=[structure.siren])
    return redirect(f"{retour}?mois={annee}-{mois:02}")


def _dire(request, bilan: Presentation, mois: str) -> None:
    nombre = len(bilan.etats)
    if nombre:
        figes = compte(nombre, "état figé", "états figés")
        messages.success(request, f"{figes} pour {mois}. Chaque décideur qui a un compte est prévenu.")
    refus = [f"{c.collectivite.nom}\u00a0: {motif}" for c, motif in bilan.refus[:REFUS_DITS]]
    if autres := len(bilan.refus) - len(refus):
        refus.append(f"Et {compte(autres, 'autre refus', 'autres refus')}, dits dans la liste.")
    if refus:
        messages.warning(request, " ".join(refus))
    if not nombre and not refus:
        messages.info(request, f"Rien à figer pour {mois}\u00a0: aucune intervention n’attend.")
