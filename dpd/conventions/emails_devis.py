"""Les courriels des devis : une fonction par étape, à l’autre partie."""

from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.conventions.models import Devis
from dpd.messagerie.envoi import adresse, envoyer


def _prevenir(nature: str, devis: Devis, personnes, maintenant: datetime) -> None:
    collectivite = devis.collectivite
    for personne in personnes.order_by("pk"):
        envoyer(
            f"conventions.{nature}",
            gabarit=f"conventions/emails/{nature}",
            contexte={
                "devis": devis,
                "collectivite": collectivite,
                "structure": collectivite.structure,
                "adresse": adresse(reverse("conventions:devis", args=[collectivite.siren, devis.pk])),
            },
            destinataire=personne.email,
            utilisateur=personne,
            collectivite=collectivite,
            objet=devis,
            maintenant=maintenant,
        )


def _structure(devis: Devis):
    return personnes_de(devis.collectivite.structure, Role.DPD, Role.GESTIONNAIRE)


def _collectivite(devis: Devis):
    return personnes_de(devis.collectivite, Role.DECIDEUR, Role.REFERENT)


def devis_demande(*, devis: Devis, maintenant: datetime) -> None:
    """À la structure : une collectivité demande un devis."""
    _prevenir("devis_demande", devis, _structure(devis), maintenant)


def devis_etudie(*, devis: Devis, maintenant: datetime) -> None:
    """À la collectivité : ses besoins sont à l’étude."""
    _prevenir("devis_etudie", devis, _collectivite(devis), maintenant)


def devis_propose(*, devis: Devis, maintenant: datetime) -> None:
    """À la collectivité : la proposition attend sa décision."""
    _prevenir("devis_propose", devis, _collectivite(devis), maintenant)


def devis_repris(*, devis: Devis, maintenant: datetime) -> None:
    """À la collectivité : la proposition est retirée, le temps de la revoir."""
    _prevenir("devis_repris", devis, _collectivite(devis), maintenant)


def devis_decline(*, devis: Devis, maintenant: datetime) -> None:
    """À la collectivité : la structure ne peut pas donner suite."""
    _prevenir("devis_decline", devis, _collectivite(devis), maintenant)


def devis_decide(*, devis: Devis, maintenant: datetime) -> None:
    """À la structure : la collectivité a accepté, refusé, ou retiré sa demande."""
    _prevenir("devis_decide", devis, _structure(devis), maintenant)
