"""Ce qui s’ajoute à une fiche et s’en retire : logiciels, certifications, sous-traitants ultérieurs."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dpd.comptes.forms_gestes import ConfirmationForm
from dpd.comptes.gestes import derouler, recus
from subtraitance.actions import annuaire_lignes as actions
from subtraitance.actions.annuaire_commun import combien_prevenues
from subtraitance.forms.annuaire import CertificationForm, LogicielForm, UlterieurForm
from subtraitance.views.annuaire_commun import fiche_a_tenir, geste_de, prevenues_dit, qui_sera_prevenu


@require_http_methods(["GET", "POST"])
def ajouter_logiciel(request, siren, pk):
    _, fiche = fiche_a_tenir(request, siren, pk)
    return derouler(
        request,
        geste_de(fiche, f"Ajouter un logiciel de {fiche.nom}", "Ajouter ce logiciel"),
        LogicielForm(recus(request)[0]),
        partial(actions.ajouter_logiciel, fiche=fiche, maintenant=timezone.now()),
        fait=lambda logiciel: f"«\u00a0{logiciel}\u00a0» est sur la fiche.",
    )


@require_http_methods(["GET", "POST"])
def retirer_logiciel(request, siren, pk, ligne):
    _, fiche = fiche_a_tenir(request, siren, pk)
    logiciel = get_object_or_404(fiche.logiciels.filter(retire_le=None), pk=ligne)
    chapo = "Il ne se proposera plus. Les contrats qui le citent le gardent."
    return derouler(
        request,
        geste_de(fiche, f"Retirer «\u00a0{logiciel}\u00a0»", "Retirer ce logiciel", chapo=chapo),
        ConfirmationForm(recus(request)[0]),
        partial(actions.retirer_logiciel, logiciel=logiciel, maintenant=timezone.now()),
        fait=lambda _: f"«\u00a0{logiciel}\u00a0» est retiré.",
    )


@require_http_methods(["GET", "POST"])
def ajouter_certification(request, siren, pk):
    """Sans terme connu, la fiche le dit : une certification ne prouve rien longtemps."""
    _, fiche = fiche_a_tenir(request, siren, pk)
    return derouler(
        request,
        geste_de(fiche, f"Ajouter une certification de {fiche.nom}", "Ajouter cette certification"),
        CertificationForm(*recus(request)),
        partial(actions.ajouter_certification, fiche=fiche, maintenant=timezone.now()),
        fait=lambda certification: f"«\u00a0{certification}\u00a0» est sur la fiche.",
    )


@require_http_methods(["GET", "POST"])
def retirer_certification(request, siren, pk, ligne):
    _, fiche = fiche_a_tenir(request, siren, pk)
    certification = get_object_or_404(fiche.certifications.filter(retiree_le=None), pk=ligne)
    maintenant = timezone.now()
    chapo = f"Elle ne vaut plus. {qui_sera_prevenu(combien_prevenues(fiche, maintenant))}"
    return derouler(
        request,
        geste_de(fiche, f"Retirer «\u00a0{certification}\u00a0»", "Retirer cette certification", chapo=chapo),
        ConfirmationForm(recus(request)[0]),
        partial(actions.retirer_certification, certification=certification, maintenant=maintenant),
        fait=lambda resultat: f"«\u00a0{certification}\u00a0» est retirée.{prevenues_dit(resultat[1])}",
    )


@require_http_methods(["GET", "POST"])
def ajouter_ulterieur(request, siren, pk):
    """Chaque contrat en cours reçoit une demande d’autorisation (RGPD art. 28-2)."""
    _, fiche = fiche_a_tenir(request, siren, pk)
    maintenant = timezone.now()
    chapo = (
        "Chaque contrat en cours recevra une demande d’autorisation\u00a0: le responsable décide, ou peut "
        f"s’opposer. {qui_sera_prevenu(combien_prevenues(fiche, maintenant))}"
    )
    return derouler(
        request,
        geste_de(fiche, f"Ajouter un sous-traitant de {fiche.nom}", "Ajouter ce sous-traitant", chapo=chapo),
        UlterieurForm(recus(request)[0], fiche=fiche),
        partial(actions.ajouter_ulterieur, fiche=fiche, maintenant=maintenant),
        fait=lambda resultat: f"{resultat[0]} est sur la fiche.{prevenues_dit(resultat[1])}",
    )


@require_http_methods(["GET", "POST"])
def retirer_ulterieur(request, siren, pk, ligne):
    _, fiche = fiche_a_tenir(request, siren, pk)
    liens = fiche.ulterieurs.filter(retire_le=None).select_related("ulterieur")
    lien = get_object_or_404(liens, pk=ligne)
    maintenant = timezone.now()
    chapo = (
        "Les demandes d’autorisation encore en attente n’auront plus d’objet. "
        f"{qui_sera_prevenu(combien_prevenues(fiche, maintenant))}"
    )
    return derouler(
        request,
        geste_de(fiche, f"Retirer {lien}", "Retirer ce sous-traitant", chapo=chapo),
        ConfirmationForm(recus(request)[0]),
        partial(actions.retirer_ulterieur, lien=lien, maintenant=maintenant),
        fait=lambda resultat: f"{lien} est retiré.{prevenues_dit(resultat[1])}",
    )
