"""Les délais légaux, calculés depuis le fait juridique.

Les heures s’ajoutent en UTC : 72 heures restent 72 heures au passage à l’heure d’été. Les jours et
les mois se comptent en dates civiles. Tout instant porte son fuseau ; un instant naïf est refusé.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dpd.regles.calendrier import Territoire, est_ouvre, exiger_date, fuseau
from dpd.regles.jours_ouvres import ajouter_jours_ouvres, avancer_avant, reporter_apres
from dpd.regles.mois import meme_quantieme

__all__ = [
    "ajouter_heures",
    "ajouter_heures_ouvrees",
    "ajouter_jours_ouvres",
    "date_limite_preavis",
    "echeance_mois",
    "terme_sans_report",
]

_UN_JOUR = timedelta(days=1)


def ajouter_heures(t0: datetime, heures: float) -> datetime:
    """L’instant, ``heures`` heures réelles après ``t0``, dans le fuseau de ``t0``.

    RGPD art. 33-1 (72 h) et conventions de sous-traitance (24 h) : week-ends et jours fériés sont
    comptés, rien n’est reporté. ValueError si ``t0`` est naïf ou le nombre d’heures négatif.
    """
    _exiger_instant(t0)
    return (t0.astimezone(UTC) + _duree(heures)).astimezone(t0.tzinfo)


def ajouter_heures_ouvrees(t0: datetime, heures: float, territoire: Territoire) -> datetime:
    """L’instant, ``heures`` heures après ``t0``, en n’écoulant que les jours ouvrés.

    « 48 heures, non compris jours fériés et week-end » : horloge de 24 h par jour du lundi au
    vendredi non férié, à l’heure légale du territoire ; reçu un jour exclu, le délai part à 0 h du
    premier jour compté. L’instant est rendu dans le fuseau de ``t0`` ; une échéance à minuit vaut
    « la veille à 24 h 00 ». ValueError comme pour ``ajouter_heures``.
    """
    _exiger_instant(t0)
    zone = fuseau(territoire)
    curseur, reste = t0.astimezone(UTC), _duree(heures)
    jour = t0.astimezone(zone).date()
    if not est_ouvre(jour, territoire):
        jour = ajouter_jours_ouvres(jour, 1, territoire)
        curseur = _minuit(jour, zone)
    while (disponible := _minuit(jour + _UN_JOUR, zone) - curseur) < reste:
        reste -= disponible
        jour = ajouter_jours_ouvres(jour, 1, territoire)
        curseur = _minuit(jour, zone)
    return (curseur + reste).astimezone(t0.tzinfo)


def echeance_mois(
    reception: date,
    mois: int,
    *,
    suspensions: Iterable[tuple[date, date]] = (),
    territoire: Territoire = Territoire.METROPOLE,
) -> date:
    """Dernier jour, inclus, d’un délai de ``mois`` mois depuis la réception (RGPD art. 12-3).

    Même quantième, sinon dernier jour du mois ; s’y ajoutent les jours de chaque suspension
    (début, fin), un jour couvert par deux suspensions ne comptant qu’une fois ; puis report au
    premier jour ouvré (règlement 1182/71, art. 3). Une prolongation se calcule avec ``mois=3``
    depuis la réception, jamais depuis la première échéance. Une suspension commencée après
    l’expiration est sans effet : on ne suspend pas un délai expiré.

    Le calendrier de report est national ; passer un autre territoire est un choix du responsable.
    ValueError si une valeur n’est pas une date, si ``mois`` < 1, si une suspension finit avant de
    commencer ou commence avant la réception.
    """
    return reporter_apres(
        terme_sans_report(reception, mois, suspensions=suspensions, territoire=territoire), territoire
    )


def terme_sans_report(
    reception: date,
    mois: int,
    *,
    suspensions: Iterable[tuple[date, date]] = (),
    territoire: Territoire = Territoire.METROPOLE,
) -> date:
    """Le même délai, sans le report au jour ouvré : la date à viser pour informer d’une prolongation.

    L’article 12-3 veut cette information « dans un délai d’un mois » : mieux vaut ne pas compter sur le
    report. Mêmes règles et mêmes erreurs que :func:`echeance_mois`.
    """
    exiger_date(reception, "La date de réception")
    _exiger_mois(mois)
    brut = meme_quantieme(reception, mois)
    couvert_jusqu_a = reception
    for debut, fin in _suspensions_triees(reception, suspensions):
        reporte = reporter_apres(brut, territoire)
        if debut > reporte:
            break
        if debut > brut:  # dans le report, le délai courait encore : sans lui, il finirait avant de reprendre
            brut = reporte
        if fin > couvert_jusqu_a:
            brut += fin - max(debut, couvert_jusqu_a)
            couvert_jusqu_a = fin
    return brut


def date_limite_preavis(echeance: date, mois: int, territoire: Territoire = Territoire.METROPOLE) -> date:
    """Dernier jour pour dénoncer au moins ``mois`` mois avant l’échéance.

    Délai à rebours : même quantième ou fin de mois, jamais reporté après ; un samedi, un dimanche
    ou un jour férié, ceux de ``territoire`` compris, fait agir le dernier jour ouvré qui précède.
    ValueError si ``echeance`` n’est pas une date ou si ``mois`` < 1.
    """
    exiger_date(echeance, "L’échéance")
    _exiger_mois(mois)
    return avancer_avant(meme_quantieme(echeance, -mois), territoire)


def _suspensions_triees(reception: date, suspensions: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    paires = list(suspensions)
    for debut, fin in paires:
        exiger_date(debut, "Le début d’une suspension")
        exiger_date(fin, "La fin d’une suspension")
        if debut < reception:
            raise ValueError("Une suspension ne peut pas commencer avant la réception.")
        if fin < debut:
            raise ValueError("Une suspension ne peut pas finir avant de commencer.")
    return sorted(paires)


def _minuit(jour: date, zone: ZoneInfo) -> datetime:
    return datetime(jour.year, jour.month, jour.day, tzinfo=zone).astimezone(UTC)


def _duree(heures: float) -> timedelta:
    if not 0 <= heures < float("inf"):
        raise ValueError("Le nombre d’heures doit être positif.")
    return timedelta(hours=heures)


def _exiger_instant(t0: datetime) -> None:
    if not isinstance(t0, datetime) or t0.utcoffset() is None:
        raise ValueError("L’instant de départ doit porter son fuseau horaire.")


def _exiger_mois(mois: int) -> None:
    if mois < 1:
        raise ValueError("Le délai doit compter au moins un mois.")
