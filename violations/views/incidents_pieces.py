"""La documentation utile au responsable : la structure la joint, chaque collectivité prévenue la lit."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.gestes import recus
from dpd.pieces.actions import retirer
from dpd.pieces.views import servir
from violations.acces import violation_ou_404
from violations.actions.incidents import joindre_a_l_incident
from violations.forms.incidents import MotifForm, PieceIncidentForm
from violations.models import Incident, PieceIncident
from violations.views.incidents_commun import derouler, incident_ou_404
from violations.views.incidents_gestes import geste_de


def joindre(request, siren, annee, rang):
    """Les collectivités déjà prévenues la lisent aussitôt, les suivantes dès leur avis."""
    structure, incident = incident_ou_404(request, siren, annee, rang)
    geste = geste_de(
        incident,
        "Joindre un document",
        "Joindre le document",
        chapo="Chaque collectivité prévenue de cet incident pourra le lire. Jusqu’à 5\u00a0Mo en tout, il "
        "part aussi avec l’avis qu’elle reçoit par courriel. "
        "N’y mettez rien qui ne concerne que l’une d’elles, ni le nom de personnes touchées.",
    )
    action = partial(joindre_a_l_incident, incident=incident, maintenant=timezone.now())
    return derouler(
        request,
        structure,
        geste,
        PieceIncidentForm(*recus(request)),
        action,
        fait=lambda lien: f"«\u00a0{lien}\u00a0» est joint à l’incident.",
    )


def retirer_piece(request, siren, annee, rang, pk):
    """Une pièce déposée par erreur : plus aucune collectivité ne la lit."""
    structure, incident = incident_ou_404(request, siren, annee, rang)
    lien = _piece_ou_404(incident, pk)
    geste = geste_de(
        incident,
        f"Retirer «\u00a0{lien}\u00a0»",
        "Retirer le document",
        chapo="Aucune collectivité ne le lira plus. Le document et son retrait restent tracés.",
    )
    action = partial(retirer, piece=lien.piece, maintenant=timezone.now())
    formulaire = MotifForm(recus(request)[0])
    return derouler(request, structure, geste, formulaire, action, fait=lambda _: "Le document est retiré.")


@require_GET
def piece(request, siren, annee, rang, pk):
    """Une pièce de l’incident, à qui le signale."""
    structure, incident = incident_ou_404(request, siren, annee, rang)
    return servir(request, _piece_ou_404(incident, pk).piece, structure)


@require_GET
def documentation(request, siren, annee, rang, pk):
    """La même, à la collectivité que l’incident touche ; sa lecture est notée à son journal."""
    collectivite, violation = violation_ou_404(request, siren, annee, rang)
    return servir(request, _piece_ou_404(violation.incident, pk).piece, collectivite)


def _piece_ou_404(incident: Incident | None, pk: int) -> PieceIncident:
    """:raises Http404: si elle n’est pas de cet incident, ou si elle est retirée."""
    liens = PieceIncident.objects.select_related("piece__structure", "piece__collectivite")
    return get_object_or_404(liens.filter(piece__retiree_le=None), incident=incident, pk=pk)
