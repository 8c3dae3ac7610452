"""Le journal des accès : le geste, l’heure et l’adresse, jamais le contenu (CNIL, délib. 2021-122)."""

import ipaddress
from datetime import datetime

from django.conf import settings

from dpd.comptes.enums import NatureAcces
from dpd.comptes.models import JournalAcces

DETAIL_MAX = 300


def adresse_ip(request) -> str | None:
    """L’adresse de la personne ; derrière ``NB_MANDATAIRES`` mandataires de confiance, celle qu’ils ont vue.

    On compte les mandataires depuis la fin de l’en-tête : ce qui précède est écrit par le client et ne
    prouve rien.
    """
    brute = request.META.get("REMOTE_ADDR", "")
    if settings.NB_MANDATAIRES:
        relais = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(relais) >= settings.NB_MANDATAIRES:
            brute = relais[-settings.NB_MANDATAIRES].strip() or brute
    try:
        return str(ipaddress.ip_address(brute))
    except ValueError:
        return None


def cible(portee) -> dict:
    """La portée d’un geste, collectivité ou structure, sous le nom du champ qui la garde."""
    return {portee._meta.model_name: portee}


def consigner(
    nature: NatureAcces,
    *,
    maintenant: datetime,
    utilisateur=None,
    collectivite=None,
    structure=None,
    detail: str = "",
    request=None,
) -> JournalAcces:
    """Écrit une ligne du journal ; l’adresse IP vient de la requête, si on la donne."""
    return JournalAcces.objects.create(
        quand=maintenant,
        nature=nature,
        utilisateur=utilisateur,
        collectivite=collectivite,
        structure=structure,
        detail=detail.replace("\0", "")[:DETAIL_MAX],
        adresse_ip=adresse_ip(request) if request is not None else None,
    )
