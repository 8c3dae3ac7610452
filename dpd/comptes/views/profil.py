"""Mon compte, ma sécurité, mon affichage."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render

from dpd.comptes import actions
from dpd.comptes.enums import Role
from dpd.comptes.forms import AffichageForm, ProfilForm
from dpd.comptes.models import Collectivite, Structure

ORDRE = list(Role)


def _mes_acces(acces) -> list[tuple]:
    """(lieu, rôles) de chaque structure puis de chaque collectivité où la personne a un rôle."""
    lieux = [(s, acces.par_structure[s.pk]) for s in Structure.objects.filter(pk__in=acces.par_structure)]
    lieux += [
        (c, acces.par_collectivite[c.pk]) for c in Collectivite.objects.filter(pk__in=acces.par_collectivite)
    ]
    return [(lieu, sorted(roles, key=ORDRE.index)) for lieu, roles in lieux]


def profil(request):
    utilisateur = request.user
    initial = {
        "prenom": utilisateur.first_name,
        "nom": utilisateur.last_name,
        "fonction": utilisateur.fonction,
        "telephone": utilisateur.telephone,
    }
    donnees = request.POST if request.method == "POST" else None
    form = ProfilForm(donnees, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.modifier_profil(utilisateur=utilisateur, **form.cleaned_data)
        messages.success(request, "Votre compte est à jour.")
        return redirect("comptes:profil")
    contexte = {
        "form": form,
        "double_facteur": is_mfa_enabled(utilisateur),
        "double_facteur_exige": settings.DOUBLE_FACTEUR_OBLIGATOIRE and bool(request.acces.par_structure),
        "mes_acces": _mes_acces(request.acces),
    }
    return render(request, "comptes/profil.html", contexte)


def affichage(request):
    donnees = request.POST if request.method == "POST" else None
    form = AffichageForm(donnees, initial={"theme": request.user.theme})
    if request.method == "POST" and form.is_valid():
        actions.choisir_theme(utilisateur=request.user, theme=form.cleaned_data["theme"])
        messages.success(request, "Votre choix est enregistré.")
        return redirect("comptes:affichage")
    return render(request, "comptes/affichage.html", {"form": form})
