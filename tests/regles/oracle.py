"""Les mêmes délais, écrits le plus naïvement possible : jour après jour, sans table ni cache.

Second avis indépendant : les tests vérifient que les fonctions du projet rendent la même chose.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dpd.regles.calendrier import FUSEAUX, Territoire, jours_feries

UN_JOUR = timedelta(days=1)


def ouvre(jour, territoire):
    return jour.isoweekday() <= 5 and jour not in jours_feries(jour.year, territoire)


def heures(t0, h):
    return (t0.astimezone(UTC) + timedelta(hours=h)).astimezone(t0.tzinfo)


def plus_mois(jour, n):
    annee, mois = divmod(jour.month - 1 + n, 12)
    annee, mois = annee + jour.year, mois + 1
    return date(annee, mois, min(jour.day, monthrange(annee, mois)[1]))


def reponse(recu, mois=1, suspensions=(), territoire=Territoire.METROPOLE):
    jour = plus_mois(recu, mois) + sum((fin - debut for debut, fin in suspensions), timedelta())
    while not ouvre(jour, territoire):
        jour += UN_JOUR
    return jour


def heures_ouvrees(t0, h, territoire):
    zone = ZoneInfo(FUSEAUX[territoire])
    reste, curseur = timedelta(hours=h), t0.astimezone(zone)
    while True:
        lendemain = datetime.combine(curseur.date() + UN_JOUR, time(), zone)
        if ouvre(curseur.date(), territoire):
            disponible = lendemain.astimezone(UTC) - curseur.astimezone(UTC)
            if reste <= disponible:
                return (curseur.astimezone(UTC) + reste).astimezone(t0.tzinfo)
            reste -= disponible
        curseur = lendemain


def jours_ouvres(jour, n, territoire):
    while n:
        jour += UN_JOUR
        n -= ouvre(jour, territoire)
    return jour


def preavis(echeance, mois, territoire=Territoire.METROPOLE):
    jour = plus_mois(echeance, -mois)
    while not ouvre(jour, territoire):
        jour -= UN_JOUR
    return jour
