"""Enregistrer une demande de droits : par la commune qui l’a reçue, ou par la structure."""

from datetime import UTC

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.enums import ROLES_COLLECTIVITE
from dpd.comptes.forms_gestes import ajouter_le_refus
from dpd.comptes.gestes import recus
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.pagination import paginer
from dpd.regles.typographie import date_longue
from subtraitance.actions.enregistrement import Enregistree, enregistrer
from subtraitance.emails_publics import adresse_de_suivi
from subtraitance.forms.enregistrer import EnregistrerForm
from subtraitance.regles.calculateur import dite_a_24_heures


@never_cache
def enregistrer_demande(request, siren):
    """Reçue par la commune, elle n’est à transmettre à personne ; reçue par son DPD, si, sous 48 heures."""
    collectivite = collectivite_ou_404(request, siren, Capacite.TENIR_DEMANDES)
    sur_place = bool(request.acces.roles(collectivite).intersection(ROLES_COLLECTIVITE))
    chemin = (
        (collectivite.nom, reverse("pilotage:collectivite", args=[siren])),
        ("Demandes de droits", reverse("subtraitance:demandes", args=[siren])),
    )
    return _derouler(request, collectivite, chemin, par_la_structure=not sur_place)


@never_cache
def enregistrer_demande_structure(request, siren):
    """Reçue par la structure pour une collectivité qu’elle suit ; sans la dire, on la choisit d’abord."""
    structure = structure_ou_404(request, siren, Capacite.TRANSMETTRE_DEMANDES)
    chemin = (("Demandes de droits", reverse("subtraitance:demandes_structure", args=[siren])),)
    suivies = Collectivite.objects.actives().filter(structure=structure).select_related("structure")
    choisie = request.GET.get("collectivite", "")
    if not choisie:
        texte = request.GET.get("q", "")[:100]
        contexte = {
            "onglet_actif": "demandes",
            "chemin": chemin,
            "page": paginer(request, suivies.recherche(texte)),
            "texte": texte,
        }
        return render(request, "subtraitance/enregistrer_choisir.html", contexte)
    collectivite = get_object_or_404(suivies, siren=choisie)
    return _derouler(request, collectivite, chemin, par_la_structure=True)


def _derouler(request, collectivite, chemin, *, par_la_structure: bool):
    maintenant = timezone.now()
    formulaire = EnregistrerForm(
        *recus(request),
        initial={"recue_le": maintenant.astimezone(UTC).replace(second=0, microsecond=0)},
        collectivite=collectivite,
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            faite = enregistrer(
                collectivite=collectivite,
                par_la_structure=par_la_structure,
                auteur=request.user,
                maintenant=maintenant,
                **formulaire.saisie(),
            )
        except ValidationError as refus:
            ajouter_le_refus(formulaire, refus)
        else:
            return _confirmer(request, faite, chemin)
    contexte = {
        "onglet_actif": "demandes",
        "chemin": chemin,
        "lieu": collectivite,
        "formulaire": formulaire,
        "par_la_structure": par_la_structure,
    }
    return render(request, "subtraitance/enregistrer.html", contexte)


def _confirmer(request, faite: Enregistree, chemin):
    """La page qui donne le lien de suivi : il n’est gardé nulle part, on le remet maintenant."""
    demande = faite.demande
    arguments = [demande.collectivite.siren, demande.annee, demande.rang]
    lit = request.acces.peut(Capacite.LIRE_DEMANDES, demande.collectivite)
    transmission = demande.echeance_transmission
    contexte = {
        "onglet_actif": "demandes",
        "chemin": chemin,
        "demande": demande,
        "deja": faite.deja,
        "suivi": adresse_de_suivi(faite.suivi),
        "dossier": reverse("registre:demande", args=arguments) if lit else "",
        "transmettre": reverse("subtraitance:transmettre", args=arguments)
        if transmission and not demande.transmise_le
        else "",
        "a_transmettre": dite_a_24_heures(transmission.astimezone(demande.collectivite.fuseau))
        if transmission
        else "",
        "a_repondre": date_longue(demande.echeance) if demande.echeance else "",
    }
    return render(request, "subtraitance/enregistrer_faite.html", contexte)
