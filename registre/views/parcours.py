"""Les gestes du parcours : chacun un POST, une action, une page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dpd.accompagnement.models import Question, Reserve
from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.regles.capacites import Capacite
from registre import actions
from registre.acces import fiche_ou_404
from registre.forms.parcours import AvisForm, DecisionForm, MotifForm, QuestionForm, ReponseForm, ReserveForm
from registre.views.fiches import contexte_fiche, options_de_decision


def _executer(request, geste, succes: str, **arguments) -> bool:
    """Exécute un geste et dit ce qui s’est passé ; vrai s’il est fait."""
    try:
        geste(auteur=request.user, maintenant=timezone.now(), **arguments)
    except ValueError as erreur:
        messages.error(request, str(erreur))
        return False
    messages.success(request, succes)
    return True


def _geste(request, version, geste, succes: str, **champs):
    """Exécute un geste sur une version et revient à la fiche."""
    _executer(request, geste, succes, version=version, **champs)
    return redirect("registre:fiche", version.collectivite.siren, version.traitement.reference)


def _executer_si_valide(request, formulaire, geste, *, fait: str, vide: str, **arguments) -> None:
    """Un geste dont le formulaire n’a qu’un champ : exécuté, ou refusé en disant pourquoi."""
    if formulaire.is_valid():
        _executer(request, geste, fait, **arguments, **formulaire.cleaned_data)
        return
    for erreur in (e for erreurs in formulaire.errors.as_data().values() for e in erreurs):
        messages.error(request, vide if erreur.code == "required" else " ".join(erreur.messages))


def _fiche_refusee(request, collectivite, version, **formulaires):
    """La fiche, avec le formulaire refusé, sa saisie et ses erreurs."""
    contexte = contexte_fiche(request, collectivite, version, **formulaires)
    return render(request, "registre/fiche.html", contexte, status=422)


@require_POST
def modifier(request, siren, reference):
    _, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    try:
        brouillon = actions.modifier(version=version, auteur=request.user, maintenant=timezone.now())
    except ValueError as erreur:
        messages.error(request, str(erreur))
        return redirect("registre:fiche", siren, reference)
    if not brouillon.est_modifiable:
        return _geste(request, version, actions.reprendre, "La fiche est de nouveau un brouillon.")
    return redirect("registre:etape", siren, reference, 1)


@require_POST
def transmettre(request, siren, reference):
    _, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    return _geste(
        request,
        version,
        actions.transmettre,
        "La fiche est transmise à votre DPD, qui vous donnera son avis.",
    )


@require_POST
def reprendre(request, siren, reference):
    _, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    return _geste(request, version, actions.reprendre, "La fiche est de nouveau un brouillon.")


@require_POST
def retirer(request, siren, reference):
    _, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    # Une fiche jamais adoptée quitte le registre : plus aucune page ne la montre.
    fait = f"La fiche «\u00a0{version.nom}\u00a0» est retirée du registre."
    if version.numero > 1:
        fait = f"Le brouillon «\u00a0{version.nom}\u00a0» est retiré. Il reste dans l’historique."
    if _executer(request, actions.retirer_brouillon, fait, version=version):
        return redirect("registre:liste", siren)
    return redirect("registre:fiche", siren, reference)


@require_POST
def avis(request, siren, reference):
    collectivite, version = fiche_ou_404(request, siren, reference, Capacite.RENDRE_AVIS)
    formulaire = AvisForm(request.POST)
    if not formulaire.is_valid():
        return _fiche_refusee(request, collectivite, version, avis_form=formulaire)
    return _geste(
        request,
        version,
        actions.rendre_avis,
        "Votre avis est rendu. La décision appartient au responsable.",
        lu=request.POST.get("lu", ""),
        **formulaire.cleaned_data,
    )


@require_POST
def decider(request, siren, reference):
    collectivite, version = fiche_ou_404(request, siren, reference, Capacite.DECIDER)
    formulaire = DecisionForm(request.POST, **options_de_decision(version))
    if not formulaire.is_valid():
        return _fiche_refusee(request, collectivite, version, decision_form=formulaire)
    donnees = formulaire.cleaned_data
    if donnees["geste"] == "renvoyer":
        return _geste(
            request,
            version,
            actions.renvoyer,
            "La fiche est renvoyée à compléter.",
            motif=donnees["motif"],
            lu=request.POST.get("lu", ""),
        )
    return _geste(
        request,
        version,
        actions.adopter,
        f"Version {version.numero} adoptée. Elle fait foi dès maintenant.",
        suite=donnees.get("suite") or None,
        motif=donnees["motif"],
        lu=request.POST.get("lu", ""),
    )


@require_POST
def abroger(request, siren, reference):
    _, version = fiche_ou_404(request, siren, reference, Capacite.DECIDER)
    _executer_si_valide(
        request,
        MotifForm(request.POST),
        actions.abroger,
        fait="La fiche est abrogée. Elle reste consultable.",
        vide="Dites pourquoi ce traitement cesse.",
        version=version,
    )
    return redirect("registre:fiche", siren, reference)


@require_POST
def relire(request, siren, reference):
    _, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    return _geste(request, version, actions.relire, "Fiche relue. Prochaine relecture dans un an.")


@require_POST
def questionner(request, siren, reference):
    collectivite, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    formulaire = QuestionForm(request.POST)
    if not formulaire.is_valid():
        return _fiche_refusee(request, collectivite, version, question_form=formulaire)
    return _geste(request, version, actions.poser, "Votre question est partie.", **formulaire.cleaned_data)


@require_POST
def repondre(request, siren, pk):
    collectivite = collectivite_ou_404(request, siren, Capacite.RENDRE_AVIS)
    question = (
        Question.objects.filter(collectivite=collectivite, pk=pk).prefetch_related("fiches__version").first()
    )
    if question is None:
        raise Http404
    _executer_si_valide(
        request,
        ReponseForm(request.POST),
        actions.repondre,
        fait="Votre réponse est enregistrée et envoyée.",
        vide="Écrivez une réponse.",
        question=question,
    )
    lien = question.fiches.select_related("version__traitement").first()
    if lien is None:
        return redirect("registre:liste", siren)
    return redirect("registre:fiche", siren, lien.version.traitement.reference)


@require_POST
def lever(request, siren, reference, pk):
    collectivite, version = fiche_ou_404(request, siren, reference, Capacite.TENIR_REGISTRE)
    reserve = Reserve.objects.filter(
        collectivite=collectivite, avis__versions__traitement=version.traitement_id, pk=pk
    ).first()
    if reserve is None:
        raise Http404
    _executer_si_valide(
        request,
        ReserveForm(request.POST),
        actions.lever_reserve,
        fait="C’est noté.",
        vide="Dites ce qui a été fait.",
        reserve=reserve,
    )
    return redirect("registre:fiche", siren, reference)
