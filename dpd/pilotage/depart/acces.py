"""Qui conduit un départ, qui en reçoit l’archive.

L’archive contient le registre, les avis et les pièces : le gestionnaire, qui suit le départ, ne la télécharge
pas (secret du DPD, RGPD art. 38-5), ni le lecteur, à qui bien des pièces sont fermées.

Le référent la reçoit, et y lit ce que l’écran ne lui montre pas : le journal des accès (sans
adresse IP), les habilitations et le texte des courriels de sa collectivité. Elle rend tout ou ne rend rien.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.models import Collectivite
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.departs import departs_de
from dpd.conventions.models import Depart

# L’une de ces capacités suffit : le gestionnaire ou le DPD ; le référent, le décideur ou le DPD.
CONDUIRE = (Capacite.GERER_CONVENTIONS, Capacite.CONDUIRE_MISE_EN_PLACE)
RECEVOIR = (Capacite.TENIR_REGISTRE, Capacite.DECIDER)


def peut_conduire(acces, collectivite) -> bool:
    return any(acces.peut(capacite, collectivite) for capacite in CONDUIRE)


def peut_exporter(acces, collectivite) -> bool:
    """Vrai pour le DPD de sa structure, son référent et son décideur."""
    recoit = any(acces.peut(capacite, collectivite) for capacite in RECEVOIR)
    return recoit and acces.peut(Capacite.EXPORTER, collectivite)


def collectivite_conduite(request, siren: str) -> Collectivite:
    """La collectivité, pour qui conduit son départ ; mêmes erreurs que ``collectivite_ou_404``."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    if not peut_conduire(request.acces, collectivite):
        raise PermissionDenied
    return collectivite


def collectivite_exportee(request, siren: str) -> Collectivite:
    """La collectivité, pour qui en reçoit l’archive ; mêmes erreurs que ``collectivite_ou_404``."""
    collectivite = collectivite_ou_404(request, siren, Capacite.EXPORTER)
    if not peut_exporter(request.acces, collectivite):
        raise PermissionDenied
    return collectivite


def depart_ou_404(collectivite) -> Depart:
    """Le départ en cours, à défaut le dernier clos."""
    depart = departs_de(collectivite).first()
    if depart is None:
        raise Http404
    return depart
