"""Clore une violation, ou la rouvrir : rien ne se supprime."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone

from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from violations import actions
from violations.acces import violation_ou_404
from violations.actions.cloture import reste_avant_cloture
from violations.enums import EtatViolation
from violations.forms.cloture import ClotureForm, ReouvertureForm
from violations.regles.transitions import REFUS, Geste
from violations.views.saisie_commun import GABARIT, Page, adresse_du_dossier, contexte_de, derouler, refuser

CLORE = Page(
    "Clore cette violation",
    "Clore la violation",
    "Elle reste au registre, avec tout ce qui y est. Vous pourrez la rouvrir si vous apprenez autre chose.",
)
ROUVRIR = Page(
    "Rouvrir cette violation",
    "Rouvrir",
    "Les décisions prises restent. Le dossier se complète de nouveau.",
)
CLOSE, ROUVERTE = "La violation est close. Elle reste au registre.", "La violation est rouverte."
PAS_CLOSE = "Cette violation n’est pas close."


def clore(request, siren, annee, rang):
    """Ce qui reste à faire avant de clore se lit ici."""
    _, violation = violation_ou_404(request, siren, annee, rang, Capacite.TENIR_VIOLATIONS)
    formulaire = ClotureForm(donnees_recues(request), initial={"lecon": violation.lecon})

    def agir() -> str:
        actions.clore(
            violation=violation,
            auteur=request.user,
            maintenant=timezone.now(),
            lecon=formulaire.cleaned_data["lecon"],
        )
        return CLOSE

    indecise = REFUS.get((EtatViolation(violation.etat), Geste.CLORE))
    return derouler(
        request,
        violation,
        CLORE,
        formulaire,
        agir,
        gabarit="violations/clore.html",
        reste=[indecise] if indecise else reste_avant_cloture(violation),
    )


def rouvrir(request, siren, annee, rang):
    """Une violation close se rouvre en disant pourquoi."""
    _, violation = violation_ou_404(request, siren, annee, rang, Capacite.TENIR_VIOLATIONS)
    formulaire = ReouvertureForm(donnees_recues(request))
    if request.method != "POST" and violation.etat != EtatViolation.CLOSE:
        messages.warning(request, PAS_CLOSE)
        return redirect(adresse_du_dossier(violation))
    if request.method == "POST" and formulaire.is_valid():
        motif, maintenant = formulaire.cleaned_data["motif"], timezone.now()
        try:
            actions.rouvrir(violation=violation, motif=motif, auteur=request.user, maintenant=maintenant)
        except ValidationError as refus:
            refuser(formulaire, refus, violation)
        else:
            messages.success(request, ROUVERTE)
            return redirect(adresse_du_dossier(violation))
    contexte = {
        **contexte_de(violation, ROUVRIR.titre),
        "page": ROUVRIR,
        "formulaire": formulaire,
        "retour": adresse_du_dossier(violation),
    }
    return render(request, GABARIT, contexte)
