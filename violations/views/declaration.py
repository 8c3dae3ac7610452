"""Déclarer une violation, de n’importe où, en deux minutes."""

from datetime import UTC

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.enums import ROLES_COLLECTIVITE
from dpd.comptes.models import Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.pagination import paginer
from dpd.regles.typographie import instant_long
from violations import actions
from violations.forms.declaration import DeclarationForm
from violations.forms.liens_annuaire import ecrire, habituels, proposer
from violations.forms.saisie_commun import ajouter_le_refus

A_PREVENIR = (
    "Le référent, le responsable et le DPD déclarent une violation. Prévenez l’un d’eux sans attendre."
)


def declarer(request, siren):
    """Un envoi répété mène au dossier qu’a ouvert le premier."""
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_VIOLATIONS)
    if request.htmx and "proposer" in request.GET:
        return propositions(request, collectivite)
    maintenant = timezone.now()
    formulaire = DeclarationForm(
        donnees_recues(request),
        initial={"connaissance": maintenant.astimezone(UTC).replace(second=0, microsecond=0)},
        collectivite=collectivite,
        adresse=reverse("violations:declarer", args=[siren]),
        du_dpd=not request.acces.roles(collectivite).intersection(ROLES_COLLECTIVITE),
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            violation = actions.declarer(
                collectivite=collectivite, auteur=request.user, maintenant=maintenant, **formulaire.saisie()
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            _dire(request, violation, maintenant)
            return redirect("violations:violation", siren, violation.annee, violation.rang)
    contexte = {
        "onglet_actif": "violations",
        "formulaire": formulaire,
        "habituels": [ecrire(prestataire) for prestataire in habituels(collectivite)],
        "chemin": ((collectivite.nom, reverse("pilotage:collectivite", args=[siren])),),
        "plusieurs": _adresse_du_signalement(request, collectivite.structure),
    }
    return render(request, "violations/declarer.html", contexte)


def _dire(request, violation, maintenant) -> None:
    if violation.declaree_le != maintenant:
        messages.info(request, "Cette déclaration était déjà enregistrée\u00a0: voici son dossier.")
        return
    limite = instant_long(violation.echeance_notification.astimezone(violation.collectivite.fuseau))
    messages.success(
        request,
        "Violation déclarée. Le DPD et ceux qui ont un compte ici sont prévenus. "
        f"S’il faut notifier la CNIL, c’est avant {limite}.",
    )


def propositions(request, collectivite):
    """Les prestataires qui répondent à ce qu’on tape : le contenu de la liste du champ."""
    trouves = proposer(collectivite, request.GET.get("prestataire", ""))
    contexte = {"propositions": [ecrire(prestataire) for prestataire in trouves]}
    reponse = render(request, "violations/prestataire_propositions.html", contexte)
    patch_vary_headers(reponse, ["HX-Request"])
    return reponse


@require_safe
def declarer_ici(request):
    """L’accès rapide : droit au formulaire de sa collectivité, ou le choix de la collectivité.

    L’agent ne lit aucune violation (RGPD art. 38-5) : il signale un incident à ceux qui en décident.
    """
    acces = request.acces
    siennes = acces.collectivites(Capacite.TENIR_VIOLATIONS).order_by("nom", "type", "pk")
    structures = acces.structures(Capacite.SIGNALER_INCIDENT)
    signaler = _adresse_du_signalement(request, Structure.objects.filter(pk__in=structures).first())
    seules = list(siennes[:2])
    if len(seules) == 1:
        return redirect("violations:declarer", seules[0].siren)
    if not seules:
        if not signaler:
            messages.warning(request, A_PREVENIR)
        return redirect(signaler or "accueil")
    texte = request.GET.get("q", "")[:100]
    contexte = {
        "page": paginer(request, siennes.recherche(texte) if texte else siennes),
        "texte": texte,
        "signaler": signaler,
    }
    return render(request, "violations/declarer_ici.html", contexte)


def _adresse_du_signalement(request, structure: Structure | None) -> str:
    """Celle d’un incident qui touche plusieurs collectivités ; vide à qui n’en signale pas."""
    if structure is None or not request.acces.peut_structure(Capacite.SIGNALER_INCIDENT, structure):
        return ""
    return reverse("violations:signaler", args=[structure.siren])
