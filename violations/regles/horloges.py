"""Trois horloges en heures réelles : le sous-traitant prévient, le responsable notifie, puis complète.

RGPD art. 33-1, 33-2 et 33-4. Les heures s’ajoutent en UTC, nuits, week-ends et jours fériés compris ;
rien n’est jamais reporté au jour ouvré.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dpd.regles.delais import ajouter_heures
from violations.regles.parametres import Parametres

DERNIERES_HEURES = timedelta(hours=12)


class EtatHorloge(StrEnum):
    COURT = "court"
    DERNIERES_HEURES = "dernieres_heures"
    DEPASSEE = "depassee"
    TENUE = "tenue"
    TENUE_EN_RETARD = "tenue_en_retard"


@dataclass(frozen=True, slots=True)
class Horloge:
    """Un délai en cours ou arrêté. ``arretee_le`` : l’instant du geste attendu, s’il a eu lieu."""

    depart: datetime
    echeance: datetime
    arretee_le: datetime | None = None

    def etat(self, maintenant: datetime) -> EtatHorloge:
        if self.arretee_le is not None:
            return EtatHorloge.TENUE if self.arretee_le <= self.echeance else EtatHorloge.TENUE_EN_RETARD
        if maintenant > self.echeance:
            return EtatHorloge.DEPASSEE
        if self.echeance - maintenant <= DERNIERES_HEURES:
            return EtatHorloge.DERNIERES_HEURES
        return EtatHorloge.COURT

    def reste(self, maintenant: datetime) -> timedelta:
        """Ce qui reste, négatif une fois dépassée ; arrêtée, l’avance ou le retard du geste."""
        return _ecart(self.arretee_le or maintenant, self.echeance)

    def ecoule(self, maintenant: datetime) -> timedelta:
        """Le temps réel passé depuis le départ, jusqu’au geste s’il a eu lieu."""
        return _ecart(self.depart, self.arretee_le or maintenant)

    @property
    def duree(self) -> timedelta:
        return _ecart(self.depart, self.echeance)


def _ecart(depuis: datetime, jusqu_a: datetime) -> timedelta:
    """La durée réelle : entre deux instants d’un même fuseau, Python compterait l’heure murale."""
    return jusqu_a.astimezone(UTC) - depuis.astimezone(UTC)


def horloge_notification(t0: datetime, parametres: Parametres, notifiee_le: datetime | None) -> Horloge:
    """72 heures depuis que le responsable le sait (art. 33-1)."""
    return Horloge(t0, ajouter_heures(t0, parametres.notification), notifiee_le)


def horloge_complement(
    notifiee_le: datetime, parametres: Parametres, completee_le: datetime | None
) -> Horloge:
    """72 heures souples depuis la notification initiale (art. 33-4)."""
    return Horloge(notifiee_le, ajouter_heures(notifiee_le, parametres.complement), completee_le)


def horloge_sous_traitant(
    connaissance: datetime, parametres: Parametres, prevenu_le: datetime | None, heures: int | None = None
) -> Horloge:
    """Du sous-traitant vers le responsable (art. 33-2) ; ``heures`` : le délai du contrat, s’il en dit un."""
    delai = parametres.sous_traitant if heures is None else heures
    return Horloge(connaissance, ajouter_heures(connaissance, delai), prevenu_le)


def arrondi_1182_71(echeance: datetime) -> datetime:
    """La fin de l’heure entamée (règlement 1182/71, art. 3-1), pour information seulement.

    On alerte toujours sur l’échéance stricte.
    """
    utc = echeance.astimezone(UTC)
    pleine = utc.replace(minute=0, second=0, microsecond=0)
    return (pleine if pleine == utc else pleine + timedelta(hours=1)).astimezone(echeance.tzinfo)
