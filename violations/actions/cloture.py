"""Clore et rouvrir : rien ne se supprime, et rien ne se clôt à moitié."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from violations.actions.commun import franchir, noter, prendre, refaire_les_rappels
from violations.enums import EtatViolation, NatureEvenement, Question
from violations.models import Violation
from violations.regles.transitions import Geste


def reste_avant_cloture(violation: Violation) -> list[str]:
    """Ce que les décisions prises demandent encore, en clair ; vide si rien ne manque."""
    reste = []
    oui = set(violation.decisions.filter(courante=True, reponse=True).values_list("question", flat=True))
    if Question.NOTIFIER in oui and violation.notifiee_le is None:
        reste.append("Enregistrez le numéro que la CNIL vous a donné.")
    if Question.NOTIFIER in oui and violation.notifiee_le and violation.completee_le is None:
        reste.append("La notification initiale est à compléter auprès de la CNIL.")
    if Question.INFORMER in oui and not violation.informations_faites.exists():
        reste.append("Dites quand et comment les personnes ont été informées.")
    return reste


@transaction.atomic
def clore(*, violation: Violation, auteur, maintenant: datetime, lecon: str = "") -> Violation:
    """Clôt une violation décidée, notifiée si le responsable l’a décidé ; la leçon tirée se garde.

    :raises ValidationError: si une décision manque, ou ce qu’elle demande.
    """
    violation = prendre(violation)
    franchir(violation, Geste.CLORE, auteur)
    if reste := reste_avant_cloture(violation):
        raise ValidationError(reste)
    violation.lecon = lecon.strip() or violation.lecon
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison="Violation close")
    noter(violation, NatureEvenement.CLOTURE, "Violation close", auteur=auteur, maintenant=maintenant)
    refaire_les_rappels(violation, maintenant)
    return violation


@transaction.atomic
def rouvrir(*, violation: Violation, motif: str, auteur, maintenant: datetime) -> Violation:
    """Rouvre une violation close : on a appris quelque chose. Les décisions prises restent.

    Déjà notifiée, elle revient à cette étape : c’est là que se complète la notification (art. 33-4).

    :raises ValidationError: sans motif, ou si elle n’est pas close.
    """
    violation = prendre(violation)
    franchir(violation, Geste.ROUVRIR, auteur, motif)
    if violation.notifiee_le is not None:
        violation.etat = EtatViolation.NOTIFIEE
    violation.enregistrer(auteur=auteur, maintenant=maintenant, raison=motif.strip())
    noter(
        violation,
        NatureEvenement.REOUVERTURE,
        f"Violation rouverte\u00a0: {motif.strip()}",
        auteur=auteur,
        maintenant=maintenant,
    )
    refaire_les_rappels(violation, maintenant)
    return violation
