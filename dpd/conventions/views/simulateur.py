"""Le simulateur public d’une structure, et son réglage."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes import referentiel
from dpd.comptes.acces import structure_ou_404
from dpd.comptes.journal import adresse_ip
from dpd.comptes.models import Commune
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.regles.tentatives import origine
from dpd.comptes.saisie import donnees_recues
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions.tarifs import regler_simulateur
from dpd.conventions.forms.simulateur import SimulateurForm
from dpd.conventions.models import ReglagesConventions
from dpd.conventions.simulateur import simuler
from dpd.conventions.views.tarifs import PAGE, executer

Q_MAX = 80
RECHERCHES_PAR_MINUTE = 30
MINUTE = 60  # secondes


@login_not_required
@require_safe
def simulateur(request, siren):
    """Une commune tape son nom et voit son tarif ; rien n’est demandé, rien n’est retenu."""
    reglages = ReglagesConventions.objects.select_related("structure").filter(
        structure__siren=siren, simulateur_ouvert=True
    )
    if (ouvert := reglages.first()) is None:
        raise Http404("Le simulateur de cette structure est fermé.")
    structure, maintenant = ouvert.structure, timezone.now()
    texte, code = request.GET.get("q", "")[:Q_MAX].strip(), request.GET.get("commune", "")[:5]
    cherche = bool(texte or code)
    contexte = {
        "structure": structure,
        "presentation": ouvert.presentation,
        "texte": texte,
        "communes": [],
        "commune": None,
        "simulation": None,
        "trop": cherche and _trop_vite(request, maintenant),
        "source": referentiel.SOURCE,
    }
    if contexte["trop"]:
        reponse = render(request, "conventions/simulateur.html", contexte, status=429)
        reponse["Retry-After"] = str(MINUTE)
        return reponse
    if code:
        contexte["commune"] = Commune.objects.filter(pk=code).first()
    elif texte:
        contexte["communes"] = referentiel.proposer_communes(texte, structure.departement)
    if commune := contexte["commune"]:
        contexte["simulation"] = simuler(structure, commune, jour_de(structure, maintenant))
    return render(request, "conventions/simulateur.html", contexte)


def _trop_vite(request, maintenant) -> bool:
    """Vrai au-delà de trente recherches par minute depuis une même connexion."""
    cle = f"simulateur:{origine(adresse_ip(request))}:{int(maintenant.timestamp()) // MINUTE}"
    if cache.add(cle, 1, MINUTE):
        return False
    try:
        return cache.incr(cle) > RECHERCHES_PAR_MINUTE
    except ValueError:  # la minute vient de finir
        return False


def simulateur_regler(request, siren):
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    reglages = ReglagesConventions.objects.filter(structure=structure).first()
    connus = {}
    if reglages is not None:
        connus = {"simulateur_ouvert": reglages.simulateur_ouvert, "presentation": reglages.presentation}
    # Décocher la seule case est une réponse : un envoi sans geste n’en est pas une.
    donnees = donnees_recues(request)
    repondu = donnees is not None and "geste" in donnees
    formulaire = SimulateurForm(donnees if repondu else None, initial=connus)
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and executer(request, formulaire, regler_simulateur, structure=structure, **formulaire.cleaned_data)
    ):
        ouvert = formulaire.cleaned_data["simulateur_ouvert"]
        messages.success(request, "Le simulateur est ouvert." if ouvert else "Le simulateur est fermé.")
        return redirect("conventions:tarifs", siren)
    contexte = {**PAGE, "structure": structure, "formulaire": formulaire}
    return render(request, "conventions/simulateur_regler.html", contexte)
