"""Les violations de données : un dossier par collectivité, et l’incident qui en touche plusieurs."""

from violations.models.decisions import AvisViolation, DecisionViolation, InformationFaite, NotificationCnil
from violations.models.incident import Incident, InformationIncident, PieceIncident
from violations.models.liens import Evenement, PieceViolation, PrestataireImplique, TraitementTouche
from violations.models.page_publique import PagePublique
from violations.models.rappel import Rappel
from violations.models.violation import Violation

__all__ = [
    "AvisViolation",
    "DecisionViolation",
    "Evenement",
    "Incident",
    "InformationFaite",
    "InformationIncident",
    "NotificationCnil",
    "PagePublique",
    "PieceIncident",
    "PieceViolation",
    "PrestataireImplique",
    "Rappel",
    "TraitementTouche",
    "Violation",
]
