"""La page de suivi d’une demande, à qui en connaît l’adresse : son état, jamais son auteur ni ses mots."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from subtraitance import antirobot
from subtraitance.actions.demandes_reception import empreinte_du_suivi
from subtraitance.contacts_publics import contexte_public
from subtraitance.emails_publics import adresse_de_suivi
from subtraitance.enums import EtatDemande
from subtraitance.models import DemandeDroits
from subtraitance.suivi_public import lire_suivi


@login_not_required
@never_cache
@require_safe
def suivi(request, jeton):
    """Un jeton inconnu, faux ou d’une demande effacée : une empreinte, une requête, la même page absente.

    :raises Http404: dans ces trois cas, sans les distinguer.
    """
    if not antirobot.passer(antirobot.SUIVI, antirobot.qui_de(request)):
        return _discrete(render(request, "subtraitance/suivi_attendre.html", status=429), attendre=True)
    demande = (
        DemandeDroits.objects.select_related("collectivite__structure")
        .filter(suivi=empreinte_du_suivi(jeton), efface_le__isnull=True)
        .first()
    )
    if demande is None:
        raise Http404
    contexte = contexte_public(demande.collectivite) | {
        "suivi": lire_suivi(demande, timezone.now()),
        "numero": demande.numero,
        "adresse": adresse_de_suivi(jeton),
        # L’adresse gardée en favori porte ce mot : une fois la demande avancée, il n’est plus vrai.
        "recue": "recue" in request.GET and demande.etat == EtatDemande.RECUE,
        "deja": "deja" in request.GET,
    }
    return _discrete(render(request, "subtraitance/suivi.html", contexte))


def _discrete(reponse, *, attendre: bool = False):
    """Ni moteur de recherche, ni site suivant n’apprennent l’adresse."""
    reponse["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    reponse["Referrer-Policy"] = "no-referrer"
    if attendre:
        reponse["Retry-After"] = str(int(antirobot.SUIVI.periode.total_seconds()))
    return reponse
