"""Les courriels partis, en attente ou refusés ; au DPD seul, leurs objets disent ses dossiers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.messagerie.suivi import ETATS, compter, courriels_de, filtrer, retenter
from dpd.pagination import feuilleter

A_TRAITER = 5  # échecs montrés en tête de la liste ; leur filtre les montre tous


@require_GET
def courriels(request, siren):
    structure = structure_ou_404(request, siren, Capacite.SUIVRE_PORTEFEUILLE)
    tous = courriels_de(structure)
    etat = request.GET.get("etat", "")
    etat = etat if etat in ETATS else ""
    page, comptes = feuilleter(request, filtrer(tous, etat)), compter(tous)
    en_tete = comptes["echec"] and not etat and page.number == 1
    contexte = {
        "onglet_actif": "equipe",
        "page": page,
        "etats": [(cle, libelle) for cle, (libelle, _) in ETATS.items()],
        "etat": etat,
        "echecs": comptes["echec"],
        "attente": comptes["attente"],
        "a_traiter": filtrer(tous, "echec")[:A_TRAITER] if en_tete else (),
    }
    return render(request, "pilotage/courriels.html", contexte)


@require_POST
def retenter_courriel(request, siren, pk):
    structure = structure_ou_404(request, siren, Capacite.SUIVRE_PORTEFEUILLE)
    message = get_object_or_404(courriels_de(structure), pk=pk)
    if retenter(message, timezone.now()):
        messages.success(request, f"Le courriel à {message.destinataire} repart au prochain envoi.")
    else:
        messages.info(request, "Ce courriel n’est plus en échec\u00a0: rien à retenter.")
    return redirect("pilotage:courriels", siren)
