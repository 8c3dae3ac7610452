"""Noter un contrat, le modifier, en lire les clauses, y rattacher des fiches, le clore."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import Geste, derouler, recus
from dpd.comptes.regles.capacites import Capacite
from registre.actions.contrats import rattacher_fiches
from registre.forms.contrats import FichesForm
from registre.views.contrats_commun import ONGLET, adresse_de, chemin_de, contrat_ou_404, geste_de
from subtraitance.actions import contrats as actions
from subtraitance.actions.autorisations import jour_local
from subtraitance.forms.contrats import ClausesForm, ClotureForm, ContratForm
from subtraitance.regles.article_28 import manquants
from subtraitance.views.annuaire_commun import fiche_de

CHERCHER = "chercher"


@require_http_methods(["GET", "POST"])
def nouveau(request, siren, pk):
    """Le contrat de cette collectivité avec un prestataire de l’annuaire, la structure comprise."""
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_CONTRATS)
    fiche = fiche_de(collectivite.structure, pk)
    if fiche.fusionne_dans_id is not None:
        return redirect("registre:nouveau_contrat", siren, fiche.fusionne_dans_id)
    prestataire = reverse("subtraitance:prestataire", args=[siren, fiche.pk])
    geste = Geste(
        f"Ajouter notre contrat avec {fiche.nom}",
        "Ajouter ce contrat",
        prestataire,
        onglet=ONGLET,
        chapo="Votre contrat n’est lu que de votre collectivité et de votre DPD.",
        chemin=(
            ("Prestataires", reverse("subtraitance:prestataires", args=[siren])),
            (fiche.nom, prestataire),
        ),
    )
    action = partial(
        actions.creer_contrat, collectivite=collectivite, sous_traitant=fiche, maintenant=timezone.now()
    )
    return derouler(
        request,
        geste,
        ContratForm(*recus(request), fiche=fiche),
        action,
        fait=lambda _: "Le contrat est noté. Ouvrez-le pour en vérifier les clauses.",
        gabarit="registre/contrat_modifier.html",
        collectivite=collectivite,
    )


@require_http_methods(["GET", "POST"])
def modifier(request, siren, pk):
    collectivite, contrat = contrat_ou_404(request, siren, pk, Capacite.TENIR_CONTRATS)
    return derouler(
        request,
        geste_de(contrat, f"Modifier le contrat avec {contrat.sous_traitant.nom}", "Enregistrer"),
        ContratForm(*recus(request), fiche=contrat.sous_traitant, contrat=contrat),
        partial(actions.modifier_contrat, contrat=contrat, maintenant=timezone.now()),
        fait=lambda _: "Le contrat est à jour.",
        gabarit="registre/contrat_modifier.html",
        collectivite=collectivite,
    )


@require_http_methods(["GET", "POST"])
def clore(request, siren, pk):
    """Il a pris fin : il reste lisible, et ne se rappelle plus."""
    collectivite, contrat = contrat_ou_404(request, siren, pk, Capacite.TENIR_CONTRATS)
    jour = jour_local(collectivite, timezone.now())
    fin = min(contrat.fin, jour) if contrat.fin else jour
    geste = geste_de(
        contrat,
        "Clore ce contrat",
        "Clore le contrat",
        chapo="Avant de le clore, faites restituer ou supprimer les données, et gardez-en la preuve "
        "(RGPD, art. 28-3 g). Le contrat reste lisible.",
        icone="lock",
    )
    return derouler(
        request,
        geste,
        ClotureForm(recus(request)[0], initial={"fin": fin}),
        partial(actions.clore_contrat, contrat=contrat, maintenant=timezone.now()),
        fait=lambda _: "Le contrat est clos.",
        collectivite=collectivite,
    )


@require_http_methods(["GET", "POST"])
def fiches(request, siren, pk):
    """Les traitements dont ce contrat confie tout ou partie."""
    collectivite, contrat = contrat_ou_404(request, siren, pk, Capacite.TENIR_CONTRATS)
    formulaire = FichesForm(recus(request)[0], contrat=contrat)
    geste = geste_de(
        contrat,
        "Fiches du registre que ce contrat confie",
        "Enregistrer",
        chapo="Cochez chaque fiche dont le prestataire traite des données.",
    )
    return derouler(
        request,
        geste,
        formulaire,
        partial(rattacher_fiches, contrat=contrat, maintenant=timezone.now()),
        saisie=lambda _: formulaire.saisie(),
        fait=lambda _: "Les fiches confiées sont enregistrées.",
        gabarit="registre/contrat_fiches.html",
        collectivite=collectivite,
    )


@require_http_methods(["GET", "POST"])
def clauses(request, siren, pk):
    """La liste de contrôle de l’article 28-3 : l’application repère, une personne lit et répond."""
    collectivite, contrat = contrat_ou_404(request, siren, pk, Capacite.TENIR_CONTRATS)
    formulaire = ClausesForm(recus(request)[0], contrat=contrat)
    cherche = request.method == "POST" and request.POST.get("geste") == CHERCHER
    if cherche:
        formulaire.reperer()
    elif request.method == "POST" and formulaire.is_valid():
        try:
            actions.controler_clauses(
                contrat=contrat, auteur=request.user, maintenant=timezone.now(), **formulaire.saisie()
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            messages.success(request, "Votre lecture du contrat est enregistrée.")
            return redirect(adresse_de(contrat))
    lues = {clause.code: clause.reponse for clause in contrat.clauses.all()}
    contexte = {
        "collectivite": collectivite,
        "onglet_actif": ONGLET,
        "chemin": chemin_de(contrat),
        "contrat": contrat,
        "formulaire": formulaire,
        "cherche": cherche,
        "manques": manquants(lues) if lues else (),
        "retour": adresse_de(contrat),
    }
    return render(request, "registre/contrat_clauses.html", contexte)
