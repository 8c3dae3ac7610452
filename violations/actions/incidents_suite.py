"""Ce qui suit l’avis : diffuser une information nouvelle, et rappeler qu’on n’a prévenu personne."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from dpd.comptes.destinataires import destinataires
from violations import emails_incidents as emails
from violations.actions.incidents import prendre_incident_ouvert
from violations.enums import NatureEvenement
from violations.models import Evenement, Incident, InformationIncident, Violation
from violations.regles.incidents import AVEC_LA_DIRECTION, palier_du
from violations.regles.rappels import Palier

SANS_TEXTE = "Dites ce que l’on apprend."
FUTUR = "Cet instant est dans le futur."
PERSONNE = "Aucune collectivité n’est encore prévenue\u00a0: prévenez-les d’abord."


@transaction.atomic
def diffuser(
    *,
    incident: Incident,
    texte: str,
    auteur,
    maintenant: datetime,
    instant: datetime | None = None,
    jeton: UUID | None = None,
) -> InformationIncident:
    """Ajoute une information à la chronologie de chaque violation non close, et écrit à chacune.

    Une information s’ajoute, elle ne remplace rien : aucune rubrique d’aucun dossier n’est touchée
    (RGPD art. 33-4, information échelonnée).

    :param instant: quand on l’a apprise ; à défaut maintenant.
    :param jeton: celui du formulaire ; renvoyé deux fois, il ne diffuse qu’une fois.
    :raises ValidationError: par champ ; si l’incident est clos ou que personne n’est encore prévenu.
    """
    incident = prendre_incident_ouvert(incident)
    if jeton and (deja := InformationIncident.objects.filter(incident=incident, jeton=jeton).first()):
        return deja
    _controler(incident, texte, instant, maintenant)
    information = InformationIncident(
        structure=incident.structure,
        incident=incident,
        texte=texte.strip(),
        instant=instant or maintenant,
        diffusee_par=auteur,
        diffusee_le=maintenant,
        jeton=jeton,
    )
    information.enregistrer(auteur=auteur, maintenant=maintenant, raison="Information diffusée")
    _ajouter_aux_dossiers(information, auteur, maintenant)
    return information


def _controler(incident: Incident, texte: str, instant: datetime | None, maintenant: datetime) -> None:
    if not texte.strip():
        raise ValidationError({"texte": SANS_TEXTE})
    if instant is not None and instant > maintenant:
        raise ValidationError({"instant": FUTUR})
    if incident.ouvert_le is None:
        raise ValidationError(PERSONNE)


def _ajouter_aux_dossiers(information: InformationIncident, auteur, maintenant: datetime) -> None:
    """Une ligne par violation non close, un courriel à chacun de ceux qui la tiennent ou en décident."""
    ouvertes = Violation.objects.filter(incident=information.incident).ouvertes()
    violations = list(ouvertes.select_related("collectivite__structure", "incident").order_by("pk"))
    Evenement.objects.creer_en_masse(
        [
            Evenement(
                collectivite=violation.collectivite,
                violation=violation,
                nature=NatureEvenement.PRESTATAIRE,
                instant=information.instant,
                texte=information.texte,
                auteur=auteur,
                ecrit_le=maintenant,
                information=information,
            )
            for violation in violations
        ],
        auteur=auteur,
        maintenant=maintenant,
        raison=f"Incident {information.incident.numero}",
    )
    emails.information(
        information=information,
        violations=violations,
        a_qui=destinataires([violation.collectivite for violation in violations]),
        maintenant=maintenant,
    )


def rappels_d_incident(maintenant: datetime) -> int:
    """Rappelle à la structure les incidents dont aucune collectivité n’est prévenue ; rend les envois.

    À mi-délai, à quatre heures, à une heure et au dépassement des vingt-quatre heures (art. 33-2) : le
    dernier palier échu seul, une fois par personne. La direction l’apprend dans la dernière heure. Le
    coût ne dépend que du nombre d’incidents en souffrance.
    """
    en_souffrance = Incident.objects.filter(ouvert_le__isnull=True, clos_le__isnull=True)
    partis = 0
    for incident in en_souffrance.select_related("structure", "sous_traitant").order_by("echeance", "pk"):
        palier = palier_du(incident.connaissance, incident.echeance, incident.signale_le, maintenant)
        if palier is not None:
            partis += _rappeler(incident, palier, maintenant)
    return partis


@transaction.atomic
def _rappeler(incident: Incident, palier: Palier, maintenant: datetime) -> int:
    """Sous le verrou de l’incident : on n’écrit pas à l’instant où quelqu’un prévient les collectivités."""
    actuel = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if actuel.ouvert_le is not None or actuel.clos_le is not None:
        return 0
    return emails.rappel(
        incident=incident,
        palier=palier.value,
        depasse=palier == Palier.DEPASSEMENT,
        direction=palier in AVEC_LA_DIRECTION,
        maintenant=maintenant,
    )
