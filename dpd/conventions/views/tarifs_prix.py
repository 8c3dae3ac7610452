"""Saisir les prix d’un barème : sa grille, ou ses forfaits, en un tableau de lignes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.actions import tarifs as actions
from dpd.conventions.enums import NatureBareme
from dpd.conventions.forms.tarifs import CollageForm, ForfaitsFormSet, GrilleFormSet
from dpd.conventions.models import Bareme
from dpd.conventions.regles.tarifs import Tranche
from dpd.conventions.views.tarifs import PAGE, bareme_ou_404
from dpd.regles.typographie import compte

LIGNES_DE_PLUS = 5


def bareme_prix(request, siren, pk):
    """Une table sans script : des lignes vides à remplir, un tableau à coller, puis tout d’un coup."""
    structure, bareme = bareme_ou_404(request, siren, pk, Capacite.GERER_CONVENTIONS)
    if bareme.nature == NatureBareme.GRATUIT:
        raise Http404("Un barème gratuit n’a pas de prix.")
    if bareme.publie:
        messages.error(request, actions.PUBLIE)
        return redirect("conventions:bareme", siren, pk)
    collage, refus = CollageForm(), []
    lignes = _formset(bareme)(initial=_initiales(bareme))
    if request.method == "POST":
        demande = request.POST.get("geste", "")
        if demande == "coller":
            collage = CollageForm(request.POST)
            lignes = _collees(request, collage) or lignes
        elif demande == "lignes":
            lignes = _agrandi(request, bareme)
        else:
            lignes = _formset(bareme)(request.POST)
            refus = _enregistrer(request, bareme, lignes)
            if refus is None:
                return redirect("conventions:bareme", siren, pk)
    contexte = {
        **PAGE,
        "structure": structure,
        "bareme": bareme,
        "lignes": lignes,
        "collage": collage,
        "refus": refus,
        "est_grille": bareme.nature == NatureBareme.TRANCHES,
    }
    return render(request, "conventions/bareme_prix.html", contexte)


def _formset(bareme: Bareme):
    return GrilleFormSet if bareme.nature == NatureBareme.TRANCHES else ForfaitsFormSet


def _initiales(bareme: Bareme) -> list[dict]:
    champs = ("minimum", "maximum", "mise_en_place", "accompagnement")
    if bareme.nature == NatureBareme.TRANCHES:
        return list(bareme.tranches.values(*champs))
    return list(bareme.forfaits.values("libelle", "montant"))


def _collees(request, collage: CollageForm):
    """La grille lue dans le tableau collé, à relire ; rien si elle ne se lit pas."""
    if not collage.is_valid():
        return None
    tranches = collage.cleaned_data["collage"]
    lues = compte(len(tranches), "tranche lue", "tranches lues")
    messages.info(request, f"{lues}. Relisez la grille, puis enregistrez-la.")
    return GrilleFormSet(
        initial=[
            {
                "minimum": t.minimum,
                "maximum": t.maximum,
                "mise_en_place": t.mise_en_place,
                "accompagnement": t.accompagnement,
            }
            for t in tranches
        ]
    )


def _agrandi(request, bareme: Bareme):
    """Le même tableau, sa saisie gardée, avec quelques lignes vides de plus."""
    donnees = request.POST.copy()
    total = donnees.get("form-TOTAL_FORMS", "0")
    lu = int(total) if total.isascii() and total.isdecimal() and len(total) < 4 else 0
    donnees["form-TOTAL_FORMS"] = str(lu + LIGNES_DE_PLUS)
    return _formset(bareme)(donnees)


def _enregistrer(request, bareme: Bareme, lignes) -> list[str] | None:
    """Rien si les prix sont enregistrés ; sinon ce qui s’y oppose, en phrases."""
    if not lignes.is_valid():
        return [*lignes.non_form_errors()] or ["Complétez les lignes signalées, ou videz-les."]
    commun = {"bareme": bareme, "auteur": request.user, "maintenant": timezone.now()}
    try:
        if bareme.nature == NatureBareme.TRANCHES:
            actions.enregistrer_grille(tranches=[Tranche(**x) for x in lignes.remplies], **commun)
        else:
            forfaits = [(x["libelle"], x["montant"]) for x in lignes.remplies]
            actions.enregistrer_forfaits(forfaits=forfaits, **commun)
    except ValidationError as refus:
        return refus.messages
    messages.success(request, "Les prix sont enregistrés.")
    return None
