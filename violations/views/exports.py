"""Le registre des violations qui sort du site, noté au journal des accès."""

from django.utils import timezone
from django.views.decorators.http import require_GET

from dpd.comptes.acces import collectivite_ou_404, structure_ou_404
from dpd.comptes.entete import nom_de_fichier
from dpd.comptes.regles.capacites import Capacite
from dpd.comptes.sortie import rendre, verifier_format
from dpd.regles.typographie import compte
from violations.exports.registre import registre_de_la_collectivite, registre_de_la_structure


@require_GET
def exporter(request, siren, format):
    """Le registre d’une collectivité (RGPD art. 33-5)."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_VIOLATIONS)
    return _rendre(request, collectivite, registre_de_la_collectivite, format)


@require_GET
def exporter_structure(request, siren, format):
    """Les violations de toutes les collectivités suivies, pour le DPD."""
    structure = structure_ou_404(request, siren, Capacite.LIRE_VIOLATIONS)
    return _rendre(request, structure, registre_de_la_structure, format)


def _rendre(request, lieu, registre_de, format: str):
    verifier_format(format)
    maintenant = timezone.now()
    document = registre_de(lieu, maintenant=maintenant)
    return rendre(
        request,
        lieu,
        document,
        format,
        nom=nom_de_fichier("registre des violations", lieu, maintenant),
        detail=f"registre des violations, {compte(len(document.sommaire), 'violation')}",
        maintenant=maintenant,
    )
