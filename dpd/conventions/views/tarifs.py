"""Les barèmes d’une structure : les lire, en préparer un, le publier."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.conventions import affichage_baremes
from dpd.conventions.acces_etats import jour_de
from dpd.conventions.actions import tarifs as actions
from dpd.conventions.actions.tarifs_publication import manques_du_bareme, publier_bareme
from dpd.conventions.enums import NatureBareme
from dpd.conventions.forms.tarifs import BaremeForm, CopieForm
from dpd.conventions.models import Bareme, ReglagesConventions

ONGLET = "conventions"
PAGE = {"onglet_actif": ONGLET, "page": "tarifs"}


def bareme_ou_404(request, siren, pk, capacite=Capacite.LIRE_CONVENTION):
    """(structure, barème) ; mêmes erreurs que ``structure_ou_404``."""
    structure = structure_ou_404(request, siren, capacite)
    requete = Bareme.objects.select_related("indice_base", "structure")
    requete = requete.prefetch_related("tranches", "forfaits")
    return structure, get_object_or_404(requete, structure=structure, pk=pk)


@require_safe
def tarifs(request, siren):
    """Les barèmes, du plus récent au plus ancien, et ce qui les fait évoluer."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = jour_de(structure, timezone.now())
    baremes = list(Bareme.objects.filter(structure=structure).select_related("indice_base"))
    contexte = {
        **PAGE,
        "structure": structure,
        "brouillons": [b for b in baremes if not b.publie],
        "publies": [affichage_baremes.situer(b, jour) for b in baremes if b.publie],
        "reglages": ReglagesConventions.objects.filter(structure=structure).first(),
    }
    return render(request, "conventions/tarifs.html", contexte)


@require_safe
def bareme(request, siren, pk):
    """Un barème en entier, ses montants pour quelques populations, ce qui manque à un brouillon."""
    structure, lu = bareme_ou_404(request, siren, pk)
    jour = jour_de(structure, timezone.now())
    contexte = {
        **PAGE,
        "structure": structure,
        "bareme": lu,
        "situation": affichage_baremes.situer(lu, jour),
        "manques": [] if lu.publie else manques_du_bareme(lu),
        "exemples": affichage_baremes.exemples_de_sens(lu),
        "apercu": affichage_baremes.apercu(lu, jour, request.GET.get("populations", "")),
        "copie": CopieForm(initial={"nom": f"{lu.nom}, suite"[:150], "source": lu.source}),
    }
    return render(request, "conventions/bareme.html", contexte)


def bareme_nouveau(request, siren):
    """D’abord la nature, puis les champs qu’elle demande."""
    structure = structure_ou_404(request, siren, Capacite.GERER_CONVENTIONS)
    nature = request.GET.get("nature", "")
    if nature not in NatureBareme.values:
        contexte = {**PAGE, "structure": structure, "natures": affichage_baremes.NATURES}
        return render(request, "conventions/bareme_natures.html", contexte)
    prepare = Bareme(structure=structure, nature=nature)
    formulaire = BaremeForm(donnees_recues(request), instance=prepare)
    if request.method == "POST" and formulaire.is_valid():
        cree = executer(
            request,
            formulaire,
            actions.creer_bareme,
            structure=structure,
            nature=nature,
            **formulaire.cleaned_data,
        )
        if cree:
            messages.success(request, "Le brouillon est enregistré. Saisissez maintenant ses prix.")
            return _aux_prix(cree)
    contexte = {
        **PAGE,
        "structure": structure,
        "formulaire": formulaire,
        "bareme": prepare,
        "exemples": affichage_baremes.exemples_de_sens(prepare),
    }
    return render(request, "conventions/bareme_formulaire.html", contexte)


def bareme_modifier(request, siren, pk):
    structure, lu = bareme_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    if lu.publie:
        messages.error(request, actions.PUBLIE)
        return redirect("conventions:bareme", siren, pk)
    affiche = Bareme.objects.select_related("structure").get(pk=pk)  # le formulaire y écrit ce qu’il lit
    formulaire = BaremeForm(donnees_recues(request), instance=affiche)
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and executer(request, formulaire, actions.modifier_bareme, bareme=lu, **formulaire.cleaned_data)
    ):
        messages.success(request, "Le brouillon est à jour.")
        return redirect("conventions:bareme", siren, pk)
    contexte = {
        **PAGE,
        "structure": structure,
        "formulaire": formulaire,
        "bareme": lu,
        "exemples": affichage_baremes.exemples_de_sens(lu),
    }
    return render(request, "conventions/bareme_formulaire.html", contexte)


@require_POST
def bareme_publier(request, siren, pk):
    _, lu = bareme_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    if "relu" in request.POST:
        geste(request, publier_bareme, "Le barème est publié\u00a0: il ne change plus.", bareme=lu)
    else:
        messages.error(request, "Relisez le barème, puis cochez la case\u00a0: publié, il ne changera plus.")
    return redirect("conventions:bareme", siren, pk)


@require_POST
def bareme_copier(request, siren, pk):
    _, lu = bareme_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    formulaire = CopieForm(request.POST)
    if not formulaire.is_valid():
        for erreurs in formulaire.errors.values():
            messages.error(request, " ".join(erreurs))
        return redirect("conventions:bareme", siren, pk)
    copie = geste(
        request,
        actions.copier_bareme,
        "Un brouillon reprend ces prix\u00a0: changez ce qui change, puis publiez-le.",
        bareme=lu,
        **formulaire.cleaned_data,
    )
    return redirect("conventions:bareme", siren, copie.pk if copie else pk)


@require_POST
def bareme_retirer(request, siren, pk):
    _, lu = bareme_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    fait = f"Le brouillon «\u00a0{lu.nom}\u00a0» est retiré."
    if request.POST.get("geste") == "retirer":
        geste(request, actions.retirer_brouillon, fait, bareme=lu)
    if Bareme.objects.filter(pk=pk).exists():
        return redirect("conventions:bareme", siren, pk)
    return redirect("conventions:tarifs", siren)


def _aux_prix(bareme: Bareme):
    suite = "bareme" if bareme.nature == NatureBareme.GRATUIT else "bareme_prix"
    return redirect(f"conventions:{suite}", bareme.structure.siren, bareme.pk)


def executer(request, formulaire, action, **arguments):
    """L’action, ou None si elle refuse ; son refus revient sous les champs."""
    try:
        return action(auteur=request.user, maintenant=timezone.now(), **arguments)
    except ValidationError as refus:
        formulaire.add_error(None, refus)
        return None


def geste(request, action, fait: str, **arguments):
    """L’action, et ce qu’elle a fait ou pourquoi elle ne l’a pas fait, en message."""
    try:
        resultat = action(auteur=request.user, maintenant=timezone.now(), **arguments)
    except ValidationError as refus:
        for phrase in refus.messages:
            messages.error(request, phrase)
        return None
    messages.success(request, fait)
    return resultat
