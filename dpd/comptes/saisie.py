"""Rien ne se perd : une saisie arrivée après la fin de la session attend la reconnexion.

La saisie reste dans la session anonyme du navigateur qui l’a envoyée, liée à la page où elle a été
tapée et au compte qui s’en servait, que retient un témoin signé ; elle est effacée dès qu’elle est
reprise. Sur un poste partagé, elle n’est rendue à personne d’autre. Un secret (mot de passe, code) n’y
entre jamais, ni une page de profil.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

CLE = "saisie_suspendue"
TAILLE_MAX = 200_000  # caractères
JAMAIS_GARDES = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "mot_de_passe")
PAGES_SECRETES = ("account_", "mfa_", "profil", "affichage")
TEMOIN = "dernier_compte"


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


def _dernier_compte(request) -> str | None:
    """Le dernier compte connecté sur ce navigateur, ou ``None`` si le témoin manque ou est faux."""
    return request.get_signed_cookie(TEMOIN, default=None, salt=TEMOIN)


def retenir_le_compte(request, reponse: HttpResponse) -> None:
    """Note qui se sert du navigateur, jusqu’à sa fermeture, pour ne rendre une saisie qu’à son auteur."""
    compte = str(request.user.pk)
    if _dernier_compte(request) != compte:
        reponse.set_signed_cookie(
            TEMOIN,
            compte,
            salt=TEMOIN,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )


def suspendre(request) -> None:
    """Garde le formulaire envoyé sans session, s’il a un auteur et n’est ni secret, ni démesuré."""
    compte = _dernier_compte(request)
    if compte is None or (request.resolver_match.url_name or "").startswith(PAGES_SECRETES):
        return
    donnees = request.POST.copy()
    for nom in JAMAIS_GARDES:
        donnees.pop(nom, None)
    texte = donnees.urlencode()
    if donnees and len(texte) <= TAILLE_MAX:
        page = urlsplit(page_d_origine(request)).path
        request.session[CLE] = {"chemins": [request.path, page], "donnees": texte, "compte": compte}


def est_suspendue(request) -> bool:
    """Vrai si une saisie attend la connexion de la personne."""
    return CLE in request.session


def reprendre(request) -> QueryDict | None:
    """La saisie que cette personne a suspendue sur cette page, rendue une seule fois, ou ``None``.

    Celle d’une autre personne est effacée sans être lue.
    """
    suspendue = request.session.get(CLE)
    if not suspendue:
        return None
    sienne = suspendue.get("compte") == str(request.user.pk)
    if sienne and request.path not in suspendue["chemins"]:
        return None
    del request.session[CLE]
    return None if not sienne else QueryDict(suspendue["donnees"])


def donnees_recues(request) -> QueryDict | None:
    """Ce qu’un formulaire a à lire : l’envoi, ou la saisie retrouvée à l’ouverture de la page."""
    return request.POST if request.method == "POST" else reprendre(request)
