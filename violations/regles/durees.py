"""Dire ce qui reste, ou ce qui a débordé, d’une horloge."""

from datetime import datetime, timedelta, tzinfo

from dpd.regles.durees import duree_en_heures
from dpd.regles.typographie import JOURS, MOIS, MOIS_COURTS, compte, heure

UNE_MINUTE = timedelta(minutes=1)
EN_JOURS = timedelta(hours=100)  # au-delà, les heures ne se lisent plus d’un coup d’œil


def duree_dite(duree: timedelta) -> str:
    """« 7 h 45 », « 45 min », « 6 jours », « moins d’une minute » : sans signe, à la minute inférieure."""
    duree = abs(duree)
    if duree >= EN_JOURS:
        return compte(duree.days, "jour")
    minutes = duree // UNE_MINUTE
    return duree_en_heures(minutes) if minutes else "moins d’une minute"


def heures_dites(duree: timedelta) -> str:
    """« 72 heures » : un délai, qui se compte toujours en heures."""
    return compte(duree // timedelta(hours=1), "heure")


def quand(instant: datetime, fuseau: tzinfo) -> str:
    """« lundi 23 novembre, 17 h 25 », dans ce fuseau."""
    local = instant.astimezone(fuseau)
    return f"{JOURS[local.weekday()]} {_le(local)}\u00a0{MOIS[local.month - 1]}, {heure(local)}"


def quand_court(instant: datetime, fuseau: tzinfo) -> str:
    """« Mercredi 18 nov., 22 h 00 », dans ce fuseau."""
    local = instant.astimezone(fuseau)
    jour = f"{JOURS[local.weekday()].capitalize()} {_le(local)}\u00a0{MOIS_COURTS[local.month - 1]}"
    return f"{jour}, {heure(local)}"


def jour_relatif(instant: datetime, maintenant: datetime, fuseau: tzinfo) -> str:
    """« aujourd’hui », « demain », sinon « lundi 23 novembre », vus de ce fuseau."""
    jour, ce_jour = instant.astimezone(fuseau).date(), maintenant.astimezone(fuseau).date()
    ecart = (jour - ce_jour).days
    if ecart in (0, 1):
        return ("aujourd’hui", "demain")[ecart]
    return quand(instant, fuseau).partition(",")[0]


def _le(local: datetime) -> str:
    return "1er" if local.day == 1 else str(local.day)
