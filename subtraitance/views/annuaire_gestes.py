"""Tenir l’annuaire : un formulaire, une action. Au DPD."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.gestes import Geste, derouler, recus
from dpd.comptes.regles.capacites import Capacite
from subtraitance.actions.annuaire_commun import combien_prevenues
from subtraitance.actions.annuaire_fiche import (
    creer_prestataire,
    inscrire_la_structure,
    modifier_prestataire,
    verifier_prestataire,
)
from subtraitance.actions.annuaire_fusion import fusionner as reunir
from subtraitance.forms.annuaire import FicheForm, FusionForm
from subtraitance.views.annuaire_commun import (
    ONGLET,
    adresse_fiche,
    fiche_a_tenir,
    geste_de,
    prevenues_dit,
    qui_sera_prevenu,
)

SANS_CHANGEMENT = "Compléter une rubrique vide n’est pas un changement."


@require_http_methods(["GET", "POST"])
def creer(request, siren):
    """Une fiche écrite par le DPD est vérifiée d’emblée."""
    structure = structure_ou_404(request, siren, Capacite.TENIR_ANNUAIRE)
    retour = reverse("subtraitance:annuaire", args=[siren])
    geste = Geste(
        "Ajouter un prestataire",
        "Ajouter à l’annuaire",
        retour,
        onglet=ONGLET,
        chapo="Seul le nom est obligatoire. Chaque collectivité pourra y rattacher son contrat.",
        chemin=(("Annuaire", retour),),
    )
    action = partial(creer_prestataire, structure=structure, maintenant=timezone.now())
    return derouler(
        request,
        geste,
        FicheForm(recus(request)[0]),
        action,
        fait=lambda fiche: f"{fiche.nom} est dans l’annuaire.",
        gabarit="subtraitance/annuaire_modifier.html",
    )


@require_http_methods(["GET", "POST"])
def modifier(request, siren, pk):
    """Un changement important prévient les collectivités liées ; la page dit d’avance combien."""
    _, fiche = fiche_a_tenir(request, siren, pk)
    maintenant = timezone.now()
    chapo = (
        "Si vous changez l’hébergement, le délégué ou le contact d’incident\u00a0: "
        f"{qui_sera_prevenu(combien_prevenues(fiche, maintenant))} {SANS_CHANGEMENT}"
    )
    return derouler(
        request,
        geste_de(fiche, f"Modifier {fiche.nom}", "Enregistrer", chapo=chapo),
        FicheForm(recus(request)[0], fiche=fiche),
        partial(modifier_prestataire, fiche=fiche, maintenant=maintenant),
        fait=lambda resultat: f"La fiche est à jour.{prevenues_dit(resultat[1])}",
        gabarit="subtraitance/annuaire_modifier.html",
    )


@require_POST
def verifier(request, siren, pk):
    """Le DPD a contrôlé une fiche proposée par une collectivité."""
    _, fiche = fiche_a_tenir(request, siren, pk)
    verifier_prestataire(fiche=fiche, auteur=request.user, maintenant=timezone.now())
    messages.success(request, "La fiche est vérifiée.")
    return redirect(adresse_fiche(fiche))


@require_POST
def inscrire(request, siren):
    """La structure est aussi la sous-traitante de celles qu’elle sert : elle a sa fiche."""
    structure = structure_ou_404(request, siren, Capacite.TENIR_ANNUAIRE)
    fiche = inscrire_la_structure(structure=structure, auteur=request.user, maintenant=timezone.now())
    messages.success(request, "La structure a sa fiche. Complétez-la.")
    return redirect(adresse_fiche(fiche))


@require_http_methods(["GET", "POST"])
def fusionner(request, siren, pk):
    """Deux fiches du même prestataire n’en font plus qu’une, sans rien perdre."""
    _, fiche = fiche_a_tenir(request, siren, pk)
    initial = {"absorber": request.GET.get("avec", "")}
    geste = geste_de(
        fiche,
        f"Réunir une autre fiche à {fiche.nom}",
        "Réunir les deux fiches",
        chapo="Tout ce qui menait à l’autre fiche mènera à celle-ci, sans que personne ne soit prévenu. "
        "Les rubriques vides d’ici prennent ce que dit l’autre. Cela ne se défait pas.",
    )
    return derouler(
        request,
        geste,
        FusionForm(recus(request)[0], fiche=fiche, initial=initial),
        partial(reunir, garder=fiche, maintenant=timezone.now()),
        fait=lambda _: "Les deux fiches n’en font plus qu’une. Relisez-la.",
    )
