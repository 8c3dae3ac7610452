"""Rendre un document et le noter au journal : un export est une lecture qui sort du site."""

from datetime import datetime

from django.http import Http404

from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import cible, consigner
from dpd.documents.reponse import FORMATS, reponse


def verifier_format(format: str) -> None:
    """``Http404`` si le format est inconnu ; à appeler avant de lire la base."""
    if format not in FORMATS:
        raise Http404(f"Format d’export inconnu\u00a0: {format}")


def rendre(request, lieu, document, format: str, *, nom: str, detail: str, maintenant: datetime):
    """Le fichier en réponse ; ``lieu`` : la collectivité ou la structure au journal de laquelle le noter."""
    consigner(
        NatureAcces.EXPORT,
        maintenant=maintenant,
        utilisateur=request.user,
        detail=f"{detail}, {FORMATS[format].libelle}",
        request=request,
        **cible(lieu),
    )
    return reponse(document, format, nom)
