"""Découper une liste en pages, de la même façon partout."""

from django.core.paginator import Page, Paginator

PAR_PAGE = 25
PARAMETRE = "page"


def paginer(request, requete, par_page: int = PAR_PAGE, *, total: int | None = None) -> Page:
    """La page demandée par ``?page=`` ; une page illisible ou hors bornes rend la plus proche.

    ``requete`` est une requête triée ou une liste. Deux lectures en base au plus, quel que soit le
    nombre de lignes : le compte, puis la page. À montrer par ``composants/pagination.html``, qui garde
    les autres paramètres de l’adresse. ``total`` évite le compte à qui le connaît déjà.
    """
    pages = Paginator(requete, par_page)
    if total is not None:
        pages.count = total
    return pages.get_page(request.GET.get(PARAMETRE))
