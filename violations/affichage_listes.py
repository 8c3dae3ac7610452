"""Une violation telle qu’on la lit dans une liste : son état, ce qui lui reste, ce qui est décidé."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dpd.regles.etiquette import Etiquette
from dpd.regles.typographie import instant_court
from violations.affichage import Heures, heures_de
from violations.enums import EtatViolation, NatureViolation, Question
from violations.models import Violation
from violations.regles.durees import duree_dite
from violations.regles.horloges import EtatHorloge, Horloge

ETATS = {
    EtatViolation.DECLAREE: Etiquette("Déclarée", "attention", "pencil"),
    EtatViolation.A_DECIDER: Etiquette("Décision attendue", "attention", "hourglass-split"),
    EtatViolation.DECIDEE: Etiquette("Décidée", "accent", "check2"),
    EtatViolation.NOTIFIEE: Etiquette("Notifiée à la CNIL", "fait", "check-circle-fill"),
    EtatViolation.CLOSE: Etiquette("Close", "", "lock"),
}
NATURES = {
    NatureViolation.CONFIDENTIALITE: "confidentialité",
    NatureViolation.INTEGRITE: "intégrité",
    NatureViolation.DISPONIBILITE: "disponibilité",
}
PRESSENT = frozenset({EtatHorloge.DEPASSEE, EtatHorloge.DERNIERES_HEURES})


@dataclass(frozen=True, slots=True)
class LigneVue:
    """``reste`` s’écrit en gros, ``avant`` le suit ; ``urgente`` : douze heures ou moins, ou dépassée.

    ``avant_dpd`` et ``t0_dpd`` : la même heure pour le DPD, vides si sa pendule est la même.
    """

    violation: Violation
    etat: Etiquette
    t0: str
    t0_dpd: str
    reste: str
    avant: str
    avant_dpd: str
    urgente: bool
    court: bool
    decision: str
    natures: str


def lignes_vues(violations: Iterable[Violation], maintenant: datetime) -> list[LigneVue]:
    """:param violations: lues par ``violations.listes.pour_liste``."""
    return [ligne_vue(violation, maintenant) for violation in violations]


def ligne_vue(violation: Violation, maintenant: datetime) -> LigneVue:
    heures = heures_de(violation.collectivite)
    horloge, court = violation.horloge, qui_court(violation)
    reste, avant = _reste(violation, horloge, heures, maintenant)
    return LigneVue(
        violation=violation,
        etat=ETATS[EtatViolation(violation.etat)],
        t0=date_et_heure(violation.connaissance, heures),
        t0_dpd=pour_le_dpd(violation.connaissance, heures),
        reste=reste,
        avant=avant,
        avant_dpd=pour_le_dpd(violation.echeance_notification, heures) if court else "",
        urgente=court and horloge.etat(maintenant) in PRESSENT,
        court=court,
        decision=decision_dite(violation),
        natures=natures_dites(violation),
    )


def qui_court(violation: Violation) -> bool:
    """Vrai si les 72 heures attendent encore un geste."""
    ouverte = violation.etat != EtatViolation.CLOSE
    return ouverte and violation.notifiee_le is None and not violation.notification_ecartee


def date_et_heure(instant: datetime, heures: Heures) -> str:
    """« 20 nov. 2026, 17 h 25 », à l’heure de la collectivité."""
    return instant_court(instant.astimezone(heures.fuseau))


def pour_le_dpd(instant: datetime, heures: Heures) -> str:
    """« 20 nov. 2026, 21 h 25 pour le DPD » ; vide si c’est la même heure."""
    if not heures.chez_le_dpd(instant):
        return ""
    return f"{instant_court(instant.astimezone(heures.dpd))} pour le DPD"


def _reste(violation: Violation, horloge: Horloge, heures: Heures, maintenant: datetime) -> tuple[str, str]:
    ecart = duree_dite(horloge.reste(maintenant))
    etat = horloge.etat(maintenant)
    if horloge.arretee_le is not None:
        retard = "" if etat is EtatHorloge.TENUE else f", {ecart} de retard"
        envoi = f"le {date_et_heure(horloge.arretee_le, heures)}{retard}"
        return f"Notifiée en {duree_dite(horloge.ecoule(maintenant))}", envoi
    if not qui_court(violation):
        return "Sans notification", "le responsable l’a décidé"
    avant = date_et_heure(horloge.echeance, heures)
    if etat is EtatHorloge.DEPASSEE:
        return f"{ecart} de retard", f"c’était avant le {avant}"
    return ecart, f"avant le {avant}"


def decision_dite(violation: Violation) -> str:
    """« Notifier\u00a0; informer les personnes », d’après ce qui vaut aujourd’hui ; vide sans décision."""
    courantes = {decision.question: decision.reponse for decision in violation.decisions_courantes}
    if not courantes:
        return ""
    dites = {
        (Question.NOTIFIER, True): "Notifier la CNIL",
        (Question.NOTIFIER, False): "Ne pas notifier la CNIL",
        (Question.INFORMER, True): "informer les personnes",
        (Question.INFORMER, False): "ne pas informer chaque personne",
    }
    return "\u202f; ".join(dites[q, courantes[q]] for q in Question if q in courantes)


def natures_dites(violation: Violation) -> str:
    """« confidentialité, disponibilité »."""
    return ", ".join(NATURES[NatureViolation(nature)] for nature in violation.natures)
