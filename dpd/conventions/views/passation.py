"""« Le maire a changé » : le geste, puis tout ce qui reste à reprendre."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.gestes import derouler, recus
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions.passation import changer_executif, noter_suite, organismes_presides
from dpd.conventions.forms.passation import PassationForm, SuiteForm
from dpd.conventions.models import Passation, SuitePassation
from dpd.conventions.regles.en_clair import Clause
from dpd.conventions.views.convention_commun import Geste, chemin_collectivite

CE_QUI_NE_CHANGE_PAS = (
    Clause("Les décisions prises", "Elles restent prises\u00a0: c’est la collectivité qui a décidé."),
    Clause("La convention", "Elle continue, sans rien resigner."),
    Clause("Le registre", "Il ne change pas. Le nom du responsable suit dans les prochaines versions."),
)


@require_safe
def passations(request, siren):
    """Les changements d’exécutif, le dernier d’abord, et ce qui en reste à faire."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    notees = Passation.objects.filter(collectivite=collectivite).prefetch_related("suites__faite_par")
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": "convention",
        "passations": notees,
        "inchange": CE_QUI_NE_CHANGE_PAS,
    }
    return render(request, "conventions/executif.html", contexte)


def changer(request, siren):
    """Un nouvel exécutif : contact, responsable de traitement, suites."""
    collectivite = collectivite_ou_404(request, siren, Capacite.GERER_COLLECTIVITE)
    maintenant = timezone.now()
    retour = reverse("conventions:passations", args=[collectivite.siren])
    geste = Geste(
        titre="Un nouvel exécutif est en fonction",
        bouton="Enregistrer le changement",
        retour=retour,
        chapo=f"Aujourd’hui noté\u00a0: {collectivite.representant or 'personne'}.",
        chemin=chemin_collectivite(collectivite, ("Changements d’exécutif", retour)),
        reperes=(*CE_QUI_NE_CHANGE_PAS, *_organismes(collectivite)),
    )
    return derouler(
        request,
        geste,
        PassationForm(*recus(request), initial={"titre": collectivite.responsable_titre}),
        partial(changer_executif, collectivite=collectivite, maintenant=maintenant),
        fait=lambda passation: f"C’est noté\u00a0: {passation.nouveau}. Voici ce qui reste à reprendre.",
        collectivite=collectivite,
    )


def _organismes(collectivite) -> tuple[Clause, ...]:
    """Un maire préside de droit le CCAS et la caisse des écoles : le changement y est aussi à noter."""
    noms = ", ".join(organisme.denomination for organisme in organismes_presides(collectivite))
    return (Clause("Le même changement est à noter pour", noms),) if noms else ()


@require_POST
def suite(request, siren, pk):
    """Cocher une suite, ou la rouvrir."""
    collectivite = collectivite_ou_404(request, siren, Capacite.CONTRIBUER_MISE_EN_PLACE)
    notee = get_object_or_404(SuitePassation, collectivite=collectivite, pk=pk)
    formulaire = SuiteForm(request.POST)
    if formulaire.is_valid():
        noter_suite(suite=notee, auteur=request.user, maintenant=timezone.now(), **formulaire.cleaned_data)
        messages.success(request, "C’est noté.")
    else:
        messages.error(request, " ".join(e for erreurs in formulaire.errors.values() for e in erreurs))
    return redirect("conventions:passations", collectivite.siren)
