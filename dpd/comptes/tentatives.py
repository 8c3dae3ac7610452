"""Blocage progressif des tentatives : par personne et par adresse, jamais par adresse seule.

Une IPv6 compte pour son réseau /64. Une attaque menée de partout ferme le compte à toutes les adresses.

La bibliothèque fournit les points d’entrée et la table des échecs. Son propre décompte ne convient pas :
à durée variable, l’échec d’une personne y effacerait le blocage, plus long, d’une autre. Le nôtre rejoue
les échecs dans une règle pure, :mod:`dpd.comptes.regles.tentatives`.

Les codes du second facteur suivent la même règle, par compte et quelle que soit l’adresse : qui en est
là tient déjà le mot de passe.
"""

from datetime import datetime, timedelta
from math import ceil

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone

from dpd.comptes.journal import adresse_ip
from dpd.comptes.models import Utilisateur
from dpd.comptes.regles.tentatives import PERIODE, fin_du_blocage, fin_du_blocage_du_compte, origine

COURRIEL_MAX = 254
CONSERVATION = timedelta(days=30)  # des échecs sans lendemain


def identifiant(request, credentials=None) -> str:
    """Le courriel visé, normalisé : sans lui, cinq erreurs bloqueraient toute une mairie derrière sa box."""
    donnees = credentials or {}
    brut = donnees.get("username") or donnees.get("email") or donnees.get("login")
    if not brut and request is not None:
        brut = request.POST.get("login", "") or getattr(getattr(request, "user", None), "email", "")
    return (brut or "").replace("\0", "").strip().lower()[:COURRIEL_MAX]


def _echecs(request, credentials):
    return AccessFailureLog.objects.filter(
        username=identifiant(request, credentials), ip_address=origine(request.axes_ip_address)
    )


def ferme_jusqu_a(request, credentials=None) -> datetime | None:
    """La fin du blocage qui vise cette personne, depuis cette adresse ou de partout, ou ``None``."""
    maintenant = request.axes_attempt_time
    ici = _echecs(request, credentials).values_list("attempt_time", flat=True)
    partout = AccessFailureLog.objects.filter(
        username=identifiant(request, credentials), attempt_time__gt=maintenant - 2 * PERIODE
    ).values_list("attempt_time", flat=True)
    fins = (fin_du_blocage(ici, maintenant), fin_du_blocage_du_compte(partout, maintenant))
    return max((fin for fin in fins if fin is not None), default=None)


def oublier(courriel: str) -> None:
    """Efface les échecs qui visent une personne, d’où qu’ils viennent."""
    AccessFailureLog.objects.filter(username=courriel.lower()).delete()


def _codes(utilisateur: Utilisateur):
    """Les essais de codes d’une personne ; la majuscule de leur clé la distingue de tout courriel tapé."""
    return AccessFailureLog.objects.filter(username=f"CODE:{utilisateur.pk}")


@transaction.atomic
def compter_un_code(utilisateur: Utilisateur, *, maintenant: datetime, request) -> datetime | None:
    """Inscrit un essai de code, ou rend la fin du blocage s’il est fermé.

    L’essai compte avant d’être vérifié : cent codes envoyés d’un coup n’en valent pas plus que cinq.
    Le bon efface tout (:func:`oublier_les_codes`).
    """
    Utilisateur.objects.select_for_update(no_key=True).get(pk=utilisateur.pk)
    essais = _codes(utilisateur).values_list("attempt_time", flat=True)
    fin = fin_du_blocage(essais, maintenant)
    if fin is None:
        AccessFailureLog.objects.create(
            username=f"CODE:{utilisateur.pk}",
            ip_address=origine(adresse_ip(request)),
            path_info=request.path_info,
        )
    return fin


def oublier_les_codes(utilisateur: Utilisateur) -> None:
    """Efface les essais de codes d’une personne."""
    _codes(utilisateur).delete()


def a_la_minute(fin: datetime) -> datetime:
    """L’heure à annoncer, à la minute : jamais trop tôt."""
    return fin + timedelta(seconds=-fin.timestamp() % 60)


class Blocage(AxesDatabaseHandler):
    """Le décompte des échecs, branché sur la règle pure."""

    def get_failures(self, request, credentials=None) -> int:
        return settings.AXES_FAILURE_LIMIT if ferme_jusqu_a(request, credentials) else 0

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is None:
            return
        AccessFailureLog.objects.filter(attempt_time__lt=request.axes_attempt_time - CONSERVATION).delete()
        if not ferme_jusqu_a(request, credentials):
            AccessFailureLog.objects.create(
                username=identifiant(request, credentials),
                ip_address=origine(request.axes_ip_address),
                user_agent=request.axes_user_agent,
                http_accept=request.axes_http_accept,
                path_info=request.axes_path_info,
            )
        if fin := ferme_jusqu_a(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            request.acces_ferme_jusqu_a = fin

    def user_logged_in(self, sender, request, user, **kwargs):
        _echecs(request, {"email": user.email}).delete()

    def user_logged_out(self, sender, request, user, **kwargs):
        """Rien à compter : le journal des accès suffit."""


def page_de_blocage(request, response, credentials):
    """Dit jusqu’à quand attendre ; la même page que le courriel ait un compte ou non."""
    fin = request.acces_ferme_jusqu_a
    attente = max(1, ceil((fin - timezone.now()).total_seconds()))
    reponse = render(request, "account/bloque.html", {"jusqu_a": a_la_minute(fin)}, status=429)
    reponse["Retry-After"] = str(attente)
    return reponse
