"""Les indices d’une structure et sa règle de raccord."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.conventions.actions import indices as actions
from dpd.conventions.affichage_formules import decimales
from dpd.conventions.forms.indices import CorrectionForm, IndiceForm, RaccordForm
from dpd.conventions.models import IndiceRevision, RegleRaccord
from dpd.conventions.views.tarifs import PAGE, executer
from dpd.pagination import paginer
from dpd.regles.typographie import compte, enumeration


def indices(request, siren):
    """Les valeurs saisies ; lire est ouvert au DPD, saisir au gestionnaire."""
    envoi = request.method == "POST"
    capacite = Capacite.GERER_CONVENTIONS if envoi else Capacite.LIRE_CONVENTION
    structure = structure_ou_404(request, siren, capacite)
    formulaire = IndiceForm(donnees_recues(request))
    if envoi and formulaire.is_valid():
        saisi = executer(
            request, formulaire, actions.saisir_indice, structure=structure, **formulaire.cleaned_data
        )
        if saisi:
            messages.success(request, f"Indice saisi\u00a0: {saisi}.")
            return redirect("conventions:indices", siren)
    return _page(request, structure, formulaire=formulaire)


def _page(request, structure, **formulaires):
    page = paginer(request, IndiceRevision.objects.filter(structure=structure))
    contexte = {
        **PAGE,
        "structure": structure,
        "indices": page,
        "lignes": [(indice, indice.get_serie_display().split(",")[0]) for indice in page.object_list],
        "regles": [(r, decimales(r.coefficient)) for r in RegleRaccord.objects.filter(structure=structure)],
        "formulaire": IndiceForm(),
        "raccord": RaccordForm(prefix="raccord"),
        **formulaires,
    }
    return render(request, "conventions/indices.html", contexte)


@require_POST
def indices_reprendre(request, siren):
    """Les valeurs livrées avec l’application, sans jamais remplacer une saisie."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    if request.POST.get("geste") != "reprendre":
        return redirect("conventions:indices", siren)
    reprise = actions.reprendre_valeurs_sures(
        structure=structure, auteur=request.user, maintenant=timezone.now()
    )
    if reprise.repris:
        repris = compte(reprise.repris, "valeur reprise", "valeurs reprises")
        messages.success(request, f"{repris}, chacune avec sa source.")
    else:
        messages.info(request, "Toutes les valeurs sûres étaient déjà saisies.")
    if reprise.differents:
        noms = enumeration(tuple(str(indice) for indice in reprise.differents))
        messages.warning(request, f"Votre saisie diffère et n’a pas été remplacée\u00a0: {noms}.")
    return redirect("conventions:indices", siren)


def indice_corriger(request, siren, pk):
    """Une correction se motive ; les états figés gardent la valeur qu’ils ont employée."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    indice = get_object_or_404(IndiceRevision, structure=structure, pk=pk)
    connus = {"valeur": indice.valeur, "publie_le": indice.publie_le, "source": indice.source}
    formulaire = CorrectionForm(donnees_recues(request), initial=connus)
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and executer(request, formulaire, actions.corriger_indice, indice=indice, **formulaire.cleaned_data)
    ):
        messages.success(request, "L’indice est corrigé. Les états déjà figés n’ont pas changé.")
        return redirect("conventions:indices", siren)
    contexte = {
        **PAGE,
        "structure": structure,
        "indice": indice,
        "formulaire": formulaire,
        "figes": actions.etats_figes_avec(indice),
        "histoire": indice.history.select_related("history_user").order_by("-history_date", "-history_id")[
            :20
        ],
    }
    return render(request, "conventions/indice_corriger.html", contexte)


@require_POST
def raccord_deliberer(request, siren):
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    formulaire = RaccordForm(request.POST, prefix="raccord")
    if formulaire.is_valid() and executer(
        request, formulaire, actions.deliberer_raccord, structure=structure, **formulaire.cleaned_data
    ):
        messages.success(request, "La règle de raccord est enregistrée\u00a0: les calculs se débloquent.")
        return redirect("conventions:indices", siren)
    return _page(request, structure, raccord=formulaire)
