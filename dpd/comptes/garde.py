"""Ce que toute requête passe d’abord, et ce que toute réponse porte."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

NUL = "\0"


class PermissionsRefusees:
    """Aucune page n’a besoin du micro, de la caméra ou de la position : on le dit au navigateur."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.politique = ", ".join(f"{nom}=()" for nom in settings.PERMISSIONS_REFUSEES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        reponse.setdefault("Permissions-Policy", self.politique)
        return reponse


class OctetsNuls:
    """Un octet nul ne se tape pas, et PostgreSQL le refuse : la demande est arrêtée avant toute lecture.

    Un fichier déposé n’est pas concerné : son lecteur en juge.

    :raises BadRequest: si l’adresse, un en-tête, un témoin ou un champ en porte un (réponse 400).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        entetes = (valeur for nom, valeur in request.META.items() if nom.startswith("HTTP_"))
        lus = (request.path_info, *entetes, *request.COOKIES.values())
        if "%00" in request.META.get("QUERY_STRING", "") or any(NUL in texte for texte in lus):
            raise BadRequest("Octet nul dans la demande.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func, view_args, view_kwargs) -> None:
        try:
            champs = request.POST.lists()
        except UnreadablePostError:  # l’envoi s’est interrompu : la protection des formulaires en juge
            return
        if any(NUL in texte for nom, valeurs in champs for texte in (nom, *valeurs)):
            raise BadRequest("Octet nul dans un champ.")
