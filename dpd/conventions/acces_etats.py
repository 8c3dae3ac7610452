"""Qui présente les journées, et quel jour il est chez la structure."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.models import Collectivite, Structure
from dpd.comptes.regles.capacites import Capacite
from dpd.regles.calendrier import Territoire, fuseau

# Le gestionnaire, qui facture, et le DPD, qui a passé ces journées ; l’une de ces capacités suffit.
PRESENTER_LES_JOURNEES = (Capacite.GERER_CONVENTIONS, Capacite.CONDUIRE_MISE_EN_PLACE)


def structure_qui_presente(request, siren: str) -> Structure:
    """La structure, pour qui présente ses journées ; mêmes erreurs que ``structure_ou_404``."""
    structure = structure_ou_404(request, siren, Capacite.VOIR_STRUCTURE)
    if not any(request.acces.peut_structure(capacite, structure) for capacite in PRESENTER_LES_JOURNEES):
        raise PermissionDenied
    return structure


def collectivite_presentee(request, siren: str) -> Collectivite:
    """La collectivité, pour qui lui présente des journées ; mêmes erreurs que ``collectivite_ou_404``."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_INTERVENTIONS)
    if not peut_presenter(request.acces, collectivite):
        raise PermissionDenied
    return collectivite


def peut_presenter(acces, collectivite) -> bool:
    """Vrai pour le gestionnaire et le DPD de sa structure."""
    return any(acces.peut(capacite, collectivite) for capacite in PRESENTER_LES_JOURNEES)


def jour_de(structure: Structure, maintenant: datetime) -> date:
    """La date chez la structure : à Cayenne, un mois finit quatre heures après Paris."""
    return maintenant.astimezone(fuseau(Territoire(structure.territoire))).date()
