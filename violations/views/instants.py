"""Corriger les instants d’une violation, à l’heure de la collectivité."""

from django.utils import timezone

from dpd.comptes.saisie import donnees_recues
from violations import actions
from violations.forms.instants import InstantsForm
from violations.views.saisie import changees
from violations.views.saisie_commun import Page, a_tenir, derouler

PAGE = Page(
    "Corriger les dates et heures",
    "Enregistrer",
    "Laissez vide ce que vous ne savez pas encore. L’échéance des 72 heures suit l’heure où vous l’avez su.",
)


def instants(request, siren, annee, rang):
    violation = a_tenir(request, siren, annee, rang)
    formulaire = InstantsForm(
        donnees_recues(request), violation=violation, collectivite=violation.collectivite
    )

    def corriger() -> str:
        actions.corriger_instants(
            violation=violation,
            auteur=request.user,
            maintenant=timezone.now(),
            motif=formulaire.cleaned_data["motif"],
            lu=formulaire.valeurs_lues,
            **formulaire.saisie(),
        )
        return "Les dates et heures sont enregistrées."

    return derouler(
        request,
        violation,
        PAGE,
        formulaire,
        corriger,
        gabarit="violations/instants.html",
        changees=lambda: changees(formulaire, violation),
    )
