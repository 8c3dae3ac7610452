"""Découper une liste en pages, de la même façon partout."""

from django.core.paginator import Page, Paginator

PAR_PAGE = 25
PARAMETRE = "page"
CHIFFRES = 6  # d’un numéro de page que l’on croit


class _SansFin(Paginator):
    """Dit s’il y a une page de plus, non combien il y en a."""

    sans_fin = True


def paginer(
    request,
    requete,
    par_page: int = PAR_PAGE,
    *,
    total: int | None = None,
    parametre: str = PARAMETRE,
) -> Page:
    """La page demandée par ``?page=`` ; une page illisible ou hors bornes rend la plus proche.

    ``requete`` est une requête triée ou une liste. Deux lectures en base au plus, quel que soit le
    nombre de lignes : le compte, puis la page. À montrer par ``composants/pagination.html``, qui garde
    les autres paramètres de l’adresse. ``total`` évite le compte à qui le connaît déjà ; ``parametre`` :
    celui de la seconde liste d’un même écran, qui tourne ses pages à part.
    """
    pages = Paginator(requete, par_page)
    if total is not None:
        pages.count = total
    page = pages.get_page(request.GET.get(parametre))
    page.parametre = parametre
    return page


def feuilleter(request, requete, par_page: int = PAR_PAGE) -> Page:
    """Comme ``paginer``, pour une liste qui croît des années : on n’y compte que jusqu’à la page suivante.

    Une page illisible rend la première, une page au-delà de la fin la dernière.
    """
    demandee = request.GET.get(PARAMETRE, "")
    numero = max(1, int(demandee)) if demandee.isdecimal() and len(demandee) <= CHIFFRES else 1
    pages = _SansFin(requete, par_page)
    pages.count = requete[: numero * par_page + 1].count()
    page = pages.get_page(numero)
    page.parametre = PARAMETRE
    return page
