"""Les deux horloges d’une demande de droits : 48 heures ouvrées pour la transmettre, un mois pour répondre.

Elles sont indépendantes : le mois court dès la réception, même chez le sous-traitant ou le DPD quand
c’est un canal que la collectivité a désigné (EDPB 01/2022) ; la transmission ne le repousse pas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dpd.regles.calendrier import Territoire
from dpd.regles.delais import ajouter_heures_ouvrees, echeance_mois, terme_sans_report
from subtraitance.regles.parametres import Parametres

BIENTOT = timedelta(hours=12)
BIENTOT_JOURS = 7


class EtatDelai(StrEnum):
    COURT = "court"
    BIENTOT = "bientot"
    DEPASSE = "depasse"
    SUSPENDU = "suspendu"
    TENU = "tenu"
    TENU_EN_RETARD = "tenu_en_retard"


@dataclass(frozen=True, slots=True)
class Transmission:
    """« 48 heures, non compris jours fériés et week-end » : du sous-traitant vers la collectivité.

    ``territoire`` : celui du sous-traitant, dont on compte les jours fériés. Instants « aware ».
    """

    reception: datetime
    echeance: datetime
    transmise_le: datetime | None = None

    def etat(self, maintenant: datetime) -> EtatDelai:
        if self.transmise_le is not None:
            return EtatDelai.TENU if self.transmise_le <= self.echeance else EtatDelai.TENU_EN_RETARD
        if maintenant > self.echeance:
            return EtatDelai.DEPASSE
        reste = self.echeance.astimezone(UTC) - maintenant.astimezone(UTC)
        return EtatDelai.BIENTOT if reste <= BIENTOT else EtatDelai.COURT


def horloge_transmission(
    reception: datetime,
    territoire: Territoire,
    parametres: Parametres,
    transmise_le: datetime | None = None,
    heures: int | None = None,
) -> Transmission:
    """L’horloge de transmission ; ``heures`` : celles de la convention, si elle en dit d’autres.

    :raises ValueError: si un instant ne porte pas son fuseau.
    """
    delai = parametres.transmission if heures is None else heures
    return Transmission(reception, ajouter_heures_ouvrees(reception, delai, territoire), transmise_le)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Le temps d’attendre du demandeur ce qui manque ; ``fin`` vide : elle dure encore."""

    debut: date
    fin: date | None = None


@dataclass(frozen=True, slots=True)
class DelaiReponse:
    """Le délai de l’article 12-3, en dates civiles de la collectivité.

    ``echeance`` : le dernier jour, jusqu’à 23 h 59. ``informer_avant`` : le dernier jour pour dire au
    demandeur que l’on prolonge, sans compter sur un report. ``suspendu_depuis`` : rien ne court.
    """

    reception: date
    echeance: date
    informer_avant: date
    prolonge: bool
    suspendu_depuis: date | None
    repondue_le: date | None = None

    def etat(self, jour: date) -> EtatDelai:
        if self.repondue_le is not None:
            return EtatDelai.TENU if self.repondue_le <= self.echeance else EtatDelai.TENU_EN_RETARD
        if self.suspendu_depuis is not None:
            return EtatDelai.SUSPENDU
        if jour > self.echeance:
            return EtatDelai.DEPASSE
        return EtatDelai.BIENTOT if (self.echeance - jour).days <= BIENTOT_JOURS else EtatDelai.COURT

    def jours_restants(self, jour: date) -> int:
        """Négatif une fois l’échéance passée."""
        return (self.echeance - jour).days


def delai_reponse(
    reception: date,
    parametres: Parametres,
    *,
    prolonge: bool = False,
    suspensions: Sequence[Suspension] = (),
    territoire: Territoire = Territoire.METROPOLE,
    repondue_le: date | None = None,
    jour: date | None = None,
) -> DelaiReponse:
    """Le délai d’une demande reçue ce jour-là ; prolongé, il se compte toujours depuis la réception.

    Une suspension en cours compte jusqu’à ``jour`` : l’échéance affichée avance avec elle.

    :param territoire: le calendrier du report ; national sauf choix du responsable (règl. 1182/71).
    :raises ValueError: comme ``dpd.regles.delais.echeance_mois`` ; sans ``jour`` si une suspension dure.
    """
    paires = [(s.debut, _fin(s, jour)) for s in suspensions]
    mois = parametres.prolongee if prolonge else parametres.reponse
    en_cours = [s.debut for s in suspensions if s.fin is None]
    return DelaiReponse(
        reception=reception,
        echeance=echeance_mois(reception, mois, suspensions=paires, territoire=territoire),
        informer_avant=terme_sans_report(
            reception, parametres.reponse, suspensions=paires, territoire=territoire
        ),
        prolonge=prolonge,
        suspendu_depuis=min(en_cours) if en_cours else None,
        repondue_le=repondue_le,
    )


def question_tardive(delai: DelaiReponse, jour: date) -> bool:
    """Vrai passé la moitié du premier mois : une question ne suspend que posée sans tarder.

    Comité européen de la protection des données, lignes directrices 01/2022. Aucun texte ne chiffre « sans
    tarder » : la moitié est un repère de la maison, qui avertit et n’empêche rien.
    """
    return (jour - delai.reception) * 2 > delai.informer_avant - delai.reception


def _fin(suspension: Suspension, jour: date | None) -> date:
    if suspension.fin is not None:
        return suspension.fin
    if jour is None:
        raise ValueError("Une suspension en cours demande la date du jour.")
    return max(jour, suspension.debut)


def minuit_passe(echeance: date, zone: ZoneInfo) -> datetime:
    """L’instant où une échéance en date est passée : le lendemain à 0 h, heure de la collectivité."""
    return datetime.combine(echeance + timedelta(days=1), time(), tzinfo=zone)
