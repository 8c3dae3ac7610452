"""Les réglages des demandes de droits : le formulaire public, la durée de conservation, l’affichette."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.enums import NatureAcces
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.journal import consigner
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.saisie import donnees_recues
from dpd.documents.imprime import ecrire_affiche
from dpd.documents.reponse import FORMATS, par_fichier
from dpd.documents.surete import nom_de_fichier as nom_sur
from dpd.messagerie.envoi import adresse as adresse_complete
from subtraitance.actions.effacement import peut_effacer
from subtraitance.actions.reglages import reglages_de, regler_les_demandes
from subtraitance.exports.affichette import affichette as affichette_de
from subtraitance.exports.affichette import texte_pour_le_site
from subtraitance.forms.reglages import ReglagesDemandesForm
from subtraitance.models import ReglagesDemandes

FAIT = "Les réglages sont enregistrés."
CHAMPS = ("formulaire_ouvert", "message", "conservation_mois", "conservation_source")


def reglages_demandes(request, siren):
    """Chacun lit ; seul le responsable change (DECIDER)."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_DEMANDES)
    decide = request.acces.peut(Capacite.DECIDER, collectivite)
    if request.method == "POST" and not decide:
        raise PermissionDenied
    reglages = reglages_de(collectivite)
    initial = {champ: getattr(reglages, champ) for champ in CHAMPS}
    formulaire = ReglagesDemandesForm(donnees_recues(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid() and _regler(request, collectivite, formulaire):
        return redirect("subtraitance:reglages_demandes", siren)
    return render(
        request, "subtraitance/reglages.html", _contexte(request, collectivite, reglages, formulaire, decide)
    )


def _regler(request, collectivite: Collectivite, formulaire) -> bool:
    """Vrai si c’est enregistré ; sinon le refus est sous son champ."""
    try:
        regler_les_demandes(
            collectivite=collectivite,
            auteur=request.user,
            maintenant=timezone.now(),
            **formulaire.cleaned_data,
        )
    except ValidationError as refus:
        ajouter_le_refus(formulaire, refus)
        return False
    messages.success(request, FAIT)
    return True


def _contexte(request, collectivite, reglages: ReglagesDemandes, formulaire, decide: bool) -> dict:
    publique = _adresse_publique(collectivite)
    return {
        "onglet_actif": "demandes",
        "chemin": (
            (collectivite.nom, reverse("pilotage:collectivite", args=[collectivite.siren])),
            ("Demandes de droits", reverse("subtraitance:demandes", args=[collectivite.siren])),
        ),
        "reglages": reglages,
        "regle": reglages.pk is not None,
        "formulaire": formulaire,
        "decide": decide,
        "conseille": request.acces.peut(Capacite.RENDRE_AVIS, collectivite),
        "efface": peut_effacer(request.acces, collectivite),
        "adresse": publique,
        "texte": texte_pour_le_site(collectivite, publique),
    }


def _adresse_publique(collectivite: Collectivite) -> str:
    return adresse_complete(reverse("subtraitance:formulaire_public", args=[collectivite.siren]))


@require_GET
def affichette(request, siren):
    """L’affichette A4 du formulaire public ; notée au journal comme tout export.

    :raises Http404: si le formulaire est fermé : elle mènerait à une page absente.
    """
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_DEMANDES)
    if not reglages_de(collectivite).formulaire_ouvert:
        raise Http404
    maintenant = timezone.now()
    imprime = affichette_de(collectivite, _adresse_publique(collectivite), maintenant)
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=request.user,
        collectivite=collectivite,
        detail="Affichette des droits, PDF",
        request=request,
    )
    pdf = FORMATS["pdf"]
    nom = nom_sur(nom_de_fichier("affichette droits", collectivite, maintenant), pdf.extension)
    return par_fichier(partial(ecrire_affiche, imprime), pdf.type_mime, nom)
