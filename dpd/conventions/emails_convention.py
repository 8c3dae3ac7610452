"""Les courriels des conventions : une fonction par message, sans rien qui ne soit déjà dans la convention."""

from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.conventions.models import Convention, FinConvention, Passation
from dpd.messagerie.envoi import adresse, envoyer


def _prevenir(nature: str, collectivite, personnes, maintenant: datetime, vue: str, **contexte) -> None:
    for personne in personnes:
        envoyer(
            f"conventions.{nature}",
            gabarit=f"conventions/emails/{nature}",
            contexte={
                "personne": personne,
                "collectivite": collectivite,
                "adresse": adresse(reverse(vue, args=[collectivite.siren])),
                **contexte,
            },
            destinataire=personne.email,
            utilisateur=personne,
            collectivite=collectivite,
            maintenant=maintenant,
        )


def _des_deux_parties(collectivite) -> list:
    """Les référents et décideurs de la collectivité, puis le DPD de la structure, chacun une fois."""
    d_ici = list(personnes_de(collectivite, Role.REFERENT, Role.DECIDEUR).order_by("pk"))
    d_en_face = personnes_de(collectivite.structure, Role.DPD).order_by("pk")
    return d_ici + [p for p in d_en_face if p not in d_ici]


def convention_signee(*, convention: Convention, maintenant: datetime) -> None:
    """Aux deux parties : la convention est signée, la mise en place s’ouvre."""
    collectivite = convention.collectivite
    _prevenir(
        "convention_signee",
        collectivite,
        _des_deux_parties(collectivite),
        maintenant,
        "conventions:convention",
        convention=convention,
    )


def convention_denoncee(*, convention: Convention, fin: FinConvention, maintenant: datetime) -> None:
    """Aux deux parties : quand la convention finit, et par quelle règle."""
    collectivite = convention.collectivite
    _prevenir(
        "convention_denoncee",
        collectivite,
        _des_deux_parties(collectivite),
        maintenant,
        "conventions:convention",
        convention=convention,
        fin=fin,
    )


def executif_change(*, passation: Passation, maintenant: datetime) -> None:
    """Au DPD et au référent : un nouvel exécutif, et ce qu’il reste à reprendre avec lui."""
    collectivite = passation.collectivite
    referents = list(personnes_de(collectivite, Role.REFERENT).order_by("pk"))
    dpd = [p for p in personnes_de(collectivite.structure, Role.DPD).order_by("pk") if p not in referents]
    _prevenir(
        "executif_change",
        collectivite,
        referents + dpd,
        maintenant,
        "conventions:passations",
        passation=passation,
    )
