"""La fiche demandée, ou 404 : deuxième ligne de chaque vue du registre."""

from django.http import Http404

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from registre.enums import EtatVersion
from registre.models import VersionTraitement


def fiche_ou_404(
    request, siren: str, reference: int, capacite: Capacite
) -> tuple[Collectivite, VersionTraitement]:
    """La collectivité et la version courante de la fiche.

    :raises Http404: à l’étranger, ou si la fiche n’est pas de cette collectivité.
    :raises PermissionDenied: si le rôle ne suffit pas.
    """
    collectivite = collectivite_ou_404(request, siren, capacite)
    version = (
        VersionTraitement.objects.pour_lecture()
        .courantes()
        .filter(collectivite=collectivite, traitement__reference=reference)
        .exclude(etat=EtatVersion.RETIREE)
        .first()
    )
    if version is None:
        raise Http404
    version.collectivite = collectivite
    return collectivite, version
