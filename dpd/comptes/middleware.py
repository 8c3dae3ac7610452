"""Connexion obligatoire par défaut, session bornée, droits lus une fois, double facteur exigé."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from dpd.comptes.droits import Acces
from dpd.comptes.saisie import page_d_origine, retenir_le_compte, suspendre
from dpd.comptes.sessions import est_trop_vieille, prolonger

# Un fragment qui se relit seul, sans que personne n’agisse.
EN_VEILLE = "X-Veille"
FIN_DE_VEILLE = 286  # htmx cesse de relire
# Pages ouvertes à qui doit encore activer son double facteur.
OUVERTES_SANS_DOUBLE_FACTEUR = ("mfa_", "account_")
NOMS_OUVERTS = {"theme", "aide", "accessibilite", "donnees_personnelles", "mentions_legales", "plan"}
DOUBLE_FACTEUR = "double_facteur_actif"


def rediriger(request, adresse: str) -> HttpResponse:
    """Change de page ; un fragment htmx ne reçoit jamais une page entière à insérer."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(adresse)})
    return redirect(adresse)


class DureeAbsolue:
    """Trente minutes après la dernière page, ou douze heures après la connexion, la session se ferme.

    Un fragment en veille ne la prolonge pas : un écran laissé seul se ferme quand même.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            maintenant = timezone.now()
            if est_trop_vieille(request, maintenant):
                logout(request)
            elif EN_VEILLE not in request.headers:
                prolonger(request, maintenant)
        reponse = self.get_response(request)
        if request.user.is_authenticated:
            retenir_le_compte(request, reponse)
        return reponse


class ConnexionObligatoire(LoginRequiredMiddleware):
    """Une saisie envoyée après l’expiration de la session est gardée, puis rendue à la reconnexion.

    Un fragment en veille le dit sans chasser la page, où la personne écrit peut-être.
    """

    def handle_no_permission(self, request, view_func):
        if request.htmx and EN_VEILLE in request.headers:
            reponse = render(request, "comptes/_veille_finie.html", status=FIN_DE_VEILLE)
            reponse["HX-Reswap"] = "beforebegin"
            return reponse
        if request.method == "POST":
            suspendre(request)
        connexion = resolve_url(self.get_login_url(view_func))
        suite = urlencode({self.get_redirect_field_name(view_func): page_d_origine(request)}, safe="/")
        return rediriger(request, f"{connexion}?{suite}")


class AccesDeLaRequete:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acces = SimpleLazyObject(lambda: Acces(request.user))
        request.collectivite = None
        request.structure = None
        reponse = self.get_response(request)
        if request.user.is_authenticated:
            # Poste partagé : ni le cache du navigateur ni « page précédente » ne rendent un registre.
            reponse.setdefault("Cache-Control", "no-store, private")
        return reponse


class DoubleFacteurObligatoire:
    """RGPD art. 32 : qui voit des centaines de registres prouve deux fois qui il est."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        nom = request.resolver_match.url_name or ""
        if nom.startswith("mfa_") and DOUBLE_FACTEUR in request.session:
            del request.session[DOUBLE_FACTEUR]  # il peut s’y éteindre : on le relira en base
        if (
            not settings.DOUBLE_FACTEUR_OBLIGATOIRE
            or not request.user.is_authenticated
            or nom in NOMS_OUVERTS
            or nom.startswith(OUVERTES_SANS_DOUBLE_FACTEUR)
            or self._est_en_regle(request)
        ):
            return None
        messages.warning(request, "Votre rôle demande un double facteur\u00a0: activez-le pour continuer.")
        return rediriger(request, "mfa_activate_totp")

    def _est_en_regle(self, request) -> bool:
        """Une lecture en base, une fois par session et après chaque page où il peut s’éteindre."""
        if not request.acces.par_structure:
            request.session.pop(DOUBLE_FACTEUR, None)
            return True
        if request.session.get(DOUBLE_FACTEUR) != request.user.pk and is_mfa_enabled(request.user):
            request.session[DOUBLE_FACTEUR] = request.user.pk
        return request.session.get(DOUBLE_FACTEUR) == request.user.pk
