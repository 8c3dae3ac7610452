"""Rien ne se perd : une saisie arrivée après la fin de la session attend la reconnexion.

La saisie reste dans la session anonyme du navigateur qui l’a envoyée, liée à la page où elle a été
tapée ; elle est effacée dès qu’elle est reprise. Un secret (mot de passe, code) n’y entre jamais.
"""

from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

CLE = "saisie_suspendue"
TAILLE_MAX = 200_000  # caractères
JAMAIS_GARDES = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "mot_de_passe")
PAGES_SECRETES = ("account_", "mfa_")


def page_d_origine(request) -> str:
    """L’adresse locale de la page que la personne avait sous les yeux, à rouvrir après connexion.

    Un envoi ou un fragment n’a pas toujours d’adresse consultable : on remonte à la page qui le porte.
    """
    vue = request.headers.get("HX-Current-URL") or (
        request.headers.get("Referer", "") if request.method == "POST" else ""
    )
    hotes = {request.get_host()}
    if vue and url_has_allowed_host_and_scheme(vue, hotes, require_https=request.is_secure()):
        morceaux = urlsplit(vue)
        return f"{morceaux.path or '/'}?{morceaux.query}" if morceaux.query else morceaux.path or "/"
    return request.get_full_path()


def suspendre(request) -> None:
    """Garde le formulaire envoyé sans session, s’il n’est ni secret, ni un fichier, ni démesuré."""
    if (request.resolver_match.url_name or "").startswith(PAGES_SECRETES):
        return
    donnees = request.POST.copy()
    for nom in JAMAIS_GARDES:
        donnees.pop(nom, None)
    texte = donnees.urlencode()
    if donnees and len(texte) <= TAILLE_MAX:
        page = urlsplit(page_d_origine(request)).path
        request.session[CLE] = {"chemins": [request.path, page], "donnees": texte}


def est_suspendue(request) -> bool:
    """Vrai si une saisie attend la connexion de la personne."""
    return CLE in request.session


def reprendre(request) -> QueryDict | None:
    """La saisie suspendue sur cette page, rendue une seule fois ; ``None`` s’il n’y en a pas."""
    suspendue = request.session.get(CLE)
    if not suspendue or request.path not in suspendue["chemins"]:
        return None
    del request.session[CLE]
    return QueryDict(suspendue["donnees"])
