"""Le dossier demandé, ou 404 : première ligne de chaque vue d’une violation."""

from django.http import Http404

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from violations.models import Violation


def violation_ou_404(
    request, siren: str, annee: int, rang: int, capacite: Capacite = Capacite.LIRE_VIOLATIONS
) -> tuple[Collectivite, Violation]:
    """La collectivité et le dossier.

    :raises Http404: à l’étranger, ou si le dossier n’est pas de cette collectivité.
    :raises PermissionDenied: si le rôle ne suffit pas.
    """
    collectivite = collectivite_ou_404(request, siren, capacite)
    violation = (
        Violation.objects.pour_lecture().filter(collectivite=collectivite, annee=annee, rang=rang).first()
    )
    if violation is None:
        raise Http404
    violation.collectivite = collectivite
    return collectivite, violation
