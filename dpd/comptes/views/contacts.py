"""Les contacts datés d’une collectivité."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from dpd.comptes import actions_collectivites as actions
from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.forms_collectivites import ClotureForm, ContactForm
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues


def ajouter_contact(request, siren):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    maintenant = timezone.now()
    donnees = donnees_recues(request)
    formulaire = ContactForm(donnees, initial={"depuis": timezone.localdate(maintenant)})
    if request.method == "POST" and formulaire.is_valid():
        try:
            contact = actions.ajouter_contact(
                collectivite=collectivite,
                auteur=request.user,
                maintenant=maintenant,
                **formulaire.cleaned_data,
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, f"Contact ajouté\u00a0: {contact.nom}.")
            return redirect("comptes:collectivite", collectivite.siren)
    contexte = {"collectivite": collectivite, "onglet_actif": "contacts", "formulaire": formulaire}
    return render(request, "comptes/contact_nouveau.html", contexte)


def clore_contact(request, siren, pk):
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    contact = get_object_or_404(collectivite.contacts, pk=pk)
    maintenant = timezone.now()
    donnees = donnees_recues(request)
    formulaire = ClotureForm(donnees, initial={"jusqu_au": timezone.localdate(maintenant)})
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.clore_contact(
                contact=contact, auteur=request.user, maintenant=maintenant, **formulaire.cleaned_data
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, f"Contact clos\u00a0: {contact.nom}.")
            return redirect("comptes:collectivite", collectivite.siren)
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "contacts",
        "contact": contact,
        "formulaire": formulaire,
    }
    return render(request, "comptes/contact_clore.html", contexte)
