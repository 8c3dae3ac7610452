"""Les réglages de la structure, au DPD."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.actions.structure import regler_structure
from dpd.comptes.forms_structure import ReglagesForm
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues


@require_http_methods(["GET", "POST"])
def reglages(request, siren):
    structure = structure_ou_404(request, siren, Capacite.GERER_STRUCTURE)
    formulaire = ReglagesForm(donnees_recues(request), instance=Structure.objects.get(pk=structure.pk))
    if request.method == "POST" and formulaire.is_valid():
        regler_structure(
            structure=structure, auteur=request.user, maintenant=timezone.now(), **formulaire.cleaned_data
        )
        messages.success(request, "Les réglages sont enregistrés.")
        return redirect("comptes:structure", siren)
    return render(request, "comptes/reglages.html", {"onglet_actif": "equipe", "formulaire": formulaire})
