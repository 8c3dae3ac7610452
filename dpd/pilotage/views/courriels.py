"""Les courriels partis, en attente ou refusés ; au DPD seul, leurs objets disent ses dossiers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dpd.comptes.acces import structure_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.messagerie.suivi import ETATS, courriels_de, filtrer, retenter
from dpd.pagination import paginer


@require_GET
def courriels(request, siren):
    structure = structure_ou_404(request, siren, Capacite.SUIVRE_PORTEFEUILLE)
    etat, tous = request.GET.get("etat", ""), courriels_de(structure)
    contexte = {
        "onglet_actif": "equipe",
        "page": paginer(request, filtrer(tous, etat)),
        "etats": [(cle, libelle) for cle, (libelle, _) in ETATS.items()],
        "etat": etat if etat in ETATS else "",
        "echecs": filtrer(tous, "echec").count(),
        "attente": filtrer(tous, "attente").count(),
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
