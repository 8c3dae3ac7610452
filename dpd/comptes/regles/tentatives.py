"""Le blocage progressif : à chaque série d’échecs, l’attente s’allonge.

Complément à la force du mot de passe (CNIL, délibération n° 2022-100 : la restriction d’accès y est
exigée sous 80 bits ; nous la posons à tous). Un échec pendant un blocage ne compte pas et ne le
prolonge pas : l’heure annoncée à la personne est tenue. Une connexion réussie efface tout.
"""

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta

ECHECS_MAX = 5
DUREES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=24))
PLAFOND = 50  # échecs d’un même compte, toutes adresses, pendant PERIODE
PERIODE = timedelta(hours=24)
PREFIXE_IPV6 = 64  # ce qu’un abonné reçoit d’ordinaire : il y change d’adresse à volonté
MEMOIRE = timedelta(days=7)  # sans échec pendant ce temps, tout est oublié


def duree(blocages_recents: int) -> timedelta:
    """La durée du blocage qui suit ``blocages_recents`` blocages : 5 min, 15 min, 1 h, puis 24 h."""
    return DUREES[min(blocages_recents, len(DUREES) - 1)]


def fin_du_blocage(echecs: Iterable[datetime], maintenant: datetime) -> datetime | None:
    """Jusqu’à quand l’accès est fermé, ou ``None`` s’il est ouvert.

    :param echecs: instants « aware » des échecs, dans un ordre quelconque, depuis la dernière réussite.
    """
    serie = blocages = 0
    fin: datetime | None = None
    precedent: datetime | None = None
    for instant in sorted(echecs):
        if fin is not None and instant < fin:
            continue
        if precedent is not None and instant - precedent > MEMOIRE:
            serie = blocages = 0
        precedent = instant
        serie += 1
        if serie == ECHECS_MAX:
            fin = instant + duree(blocages)
            serie, blocages = 0, blocages + 1
    return fin if fin is not None and maintenant < fin else None


def fin_du_blocage_du_compte(echecs: Iterable[datetime], maintenant: datetime) -> datetime | None:
    """Jusqu’à quand un compte attaqué de partout est fermé à toutes les adresses, ou ``None``.

    Cinquante échecs en vingt-quatre heures le ferment pour le plus long palier.

    :param echecs: instants « aware » des échecs du compte, d’où qu’ils viennent, dans un ordre quelconque.
    """
    instants = sorted(echecs)
    fins = [
        dernier + DUREES[-1]
        for premier, dernier in zip(instants, instants[PLAFOND - 1 :], strict=False)
        if dernier - premier <= PERIODE
    ]
    return fins[-1] if fins and maintenant < fins[-1] else None


def origine(adresse: str | None) -> str | None:
    """L’adresse telle qu’on la compte : une IPv4 entière, une IPv6 réduite à son réseau /64."""
    if not adresse:
        return None
    lue = ipaddress.ip_address(adresse)
    if isinstance(lue, ipaddress.IPv4Address):
        return str(lue)
    if lue.ipv4_mapped is not None:
        return str(lue.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(lue), PREFIXE_IPV6), strict=False).network_address)
