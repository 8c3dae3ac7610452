"""Ce qu’une frise dit à qui ne la voit pas : le temps compté, et ce qui ne compte pas."""

from collections.abc import Sequence
from datetime import date, timedelta

from dpd.regles.calendrier import Territoire, jours_feries
from dpd.regles.durees import duree_en_heures
from dpd.regles.typographie import FINE, INSECABLE, JOURS, MOIS, compte, enumeration, pluriel

MINUTE = timedelta(minutes=1)
EN_JOURS = timedelta(hours=100)  # au-delà, les heures ne se lisent plus d’un coup d’œil
JOURS_NOMMES = 4  # au-delà, la phrase compte les jours fermés au lieu de les nommer


def jour_dit(jour: date) -> str:
    """« lundi 23 novembre », « dimanche 1er novembre »."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{JOURS[jour.weekday()]} {quantieme}{INSECABLE}{MOIS[jour.month - 1]}"


def duree_dite(duree: timedelta) -> str:
    """« 30 h 50 », « 45 min », « 6 jours », « moins d’une minute » : sans signe, à la minute inférieure."""
    duree = abs(duree)
    if duree >= EN_JOURS:
        return compte(duree.days, "jour")
    minutes = duree // MINUTE
    return duree_en_heures(minutes) if minutes else "moins d’une minute"


def jours_fermes_dits(jours: Sequence[date], territoire: Territoire) -> str:
    """« samedi 21 et dimanche 22 novembre », « jeudi 14 mai (Ascension) »."""
    return enumeration(tuple(_ferme_dit(jour, territoire) for jour in jours))


def pourquoi_ferme(jour: date, territoire: Territoire) -> str:
    """« un samedi », « un jour férié (Ascension) » ; vide s’il est ouvré."""
    ferie = jours_feries(jour.year, territoire).get(jour)
    if ferie:
        return f"un jour férié ({ferie})"
    return f"un {JOURS[jour.weekday()]}" if jour.weekday() >= 5 else ""


def phrase_heures(
    ecoule: timedelta, total: timedelta, retard: timedelta, fermes: Sequence[date], territoire: Territoire
) -> str:
    """« 17 h 10 comptées sur 48 h ; samedi 21 novembre et dimanche 22 novembre ne comptent pas »."""
    morceaux = [f"{_compte(ecoule)} comptées sur {_compte(total)}"]
    if retard:
        morceaux.append(f"{duree_dite(retard)} de retard")
    if len(fermes) == 1:
        morceaux.append(f"{jours_fermes_dits(fermes, territoire)} ne compte pas")
    elif 1 < len(fermes) <= JOURS_NOMMES:
        morceaux.append(f"{jours_fermes_dits(fermes, territoire)} ne comptent pas")
    elif fermes:
        morceaux.append(f"{len(fermes)} jours fermés ne comptent pas")
    return _joindre(morceaux)


def phrase_jours(
    ecoules: int, total: int, retard: int, attente: int, report: tuple[date, date], territoire: Territoire
) -> str:
    """« 2 jours écoulés sur 31 ; échéance reportée du dimanche 20 décembre au lundi 21 décembre ».

    :param attente: les jours de suspension. :param report: le dernier jour avant le report, puis après.
    """
    terme, echeance = report
    morceaux = [f"{compte(ecoules, 'jour')} {pluriel(ecoules, 'écoulé')} sur {total}"]
    if retard > 0:
        morceaux.append(f"{compte(retard, 'jour')} de retard")
    if attente:
        morceaux.append(f"délai suspendu {compte(attente, 'jour')}")
    if terme < echeance:
        avant = jours_fermes_dits((terme,), territoire)
        morceaux.append(f"échéance reportée du {avant} au {jour_dit(echeance)}")
    return _joindre(morceaux)


def _compte(duree: timedelta) -> str:
    """Toujours en heures : un délai de 48 heures ne se dit pas en jours."""
    return duree_en_heures(duree // MINUTE)


def _ferme_dit(jour: date, territoire: Territoire) -> str:
    ferie = jours_feries(jour.year, territoire).get(jour)
    return f"{jour_dit(jour)} ({ferie})" if ferie else jour_dit(jour)


def _joindre(morceaux: Sequence[str]) -> str:
    return f"{FINE}; ".join(morceaux)
