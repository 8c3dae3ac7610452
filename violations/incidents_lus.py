"""Les incidents d’une structure, et pour chacun qui a reçu, lu, décidé, notifié et clos.

Requêtes constantes quel que soit le nombre de collectivités. L’agent voit qui est prévenu et qui a lu ;
les décisions et les notifications sont du secret du DPD (RGPD art. 38-5) : rien ici ne les lui laisse
deviner, ni colonne, ni filtre, ni compteur.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dpd.messagerie.models import Message
from violations.emails_incidents import AVIS, INFORMATION
from violations.enums import EtatViolation
from violations.models import Incident, PieceIncident, Violation

PAR_PAGE = 50
DECIDEES = (EtatViolation.DECIDEE, EtatViolation.NOTIFIEE, EtatViolation.CLOSE)
ETATS_INCIDENT = {"": "Tous", "a_prevenir": "À prévenir", "ouverts": "Prévenus", "clos": "Clos"}


@dataclass(frozen=True, slots=True)
class Filtre:
    """Une façon de trier les collectivités prévenues ; ``secret`` : au DPD seulement."""

    libelle: str
    secret: bool = False


FILTRES = {
    "non_lues": Filtre("Pas encore lues"),
    "en_echec": Filtre("Courriel en échec"),
    "a_decider": Filtre("À décider", secret=True),
    "a_notifier": Filtre("Horloge en cours", secret=True),
    "depassees": Filtre("Délai dépassé", secret=True),
    "closes": Filtre("Closes", secret=True),
}


def filtres_ouverts(detaille: bool) -> dict[str, str]:
    return {cle: f.libelle for cle, f in FILTRES.items() if detaille or not f.secret}


def _en_echec():
    """Un courriel de l’incident qui ne partira plus."""
    return Message.objects.en_echec().filter(
        nature__in=(AVIS, INFORMATION),
        objet_type=ContentType.objects.get_for_model(Violation),
        objet_id=OuterRef("pk"),
    )


def _condition(filtre: str, maintenant: datetime) -> Q | Exists:
    court = Q(notifiee_le__isnull=True, notification_ecartee=False) & ~Q(etat=EtatViolation.CLOSE)
    return {
        "non_lues": Q(lue_le__isnull=True),
        "en_echec": Exists(_en_echec()),
        "a_decider": ~Q(etat__in=DECIDEES),
        "a_notifier": court,
        "depassees": court & Q(echeance_notification__lt=maintenant),
        "closes": Q(etat=EtatViolation.CLOSE),
    }[filtre]


def violations_de(incident: Incident, filtre: str, q: str, maintenant: datetime) -> QuerySet:
    """Une ligne par collectivité prévenue, par nom."""
    requete = Violation.objects.filter(incident=incident).select_related("collectivite__structure", "lue_par")
    if filtre:
        requete = requete.filter(_condition(filtre, maintenant))
    if q:
        trouvees = incident.structure.collectivites.all().recherche(q)
        requete = requete.filter(collectivite__in=trouvees)
    return requete.order_by("collectivite__nom", "collectivite__type", "pk")


@dataclass(frozen=True, slots=True)
class Compteurs:
    """``decidees`` et la suite : ``None`` pour qui n’a pas à les connaître."""

    prevenues: int
    lues: int
    en_echec: int
    decidees: int | None = None
    notifiees: int | None = None
    ecartees: int | None = None
    depassees: int | None = None
    closes: int | None = None


def compter(incident: Incident, maintenant: datetime, detaille: bool) -> Compteurs:
    """Une requête."""
    agregats = {
        "prevenues": Count("pk"),
        "lues": Count("pk", filter=Q(lue_le__isnull=False)),
        "en_echec": Count("pk", filter=_condition("en_echec", maintenant)),
    }
    if detaille:
        agregats |= {
            "decidees": Count("pk", filter=Q(etat__in=DECIDEES)),
            "notifiees": Count("pk", filter=Q(notifiee_le__isnull=False)),
            "ecartees": Count("pk", filter=Q(notification_ecartee=True)),
            "depassees": Count("pk", filter=_condition("depassees", maintenant)),
            "closes": Count("pk", filter=_condition("closes", maintenant)),
        }
    return Compteurs(**Violation.objects.filter(incident=incident).order_by().aggregate(**agregats))


def courriels_de(violations: Sequence[Violation], nature: str = AVIS) -> dict[int, list[Message]]:
    """{violation: courriels de cette nature, état compris} ; une requête."""
    par_violation: dict[int, list[Message]] = defaultdict(list)
    messages = Message.objects.avec_etat().filter(
        nature=nature,
        objet_type=ContentType.objects.get_for_model(Violation),
        objet_id__in=[violation.pk for violation in violations],
    )
    for message in messages.order_by("pk"):
        par_violation[message.objet_id].append(message)
    return par_violation


def incidents_de(structure, etat: str, q: str) -> QuerySet:
    """Les incidents de la structure, du plus récent au plus ancien, avec ``nombre`` et ``lues``."""
    requete = (
        Incident.objects.filter(structure=structure)
        .select_related("structure", "sous_traitant", "logiciel")
        .annotate(
            nombre=Count("violations"), lues=Count("violations", filter=Q(violations__lue_le__isnull=False))
        )
    )
    if etat:
        requete = requete.filter(
            {
                "a_prevenir": Q(ouvert_le__isnull=True, clos_le__isnull=True),
                "ouverts": Q(ouvert_le__isnull=False, clos_le__isnull=True),
                "clos": Q(clos_le__isnull=False),
            }[etat]
        )
    for mot in q.split():
        requete = requete.filter(
            Q(titre__icontains=mot) | Q(sous_traitant__nom__icontains=mot) | Q(logiciel__nom__icontains=mot)
        )
    return requete.order_by("-annee", "-rang")


def pieces_de(incident: Incident) -> list[PieceIncident]:
    """La documentation que les collectivités lisent ; une pièce retirée n’en est plus."""
    liens = PieceIncident.objects.filter(incident=incident, piece__retiree_le=None)
    return list(
        liens.select_related("piece__structure", "piece__collectivite", "piece__deposee_par").order_by("pk")
    )


def documentation(violation: Violation) -> Iterable[PieceIncident]:
    """Celle que la structure a jointe à l’incident d’où vient cette violation ; rien sinon."""
    return pieces_de(violation.incident) if violation.incident_id else ()
