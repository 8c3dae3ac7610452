"""La bande : ce qui ne se coupe pas en bas de page, et les façons d’en faire.

Toute la mise en page est une suite de bandes posées l’une sous l’autre. Ce qui est plus haut qu’une
page se débite en bandes d’une ligne.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dpd.documents.cesure import Lettrage, couper
from dpd.documents.pdf_balises import Element
from dpd.documents.pdf_styles import Plume
from dpd.documents.pdf_toile import Toile


@dataclass(slots=True)
class Texte:
    """Des lignes à poser à ``x``, ``y`` points sous le haut de la bande ; sans élément : du décor."""

    x: float
    y: float
    lignes: tuple[str, ...]
    lettrage: Lettrage
    element: Element | None


@dataclass(frozen=True, slots=True)
class Filet:
    x1: float
    y1: float
    x2: float
    y2: float
    plume: Plume


@dataclass(frozen=True, slots=True)
class Cadre:
    x: float
    y: float
    largeur: float
    hauteur: float
    rayon: float
    plume: Plume


@dataclass(slots=True)
class Bande:
    """Ce qui reste d’un seul tenant, et comment il s’accorde avec ses voisines."""

    hauteur: float
    textes: list[Texte] = field(default_factory=list)
    traits: list[Filet | Cadre] = field(default_factory=list)
    solidaire: bool = False  # ne quitte pas la bande suivante
    rappel: "Bande | None" = None  # redessinée au-dessus de celle-ci si elle commence une page
    separation: Filet | None = None  # sépare de ce qui précède : inutile en haut de page


@dataclass(frozen=True, slots=True)
class Colonne:
    """Un texte dans sa colonne, avant d’être coupé en lignes."""

    x: float
    place: float
    texte: str
    lettrage: Lettrage
    element: Element | None
    a_droite: bool = False


def dessiner(toile: Toile, bande: Bande, haut: float, en_haut_de_page: bool = False) -> None:
    """Dessine une bande, ses traits d’abord, dont le haut est à ``haut``."""
    separation = [bande.separation] if bande.separation and not en_haut_de_page else []
    if traits := [*separation, *bande.traits]:
        toile.artefact()
        for trait in traits:
            toile.tracer(trait.plume)
            if isinstance(trait, Filet):
                toile.filet(trait.x1, haut + trait.y1, trait.x2, haut + trait.y2)
            else:
                toile.cadre(trait.x, haut + trait.y, trait.largeur, trait.hauteur, trait.rayon)
        toile.fin()
    for texte in bande.textes:
        if texte.element is None:
            toile.artefact()
        else:
            toile.contenu(texte.element)
        toile.poser(texte.x, haut + texte.y, texte.lignes, texte.lettrage)
        toile.fin()


def en_decor(bande: Bande) -> Bande:
    """La même bande, qu’un lecteur d’écran ne relira pas."""
    textes = [Texte(t.x, t.y, t.lignes, t.lettrage, None) for t in bande.textes]
    return Bande(bande.hauteur, textes, bande.traits)


def rangee(
    colonnes: Sequence[Colonne],
    limite: float,
    avant: float = 0.0,
    apres: float = 0.0,
    trait: Filet | None = None,
) -> Iterator[Bande]:
    """Des textes côte à côte : une bande si elle tient dans ``limite`` points, sinon une par ligne.

    ``trait`` se trace sous la dernière ligne ; son ordonnée se compte depuis le bas de la rangée.
    """
    coupees = [(colonne, couper(colonne.texte, colonne.lettrage, colonne.place)) for colonne in colonnes]
    hauteurs = [len(lignes) * colonne.lettrage.interligne for colonne, lignes in coupees]
    hauteur = avant + max(hauteurs, default=0.0) + apres
    if hauteur <= limite:
        textes = [t for colonne, lignes in coupees if lignes for t in _textes(colonne, avant, lignes)]
        yield Bande(hauteur, textes, _sous(trait, hauteur))
        return
    pas = max(colonne.lettrage.interligne for colonne in colonnes)
    nombre = max(len(lignes) for _, lignes in coupees)
    for rang in range(nombre):
        y = avant if rang == 0 else 0.0
        textes = [
            t for c, lignes in coupees if rang < len(lignes) for t in _textes(c, y, lignes[rang : rang + 1])
        ]
        derniere = rang == nombre - 1
        bande = Bande(y + pas + (apres if derniere else 0.0), textes)
        # Ni première ni dernière ligne seule en bas ou en haut de page.
        bande.solidaire = rang == 0 or rang == nombre - 2
        if derniere:
            bande.traits = _sous(trait, bande.hauteur)
        yield bande


def _sous(trait: Filet | None, hauteur: float) -> list[Filet | Cadre]:
    return [Filet(trait.x1, hauteur + trait.y1, trait.x2, hauteur + trait.y2, trait.plume)] if trait else []


def _textes(colonne: Colonne, y: float, lignes: tuple[str, ...]) -> list[Texte]:
    lettrage = colonne.lettrage
    if not colonne.a_droite:
        return [Texte(colonne.x, y, lignes, lettrage, colonne.element)]
    droite = colonne.x + colonne.place
    return [
        Texte(
            droite - lettrage.mesure(ligne.rstrip(" ")),
            y + rang * lettrage.interligne,
            (ligne,),
            lettrage,
            colonne.element,
        )
        for rang, ligne in enumerate(lignes)
    ]
