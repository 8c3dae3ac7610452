"""Chaque bloc du pivot, mis en bandes et balisé : paragraphe, liste, paires, tableau, encadrés."""

from collections.abc import Iterable, Iterator

from dpd.documents import pdf_balises as balise
from dpd.documents import pdf_styles as style
from dpd.documents.modele import Alerte, AvisDecision, Bloc, Liste, Paires, Paragraphe, Tableau
from dpd.documents.pdf_balises import Balises, Element
from dpd.documents.pdf_bandes import Bande, Colonne, rangee
from dpd.documents.pdf_encadres import alerte, avis_decision
from dpd.documents.pdf_styles import CORPS_GAUCHE, CORPS_PLACE, MM
from dpd.documents.pdf_tableaux import tableau

# Au-delà de six lignes, un paragraphe peut passer d’une page à l’autre.
LIMITE_PARAGRAPHE = 6 * style.TEXTE.interligne + 4 * MM
LIBELLE_PLACE = 44 * MM
GOUTTIERE = 2 * MM
PUCE_X, PUCE_TEXTE = 1.1 * MM, 4.5 * MM


def bandes(bloc: Bloc, balises: Balises, pere: Element) -> Iterator[Bande]:
    """Les bandes d’un bloc, dans l’ordre de lecture ; ses éléments s’ajoutent à ``pere``."""
    match bloc:
        case Paragraphe():
            return _paragraphe(bloc, balises, pere)
        case Liste():
            return _liste(bloc, balises, pere)
        case Paires():
            return paires(bloc.lignes, balises, pere)
        case Tableau():
            return tableau(bloc, balises, pere)
        case Alerte():
            return alerte(bloc.texte, balises, pere)
        case AvisDecision():
            return avis_decision(bloc, balises, pere)


def _paragraphe(bloc: Paragraphe, balises: Balises, pere: Element) -> Iterator[Bande]:
    if not bloc.texte.strip():
        return iter(())
    lettrage = style.TEXTE_DOUX if bloc.discret else style.TEXTE
    colonne = Colonne(CORPS_GAUCHE, CORPS_PLACE, bloc.texte, lettrage, balises.creer(b"P", pere))
    return rangee((colonne,), LIMITE_PARAGRAPHE, apres=1.5 * MM)


def _liste(bloc: Liste, balises: Balises, pere: Element) -> Iterator[Bande]:
    if not bloc.elements:
        return
    numerotation = balise.LISTE_NUMEROTEE if bloc.numerotee else balise.LISTE_A_PUCES
    liste = balises.creer(b"L", pere, numerotation)
    retrait = PUCE_TEXTE
    if bloc.numerotee:
        chiffres = len(str(len(bloc.elements)))
        retrait = max(retrait, style.TEXTE.mesure("0" * chiffres + ".") + 2 * PUCE_X)
    for rang, texte in enumerate(bloc.elements, start=1):
        element = balises.creer(b"LI", liste)
        puce = f"{rang}." if bloc.numerotee else "•"
        etiquette, corps = balises.creer(b"Lbl", element), balises.creer(b"LBody", element)
        x, place = CORPS_GAUCHE + retrait, CORPS_PLACE - retrait
        colonnes = (
            Colonne(CORPS_GAUCHE + PUCE_X, retrait, puce, style.TEXTE, etiquette),
            Colonne(x, place, texte, style.TEXTE, corps),
        )
        apres = 1.5 * MM if rang == len(bloc.elements) else 0.0
        yield from rangee(colonnes, LIMITE_PARAGRAPHE, apres=apres)


def paires(
    lignes: Iterable[tuple[str, str]],
    balises: Balises,
    pere: Element,
    gauche: float = CORPS_GAUCHE,
    place: float = CORPS_PLACE,
) -> Iterator[Bande]:
    """Libellé à gauche, valeur à droite : une liste de définitions."""
    liste = None
    for libelle, valeur in lignes:
        liste = liste or balises.creer(b"L", pere)
        element = balises.creer(b"LI", liste)
        etiquette, corps = balises.creer(b"Lbl", element), balises.creer(b"LBody", element)
        colonnes = (
            Colonne(gauche, LIBELLE_PLACE - GOUTTIERE, libelle, style.TEXTE_DOUX, etiquette),
            Colonne(gauche + LIBELLE_PLACE, place - LIBELLE_PLACE, valeur, style.TEXTE, corps),
        )
        yield from rangee(colonnes, LIMITE_PARAGRAPHE, avant=0.7 * MM, apres=0.7 * MM)
