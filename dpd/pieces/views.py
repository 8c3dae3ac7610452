"""Rendre une pièce : toujours en téléchargement, jamais dans la page."""

import logging

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import cible, consigner
from dpd.comptes.regles.capacites import Capacite
from dpd.pieces.acces import SENSIBLES, peut_lire
from dpd.pieces.models import Piece

# Même ouverte dans le navigateur, une pièce n’exécute rien, ne charge rien et ne se garde pas.
ENTETES = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
}
trace = logging.getLogger(__name__)


@require_GET
def telecharger(request, siren, pk):
    """Une pièce d’une collectivité."""
    collectivite = collectivite_ou_404(request, siren, Capacite.VOIR_COLLECTIVITE)
    return _rendre(request, collectivite, pk)


@require_GET
def telecharger_structure(request, siren, pk):
    """Une pièce de la structure elle-même."""
    structure = structure_ou_404(request, siren, Capacite.VOIR_STRUCTURE)
    return _rendre(request, structure, pk)


def _rendre(request, portee, pk: int):
    """404 si la pièce est d’un autre locataire, et aussi si le rôle n’ouvre pas son domaine.

    Un 403 dirait qu’elle existe : à suivre les numéros, on compterait les pièces du secret (RGPD art. 38-5).
    """
    piece = Piece.objects.de(portee).pour_affichage().filter(pk=pk).first()
    if piece is None or not peut_lire(request.acces, piece):
        raise Http404
    return servir(request, piece, portee)


def servir(request, piece: Piece, lieu):
    """Le fichier en téléchargement, à qui l’appelant vient d’ouvrir la pièce.

    ``lieu`` : la collectivité ou la structure au journal de laquelle noter une lecture sensible.
    """
    try:
        flux = piece.fichier.open("rb")
    except FileNotFoundError:
        trace.exception("Le fichier de la pièce %s manque", piece.pk)
        return render(request, "pieces/absente.html", {"piece": piece}, status=404)
    if piece.domaine in SENSIBLES:
        consigner(
            NatureAcces.CONSULTATION,
            maintenant=timezone.now(),
            utilisateur=request.user,
            **cible(lieu),
            detail=f"pièce n°\u00a0{piece.pk}, {piece.get_domaine_display()}",
            request=request,
        )
    return FileResponse(
        flux, as_attachment=True, filename=piece.nom, content_type=piece.type_mime, headers=ENTETES
    )
