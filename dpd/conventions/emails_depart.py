"""Les courriels d’un départ : il s’ouvre, l’archive est reçue, il est abandonné."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.conventions.models import Depart
from dpd.messagerie.envoi import adresse, envoyer

# Ce que commence la nature de chacun de ces courriels.
NATURE = "conventions.depart_"


def _prevenir(quoi: str, depart: Depart, personnes: Iterable, maintenant: datetime) -> None:
    collectivite = depart.collectivite
    for personne in personnes:
        envoyer(
            f"conventions.{quoi}",
            gabarit=f"conventions/emails/{quoi}",
            contexte={
                "personne": personne,
                "collectivite": collectivite,
                "depart": depart,
                "adresse": adresse(reverse("pilotage:depart", args=[collectivite.siren])),
            },
            destinataire=personne.email,
            utilisateur=personne,
            collectivite=collectivite,
            objet=depart,
            maintenant=maintenant,
        )


def depart_ouvert(*, depart: Depart, maintenant: datetime) -> None:
    """À la collectivité et au DPD : l’archive est à reprendre, le sort des données à choisir."""
    _prevenir("depart_ouvert", depart, _collectivite_et_dpd(depart), maintenant)


def depart_abandonne(*, depart: Depart, maintenant: datetime) -> None:
    """À la collectivité et au DPD : le départ n’a plus lieu, et pourquoi."""
    _prevenir("depart_abandonne", depart, _collectivite_et_dpd(depart), maintenant)


def _collectivite_et_dpd(depart: Depart) -> list:
    collectivite = depart.collectivite
    d_ici = list(personnes_de(collectivite, Role.REFERENT, Role.DECIDEUR).order_by("pk"))
    return d_ici + [
        p for p in personnes_de(collectivite.structure, Role.DPD).order_by("pk") if p not in d_ici
    ]


def depart_recu(*, depart: Depart, maintenant: datetime) -> None:
    """Au DPD et au gestionnaire : la collectivité atteste avoir reçu son archive."""
    structure = depart.collectivite.structure
    _prevenir(
        "depart_recu",
        depart,
        personnes_de(structure, Role.DPD, Role.GESTIONNAIRE).order_by("pk"),
        maintenant,
    )
