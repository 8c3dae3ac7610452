"""Les violations à notifier, en tête des accueils : ce qui reste, et le geste que l’on attend."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from dpd.regles.etiquette import Etiquette
from violations import listes
from violations.affichage import heures_de
from violations.affichage_listes import pour_le_dpd
from violations.enums import EtatViolation
from violations.models import Violation
from violations.regles.durees import duree_dite, heures_dites, jour_relatif
from violations.regles.frise import Case, frise
from violations.regles.horloges import EtatHorloge

LUES_AU_PLUS = 40  # un incident peut toucher tout le portefeuille
SUITES_AU_PLUS = 5
# Ce que l’on attend, selon l’état : pour le DPD, puis pour la collectivité.
ATTENTES_DPD = {
    EtatViolation.DECLAREE: Etiquette("Votre avis est attendu", "urgence", "chat-left-text"),
    EtatViolation.A_DECIDER: Etiquette("Décision du responsable attendue", "attention", "hourglass-split"),
    EtatViolation.DECIDEE: Etiquette("Notification à la CNIL attendue", "attention", "send"),
}


@dataclass(frozen=True, slots=True)
class Urgence:
    """``reste`` : « 7 h 45 », ou le retard ; ``avant`` : « avant aujourd’hui, 17 h 25 »."""

    violation: Violation
    reste: str
    avant: str
    avant_dpd: str
    ecoule: str
    urgente: bool
    depassee: bool
    attente: Etiquette
    frise: tuple[Case, ...]

    @property
    def avis_attendu(self) -> bool:
        return self.violation.etat == EtatViolation.DECLAREE

    @property
    def a_decider(self) -> bool:
        return self.violation.etat in (EtatViolation.DECLAREE, EtatViolation.A_DECIDER)


@dataclass(slots=True)
class Delai:
    """Une violation, ou toutes celles d’un même incident ; la plus pressée d’abord."""

    urgences: list[Urgence] = field(default_factory=list)

    @property
    def premiere(self) -> Urgence:
        return self.urgences[0]

    @property
    def suivies(self) -> list[Urgence]:
        return self.urgences[:SUITES_AU_PLUS]

    @property
    def autres(self) -> int:
        return max(0, len(self.urgences) - SUITES_AU_PLUS)


def de_la_collectivite(collectivite, maintenant: datetime, au_plus: int) -> list[Urgence]:
    """Les violations à notifier d’une collectivité, la plus pressée d’abord ; une lecture."""
    return [_urgence(v, maintenant) for v in _a_notifier(listes.de_la_collectivite(collectivite))[:au_plus]]


def de_la_structure(structure, maintenant: datetime, au_plus: int) -> list[Delai]:
    """Celles de tout un portefeuille, réunies par incident ; une lecture."""
    lues = _a_notifier(listes.de_la_structure(structure))[:LUES_AU_PLUS]
    return list(_par_incident(_urgence(v, maintenant) for v in lues))[:au_plus]


def nombre(structure) -> int:
    """Combien de 72 heures courent dans le portefeuille, dépassées comprises."""
    return listes.de_la_structure(structure).a_notifier().count()


def _a_notifier(requete) -> QuerySet:
    lisible = requete.a_notifier().select_related(
        "collectivite__structure", "incident__sous_traitant", "incident__structure"
    )
    return lisible.order_by("echeance_notification", "pk")


def _par_incident(urgences: Iterable[Urgence]) -> Iterable[Delai]:
    delais: dict[tuple[str, int], Delai] = {}
    for urgence in urgences:
        v = urgence.violation
        cle = ("incident", v.incident_id) if v.incident_id else ("violation", v.pk)
        delais.setdefault(cle, Delai()).urgences.append(urgence)
    return delais.values()


def _urgence(violation: Violation, maintenant: datetime) -> Urgence:
    horloge, heures = violation.horloge, heures_de(violation.collectivite)
    etat = horloge.etat(maintenant)
    echeance = horloge.echeance
    jour = jour_relatif(echeance, maintenant, heures.fuseau)
    heure = heures.quand(echeance).rpartition(", ")[2]
    depassee = etat is EtatHorloge.DEPASSEE
    return Urgence(
        violation=violation,
        reste=duree_dite(horloge.reste(maintenant)),
        avant=f"{'de retard, c’était avant' if depassee else 'avant'} {jour}, {heure}",
        avant_dpd=pour_le_dpd(echeance, heures),
        ecoule=f"{duree_dite(horloge.ecoule(maintenant))} sur {heures_dites(horloge.duree)}",
        urgente=etat is not EtatHorloge.COURT,
        depassee=depassee,
        attente=ATTENTES_DPD[EtatViolation(violation.etat)],
        frise=frise(horloge, maintenant, heures.fuseau).cases,
    )
