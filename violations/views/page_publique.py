"""La page publique d’une violation : le message, et rien d’autre, à qui en connaît l’adresse."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from violations.exports.personnes import TITRE
from violations.models import PagePublique
from violations.regles.message_personnes import parties


@login_not_required
@never_cache
@require_safe
def page_publique(request, jeton):
    """Ouverte tant que vaut la décision d’une communication publique (RGPD art. 34-3 c) ; jamais indexée.

    :raises Http404: si l’adresse est fausse, la page fermée ou la décision revue.
    """
    page = PagePublique.objects.ouvertes().select_related("collectivite").filter(jeton=jeton).first()
    if page is None:
        raise Http404
    contexte = {
        "titre": TITRE,
        "organisme": page.collectivite.denomination,
        "parties": parties(page.message),
        "publiee_le": page.publiee_le.astimezone(page.collectivite.fuseau).date(),
    }
    reponse = render(request, "violations/personnes_page.html", contexte)
    reponse["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse
