"""Ouvrir, borner et couper une session."""

from datetime import datetime, timedelta

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.models import Session

from dpd.comptes.enums import NatureAcces
from dpd.comptes.journal import consigner

OUVERTE_LE = "session_ouverte_le"
DUREE_MAX = timedelta(hours=12)  # même sans jamais s’interrompre, on prouve à nouveau qui l’on est
VUE_LE = "session_vue_le"
PAS_DE_PROLONGATION = 60  # secondes : prolonger à chaque page écrirait en base pour rien
PORTE = "allauth.account.auth_backends.AuthenticationBackend"


def ouvrir(request, utilisateur, *, nature: NatureAcces, maintenant: datetime) -> None:
    """Ouvre une session et l’inscrit au journal ; toute session passe par ici."""
    utilisateur.skip_history_when_saving = (
        True  # la date de dernière connexion n’est pas un fait à historiser
    )
    login(request, utilisateur, backend=PORTE)
    del utilisateur.skip_history_when_saving
    request.session[OUVERTE_LE] = maintenant.timestamp()
    consigner(nature, maintenant=maintenant, utilisateur=utilisateur, request=request)


def ouvrir_sans_formulaire(request, utilisateur, *, nature: NatureAcces, maintenant: datetime) -> None:
    """Ouvre une session sans mot de passe saisi : invitation acceptée, démonstration.

    La preuve vaut connexion récente : on ne redemande pas un mot de passe dans la minute.
    """
    ouvrir(request, utilisateur, nature=nature, maintenant=maintenant)
    record_authentication(request, utilisateur, method=nature.value)


def est_trop_vieille(request, maintenant: datetime) -> bool:
    """Vrai au bout de douze heures ; une session sans heure d’ouverture commence maintenant."""
    ouverte_le = request.session.setdefault(OUVERTE_LE, maintenant.timestamp())
    return maintenant.timestamp() - ouverte_le >= DUREE_MAX.total_seconds()


def prolonger(request, maintenant: datetime) -> None:
    """Repousse la fin de la session, une fois par minute au plus."""
    instant = maintenant.timestamp()
    if instant - request.session.get(VUE_LE, 0) >= PAS_DE_PROLONGATION:
        request.session[VUE_LE] = instant


def couper(utilisateur, *, maintenant: datetime) -> int:
    """Ferme toutes les sessions d’une personne, sur tous ses appareils ; rend leur nombre."""
    visees = [
        session.pk
        for session in Session.objects.filter(expire_date__gte=maintenant).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(utilisateur.pk)
    ]
    Session.objects.filter(pk__in=visees).delete()
    return len(visees)


def duree_inactivite_min() -> int:
    """Les minutes d’inactivité au bout desquelles la session se ferme."""
    return settings.SESSION_COOKIE_AGE // 60
