"""Un tableau : en-tête répété à chaque page, ligne jamais coupée si elle tient sur une page."""

from collections.abc import Iterator

from dpd.documents import pdf_balises as balise
from dpd.documents import pdf_styles as style
from dpd.documents.modele import Tableau
from dpd.documents.pdf_balises import Balises, Element
from dpd.documents.pdf_bandes import Bande, Colonne, Filet, en_decor, rangee
from dpd.documents.pdf_styles import CAPACITE, CORPS_GAUCHE, CORPS_PLACE, DROITE, MM, Plume

MARGE = 1.6 * MM  # au-dessus et au-dessous du texte d’une cellule
GOUTTIERE = 3 * MM  # à droite du texte d’une cellule
# Un en-tête plus haut ne laisserait plus de place aux lignes : il n’est alors pas répété.
ENTETE_MAXIMAL = CAPACITE / 4


def tableau(bloc: Tableau, balises: Balises, pere: Element) -> Iterator[Bande]:
    """Les bandes d’un tableau. ``ValueError`` si une ligne n’a pas autant de cellules que de colonnes."""
    if not bloc.colonnes:
        return
    element = balises.creer(b"Table", pere)
    abscisses = _abscisses(bloc)
    if bloc.legende:
        legende = balises.creer(b"Caption", element)
        colonne = Colonne(CORPS_GAUCHE, CORPS_PLACE, bloc.legende, style.NOTE, legende)
        for bande in rangee((colonne,), CAPACITE / 2, apres=1 * MM):
            bande.solidaire = True
            yield bande
    entete = list(_entete(bloc, abscisses, balises, element))
    rappel = en_decor(entete[0]) if len(entete) == 1 else None
    limite = CAPACITE - (rappel.hauteur if rappel else 0.0)
    for bande in entete:
        bande.solidaire = True
        yield bande
    for ligne in bloc.lignes:
        for bande in _ligne(bloc, ligne, abscisses, limite, balises, element):
            bande.rappel = rappel
            yield bande


def _abscisses(bloc: Tableau) -> list[tuple[float, float]]:
    """Pour chaque colonne : son bord gauche et la place de son texte."""
    total = sum(colonne.largeur for colonne in bloc.colonnes)
    x, abscisses = CORPS_GAUCHE, []
    for rang, colonne in enumerate(bloc.colonnes, start=1):
        large = CORPS_PLACE * colonne.largeur / total
        marge = 0.0 if rang == len(bloc.colonnes) and colonne.nombre else GOUTTIERE
        abscisses.append((x, max(large - marge, 1.0)))
        x += large
    return abscisses


def _sous(plume: Plume) -> Filet:
    return Filet(CORPS_GAUCHE, 0.0, DROITE, 0.0, plume)


def _entete(
    bloc: Tableau, abscisses: list[tuple[float, float]], balises: Balises, pere: Element
) -> Iterator[Bande]:
    if not any(colonne.titre for colonne in bloc.colonnes):
        return iter(())
    rang = balises.creer(b"TR", pere)
    colonnes = [
        Colonne(
            x,
            place,
            colonne.titre,
            style.NOTE,
            balises.creer(b"TH", rang, balise.ENTETE_DE_COLONNE),
            colonne.nombre,
        )
        for colonne, (x, place) in zip(bloc.colonnes, abscisses, strict=True)
    ]
    return rangee(colonnes, ENTETE_MAXIMAL, avant=MARGE, apres=MARGE, trait=_sous(style.FILET_ENTETE))


def _ligne(
    bloc: Tableau,
    ligne: tuple[str, ...],
    abscisses: list[tuple[float, float]],
    limite: float,
    balises: Balises,
    pere: Element,
) -> Iterator[Bande]:
    if len(ligne) != len(bloc.colonnes):
        raise ValueError(f"Ligne de {len(ligne)} cellules dans un tableau de {len(bloc.colonnes)} colonnes.")
    rang = balises.creer(b"TR", pere)
    colonnes = []
    for numero, (texte, colonne, (x, place)) in enumerate(zip(ligne, bloc.colonnes, abscisses, strict=True)):
        if numero == 0:
            cellule = balises.creer(b"TH", rang, balise.ENTETE_DE_LIGNE)
        else:
            cellule = balises.creer(b"TD", rang)
        lettrage = style.CELLULE if numero else style.CELLULE_DEMI
        colonnes.append(Colonne(x, place, texte, lettrage, cellule, colonne.nombre))
    return rangee(colonnes, limite, avant=MARGE, apres=MARGE, trait=_sous(style.FILET))
