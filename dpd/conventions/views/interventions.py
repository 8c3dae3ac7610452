"""Tracer une intervention, et relire celles de la structure : un seul écran."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.conventions import interventions_lues as lecture
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions.interventions import annuler, tracer
from dpd.conventions.forms.interventions import (
    AnnulationForm,
    InterventionForm,
    devis_acceptes,
    ecrire,
    proposer,
)
from dpd.conventions.models import Intervention
from dpd.pagination import paginer
from dpd.regles.durees import duree_en_heures

ONGLET = "interventions"


def interventions_structure(request, siren):
    """Lire demande d’être de la structure ; tracer, d’y être agent ou DPD."""
    envoi = request.method == "POST"
    capacite = Capacite.TRACER_INTERVENTION if envoi else Capacite.LIRE_INTERVENTIONS
    structure = structure_ou_404(request, siren, capacite)
    if request.htmx and "proposer" in request.GET:
        return _propositions(request, structure)
    maintenant = timezone.now()
    formulaire = _formulaire(request, structure, maintenant)
    if envoi and formulaire.is_valid() and (faite := _tracer(request, formulaire, maintenant)):
        fait = "Déjà enregistré" if faite.deja_tracee else "Tracé"
        messages.success(
            request,
            f"{fait}\u00a0: {faite.get_nature_display()}, {duree_en_heures(faite.minutes)}, "
            f"{faite.collectivite.nom}.",
        )
        return redirect("conventions:interventions_structure", structure.siren)
    contexte = {"structure": structure, "formulaire": formulaire, **_liste(request, structure)}
    return render(request, "conventions/interventions.html", contexte)


def _propositions(request, structure):
    """Les choix d’un champ, au fil de la frappe ; et les devis, dès qu’une seule collectivité répond."""
    trouvees = proposer(structure, request.GET.get("collectivite", ""))
    contexte = {
        "propositions": [ecrire(collectivite) for collectivite in trouvees],
        "devis": list(devis_acceptes(structure, trouvees[0])) if len(trouvees) == 1 else [],
    }
    reponse = render(request, "conventions/interventions_propositions.html", contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


def _formulaire(request, structure, maintenant) -> InterventionForm:
    """Prérempli par la dernière saisie de la personne, celle qu’elle répète, ou le devis qu’elle exécute."""
    jour = jour_de(structure, maintenant)
    journee = lecture.journee_de(structure, jour)
    siennes = Intervention.objects.filter(collectivite__structure=structure, intervenant=request.user)
    siennes = siennes.select_related("collectivite").order_by("-pk")
    repetee = lecture.lire_identifiant(request.GET.get("repeter", ""))
    modele = siennes.filter(pk=repetee).first() if repetee else None
    if modele is not None:
        initial = {
            "collectivite": ecrire(modele.collectivite),
            "demande": modele.demande,
            "devis": modele.devis_id,
        }
    else:
        initial, modele = _sur_devis(request, structure), siennes.first()
    return InterventionForm(
        donnees_recues(request),
        initial=(InterventionForm.valeurs(modele, journee) if modele else {}) | initial,
        structure=structure,
        jour=jour,
        journee=journee,
        adresse=reverse("conventions:interventions_structure", args=[structure.siren]),
    )


def _sur_devis(request, structure) -> dict:
    """Ce que remplit ``?devis=`` ; rien s’il n’est pas de la structure, ou pas accepté."""
    demande = lecture.lire_identifiant(request.GET.get("devis", ""))
    acceptes = devis_acceptes(structure).select_related("collectivite")
    devis = acceptes.filter(pk=demande).first() if demande else None
    return {"collectivite": ecrire(devis.collectivite), "devis": devis.pk} if devis else {}


def _tracer(request, formulaire: InterventionForm, maintenant) -> Intervention | None:
    """L’intervention tracée ; sinon le refus est dans le formulaire."""
    try:
        return tracer(auteur=request.user, maintenant=maintenant, **formulaire.saisie)
    except ValidationError as refus:
        formulaire.add_error(None, refus)
        return None


def _liste(request, structure) -> dict:
    filtres = lecture.Filtres.lire(request.GET)
    requete = lecture.de_la_structure(structure, filtres)
    total = lecture.total(requete)
    return {
        "onglet_actif": ONGLET,
        "filtres": filtres,
        "page": paginer(request, requete, total=total["lignes"]),
        "total": total,
        "intervenants": lecture.intervenants(structure, filtres.intervenant),
    }


def annuler_intervention(request, siren, pk):
    """Une saisie à tort se retire avec son motif, tant qu’elle n’a pas été présentée à la collectivité."""
    structure = structure_ou_404(request, siren, Capacite.TRACER_INTERVENTION)
    intervention = get_object_or_404(
        Intervention.objects.select_related("collectivite", "intervenant"),
        collectivite__structure=structure,
        pk=pk,
    )
    formulaire = AnnulationForm(donnees_recues(request))
    if request.method == "POST" and formulaire.is_valid():
        try:
            annuler(
                intervention=intervention,
                motif=formulaire.cleaned_data["motif"],
                auteur=request.user,
                maintenant=timezone.now(),
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, "L’intervention est annulée. Elle reste lisible dans la liste.")
            return redirect("conventions:interventions_structure", structure.siren)
    contexte = {
        "structure": structure,
        "onglet_actif": ONGLET,
        "intervention": intervention,
        "formulaire": formulaire,
    }
    return render(request, "conventions/interventions_annuler.html", contexte)
