"""Les courriels des violations : une fonction par message, jamais le nom d’une personne concernée.

Les courriels traversent des boîtes que l’on ne connaît pas : ils disent qu’un dossier attend et jusqu’à
quand, pas ce que la violation révèle. Le titre même n’y est pas : il peut nommer quelqu’un.
"""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from dpd.comptes.droits import personnes_de
from dpd.comptes.enums import Role
from dpd.messagerie.envoi import adresse, envoyer
from dpd.regles.typographie import instant_long
from violations.models import NotificationCnil, Violation
from violations.regles.rappels import Cercle, Palier


def adresse_de(violation: Violation) -> str:
    """L’adresse complète du dossier."""
    return adresse(
        reverse("violations:violation", args=[violation.collectivite.siren, violation.annee, violation.rang])
    )


def dit(violation: Violation, instant: datetime) -> str:
    """Un instant, dans le fuseau de la collectivité."""
    return instant_long(instant.astimezone(violation.collectivite.fuseau))


def de_la_collectivite(violation: Violation, *roles: Role):
    """Les comptes à prévenir dans la collectivité ; tous ceux qui tiennent ou décident, sans rôle donné."""
    return personnes_de(violation.collectivite, *(roles or (Role.REFERENT, Role.DECIDEUR)))


def du_dpd(violation: Violation):
    return personnes_de(violation.collectivite.structure, Role.DPD)


def prevenir(
    nature: str, violation: Violation, personnes, maintenant: datetime, *, cle: str | None = None, **contexte
) -> None:
    """Un courriel par personne, même à deux titres ; ``cle`` : préfixe qui rend l’envoi rejouable."""
    for personne in dict.fromkeys(personnes):
        envoyer(
            f"violations.{nature}",
            gabarit=f"violations/emails/{nature}",
            contexte={
                "violation": violation,
                "collectivite": violation.collectivite,
                "adresse": adresse_de(violation),
                "connaissance": dit(violation, violation.connaissance),
                "echeance": dit(violation, violation.echeance_notification),
                "personne": personne,
                **contexte,
            },
            destinataire=personne.email,
            utilisateur=personne,
            collectivite=violation.collectivite,
            objet=violation,
            maintenant=maintenant,
            cle=f"{cle}:{personne.pk}" if cle else None,
        )


def declaree(*, violation: Violation, maintenant: datetime) -> None:
    """À tous ceux qui ont à agir : l’horloge des 72 heures est partie."""
    personnes = [*de_la_collectivite(violation), *du_dpd(violation)]
    prevenir("declaree", violation, personnes, maintenant, cle=f"violation-declaree:{violation.pk}")


def connaissance_corrigee(*, violation: Violation, motif: str, maintenant: datetime) -> None:
    """À tous : l’échéance a changé, et pourquoi."""
    personnes = [*de_la_collectivite(violation), *du_dpd(violation)]
    prevenir("connaissance_corrigee", violation, personnes, maintenant)


def avis_rendu(*, violation: Violation, maintenant: datetime) -> None:
    """Aux décideurs et aux référents : le DPD a conseillé, la décision leur appartient."""
    prevenir("avis_rendu", violation, de_la_collectivite(violation), maintenant)


def decidee(*, violation: Violation, maintenant: datetime) -> None:
    """Aux référents et au DPD : le responsable a décidé, voici ce qui reste à faire."""
    personnes = [*de_la_collectivite(violation, Role.REFERENT), *du_dpd(violation)]
    prevenir("decidee", violation, personnes, maintenant)


def notifiee(*, violation: Violation, notification: NotificationCnil, maintenant: datetime) -> None:
    """À tous : l’accusé de la CNIL est enregistré, l’horloge s’arrête."""
    complement = dit(violation, violation.echeance_complement) if violation.echeance_complement else ""
    personnes = [*de_la_collectivite(violation), *du_dpd(violation)]
    prevenir(
        "notifiee",
        violation,
        personnes,
        maintenant,
        notification=notification,
        echeance_complement=complement,
    )


def _des_cercles(violation: Violation, cercles: Collection[Cercle]) -> list:
    """Les comptes de ces cercles ; la direction, qui n’a pas de compte, est à part."""
    personnes: list = []
    if Cercle.REFERENT in cercles:
        personnes += de_la_collectivite(violation, Role.REFERENT)
    if Cercle.DECIDEUR in cercles:
        personnes += de_la_collectivite(violation, Role.DECIDEUR)
    if Cercle.DPD in cercles:
        personnes += du_dpd(violation)
    return personnes


def rappel(
    *, violation: Violation, palier: Palier, cercles: Collection[Cercle], maintenant: datetime
) -> None:
    """Le rappel d’un palier, à chaque cercle de l’escalade ; la clé suit T0, qui peut être corrigé."""
    cle = f"violation-rappel:{violation.pk}:{violation.connaissance:%Y%m%d%H%M%S%z}:{palier.value}"
    depasse = palier == Palier.DEPASSEMENT
    prevenir("rappel", violation, _des_cercles(violation, cercles), maintenant, cle=cle, depasse=depasse)
    if Cercle.DIRECTION in cercles:
        rappel_a_la_direction(violation=violation, cle=cle, depasse=depasse, maintenant=maintenant)


def rappel_a_la_direction(*, violation: Violation, cle: str, depasse: bool, maintenant: datetime) -> None:
    """À la direction de la structure, si elle a donné une adresse : l’échéance seule, rien du dossier."""
    structure = violation.collectivite.structure
    if not structure.direction_courriel:
        return
    envoyer(
        "violations.direction",
        gabarit="violations/emails/direction",
        contexte={
            "collectivite": violation.collectivite,
            "echeance": dit(violation, violation.echeance_notification),
            "depasse": depasse,
        },
        destinataire=structure.direction_courriel,
        collectivite=violation.collectivite,
        objet=violation,
        maintenant=maintenant,
        cle=f"{cle}:direction",
    )


def rappel_du_complement(
    *, violation: Violation, palier: Palier, cercles: Collection[Cercle], maintenant: datetime
) -> None:
    """La notification initiale est à compléter, si possible dans les 72 heures (art. 33-4)."""
    cle = f"violation-complement:{violation.pk}:{violation.notifiee_le:%Y%m%d%H%M%S%z}:{palier.value}"
    prevenir(
        "rappel_complement",
        violation,
        _des_cercles(violation, cercles),
        maintenant,
        cle=cle,
        depasse=palier == Palier.DEPASSEMENT,
        echeance_complement=dit(violation, violation.echeance_complement),
    )
