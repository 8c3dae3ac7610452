"""Autoriser un sous-traitant ultérieur, ou s’y opposer : le responsable décide (RGPD art. 28-2)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import recus
from dpd.comptes.regles.capacites import Capacite
from subtraitance import autorisations_lues
from subtraitance.actions import autorisations as actions
from subtraitance.actions.autorisations import jour_local
from subtraitance.annuaire_pays import hors_europe, lieu_dit
from subtraitance.forms.autorisations import DecisionForm
from subtraitance.models import Contrat, SousTraitantUlterieur
from subtraitance.views.annuaire_commun import ONGLET


@require_http_methods(["GET", "POST"])
def autorisation(request, siren, pk):
    """Tous ceux qui lisent les contrats la lisent ; le décideur seul répond."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONTRATS)
    demande = get_object_or_404(autorisations_lues.de_la_collectivite(collectivite), pk=pk)
    maintenant = timezone.now()
    jour = jour_local(collectivite, maintenant)
    decide = request.acces.peut(Capacite.DECIDER, collectivite)
    if request.method == "POST" and not decide:
        raise PermissionDenied
    ouverte = decide and autorisations_lues.est_a_decider(demande, jour)
    formulaire = DecisionForm(*recus(request), autorisation=demande) if decide else None
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.decider(
                autorisation=demande, auteur=request.user, maintenant=maintenant, **formulaire.cleaned_data
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, "Votre décision est enregistrée. Écrivez-la au prestataire.")
            return redirect("subtraitance:autorisation", siren, pk)
    autre = demande.ulterieur.ulterieur
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "demande": demande,
        "etat": autorisations_lues.etat_de(demande, jour),
        "formulaire": formulaire if ouverte or request.method == "POST" else None,
        "lieu": lieu_dit(autre.hebergement, autre.hebergement_pays),
        "hors_europe": hors_europe(autre.hebergement_pays),
    }
    return render(request, "subtraitance/autorisation.html", contexte)


@require_POST
def demander(request, siren, pk, ulterieur):
    """Un sous-traitant déjà là quand le contrat fut noté : sa décision se demande aussi."""
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_CONTRATS)
    contrat = get_object_or_404(Contrat, collectivite=collectivite, pk=pk)
    liens = SousTraitantUlterieur.objects.filter(sous_traitant=contrat.sous_traitant_id)
    lien = get_object_or_404(liens, pk=ulterieur)
    try:
        demande = actions.demander(contrat=contrat, lien=lien, auteur=request.user, maintenant=timezone.now())
    except ValidationError as refus:
        messages.error(request, " ".join(refus.messages))
        return redirect("registre:contrat", siren, pk)
    messages.success(request, "La décision est demandée au responsable.")
    return redirect("subtraitance:autorisation", siren, demande.pk)
