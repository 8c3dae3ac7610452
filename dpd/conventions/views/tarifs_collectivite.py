"""Le tarif d’une collectivité, un exercice par page."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dpd.comptes.acces import collectivite_ou_404
from dpd.comptes.regles.capacites import Capacite
from dpd.conventions.affichage import contexte_tarif
from dpd.conventions.models import Convention


@require_safe
def tarif(request, siren, exercice):
    """Le calcul d’un exercice que la convention touche."""
    collectivite = collectivite_ou_404(request, siren, Capacite.LIRE_CONVENTION)
    jour = timezone.localdate(timezone.now(), collectivite.fuseau)
    convention = _convention(collectivite, exercice, jour)
    contexte = {"onglet_actif": "convention", **contexte_tarif(convention, exercice, request, jour)}
    return render(request, "conventions/tarif.html", contexte)


def _convention(collectivite, exercice: int, jour) -> Convention:
    """Celle qui touche l’exercice ; une au plus, puisqu’un exercice entamé est dû en entier.

    :raises Http404: si aucune ne le touche, ou s’il est plus lointain que l’an prochain.
    """
    siennes = Convention.objects.filter(collectivite=collectivite).select_related("modele")
    convention = siennes.de_l_exercice(exercice).order_by("-date_effet", "-pk").first()
    if convention is None or exercice > max(jour.year + 1, convention.date_effet.year):
        raise Http404("Aucune convention ne touche cet exercice.")
    convention.collectivite = collectivite
    return convention
