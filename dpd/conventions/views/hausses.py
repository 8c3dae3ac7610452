"""Les hausses décidées : à qui les notifier, qui l’a été, jusqu’à quand chacun peut dénoncer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page
from django.db.models import Count, Max, Min
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions import hausses as actions
from dpd.conventions.enums import Revision
from dpd.conventions.forms.hausses import HausseForm
from dpd.conventions.models import Bareme, Hausse
from dpd.conventions.views.tarifs import PAGE
from dpd.pagination import paginer
from dpd.regles.typographie import compte


@require_safe
def hausses(request, siren):
    """Les barèmes révisés par décision, et où en est leur notification."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    baremes = Bareme.objects.filter(structure=structure, publie=True, revision=Revision.DECISION)
    suivis = {
        ligne["bareme"]: ligne
        for ligne in Hausse.objects.filter(bareme__structure=structure)
        .order_by()
        .values("bareme")
        .annotate(nombre=Count("pk"), premiere=Min("notifiee_le"), limite=Max("limite"))
    }
    contexte = {
        **PAGE,
        "structure": structure,
        "lignes": [{"bareme": b, "suivi": suivis.get(b.pk)} for b in baremes],
    }
    return render(request, "conventions/hausses.html", contexte)


def hausse(request, siren, pk):
    """L’aperçu avant l’envoi, puis le suivi ; rejouer l’envoi n’écrit qu’aux conventions nouvelles."""
    envoi = request.method == "POST"
    capacite = Capacite.GERER_CONVENTIONS if envoi else Capacite.LIRE_CONVENTION
    structure = structure_ou_404(request, siren, capacite)
    baremes = Bareme.objects.select_related("structure")
    bareme = get_object_or_404(baremes, structure=structure, pk=pk)
    maintenant = timezone.now()
    formulaire = HausseForm(donnees_recues(request))
    if envoi and formulaire.is_valid() and _notifier(request, bareme, formulaire, maintenant):
        return redirect("conventions:hausse", siren, pk)
    jour = jour_de(structure, maintenant)
    a_prevenir, ecartees = _a_examiner(request, bareme, jour)
    suivi = Hausse.objects.filter(bareme=bareme).select_related("collectivite", "convention__modele")
    contexte = {
        **PAGE,
        "structure": structure,
        "bareme": bareme,
        "jour": jour,
        "refus": _refus(bareme),
        "a_prevenir": a_prevenir,
        "ecartees": ecartees,
        "suivi": paginer(request, suivi.order_by("limite", "collectivite__nom", "pk")),
        "formulaire": formulaire,
    }
    return render(request, "conventions/hausse.html", contexte)


def _a_examiner(request, bareme: Bareme, jour) -> tuple[Page, Page]:
    """Les conventions que l’envoi prévient, et celles qu’il écarte ; chaque liste tourne ses pages."""
    examinees = actions.a_examiner(bareme, jour)
    nombres = examinees.order_by().aggregate(toutes=Count("pk"), prevenues=Count("pk", actions.A_PREVENIR))
    prevenues = nombres["prevenues"]
    pages = (
        paginer(request, examinees.filter(actions.A_PREVENIR), total=prevenues, parametre="a_prevenir"),
        paginer(
            request,
            examinees.exclude(actions.A_PREVENIR),
            total=nombres["toutes"] - prevenues,
            parametre="ecartees",
        ),
    )
    for page in pages:
        page.object_list = actions.destinations(page.object_list, jour)
    return pages


def _refus(bareme: Bareme) -> str:
    try:
        actions.verifier_bareme_de_hausse(bareme)
    except ValidationError as erreur:
        return erreur.messages[0]
    return ""


def _notifier(request, bareme, formulaire, maintenant) -> bool:
    """Vrai si l’envoi a eu lieu ; sinon son refus est dans le formulaire."""
    try:
        faite = actions.notifier_hausse(
            bareme=bareme,
            deliberation=formulaire.cleaned_data["deliberation"],
            auteur=request.user,
            maintenant=maintenant,
        )
    except ValidationError as refus:
        formulaire.add_error(None, refus)
        return False
    if faite.hausses:
        prevenues = compte(len(faite.hausses), "collectivité prévenue", "collectivités prévenues")
        messages.success(request, f"{prevenues}\u00a0: leur délai pour dénoncer court d’aujourd’hui.")
    else:
        messages.info(request, "Personne de plus à prévenir\u00a0: rien n’est parti.")
    return True
