"""Les encadrés : un manque, un avertissement, l’avis face à la décision, le cartouche d’une fiche."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from dpd.documents import pdf_styles as style
from dpd.documents.cesure import Lettrage, couper
from dpd.documents.modele import AvisDecision
from dpd.documents.pdf_balises import Balises, Element
from dpd.documents.pdf_bandes import Bande, Cadre, Filet, Texte
from dpd.documents.pdf_styles import CAPACITE, CORPS_GAUCHE, CORPS_PLACE, GAUCHE, MM, PLACE, Plume

CASES_PAR_RANG = 4
# Un encadré plus haut se continue dans un autre encadré, à la page suivante.
LIMITE = CAPACITE * 0.9


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne d’un volet, ``avant`` points sous la précédente."""

    texte: str
    lettrage: Lettrage
    element: Element
    avant: float = 0.0

    @property
    def hauteur(self) -> float:
        return self.avant + self.lettrage.interligne


@dataclass(frozen=True, slots=True)
class Gabarit:
    """La forme d’un encadré : sa place, ses marges intérieures, ses traits."""

    x: float
    largeur: float
    marge_x: float
    marge_y: float
    rayon: float
    plume: Plume
    cloison: Plume | None = None


MANQUE = Gabarit(CORPS_GAUCHE, CORPS_PLACE, 3 * MM, 2 * MM, 1 * MM, style.BORD_MANQUE)
AVERTISSEMENT = Gabarit(GAUCHE, PLACE, 3 * MM, 2 * MM, 1.5 * MM, style.BORD)
DECISION = Gabarit(CORPS_GAUCHE, CORPS_PLACE, 3 * MM, 3 * MM, 1.5 * MM, style.BORD, style.BORD_DECISION)
CARTOUCHE = Gabarit(GAUCHE, PLACE, 3 * MM, 2 * MM, 1.5 * MM, style.FILET_FORT, style.FILET)


def lignes(texte: str, lettrage: Lettrage, element: Element, place: float, avant: float = 0.0) -> list[Ligne]:
    """Les lignes d’un texte dans un volet."""
    coupees = couper(texte, lettrage, place)
    return [Ligne(ligne, lettrage, element, 0.0 if rang else avant) for rang, ligne in enumerate(coupees)]


def encadrer(
    gabarit: Gabarit, volets: Sequence[list[Ligne]], avant: float = 0.0, apres: float = 0.0
) -> Iterator[Bande]:
    """Des volets de même largeur dans un même cadre, débités en plusieurs cadres s’ils sont trop hauts."""
    debites = [list(_debiter(volet, LIMITE - 2 * gabarit.marge_y)) for volet in volets]
    for rang in range(max((len(parts) for parts in debites), default=0)):
        presents = [parts[rang] if rang < len(parts) else [] for parts in debites]
        yield _un_cadre(gabarit, presents, avant, apres)


def _debiter(volet: list[Ligne], limite: float) -> Iterator[list[Ligne]]:
    part: list[Ligne] = []
    hauteur = 0.0
    for ligne in volet:
        if part and hauteur + ligne.hauteur > limite:
            yield part
            part, hauteur = [], 0.0
        part.append(ligne)
        hauteur += ligne.hauteur
    if part:
        yield part


def _un_cadre(gabarit: Gabarit, volets: Sequence[list[Ligne]], avant: float, apres: float) -> Bande:
    large = gabarit.largeur / len(volets)
    contenu = max(sum(ligne.hauteur for ligne in volet) for volet in volets)
    hauteur = contenu + 2 * gabarit.marge_y
    bande = Bande(avant + hauteur + apres)
    bande.traits.append(Cadre(gabarit.x, avant, gabarit.largeur, hauteur, gabarit.rayon, gabarit.plume))
    for rang, volet in enumerate(volets):
        x = gabarit.x + rang * large
        if rang and gabarit.cloison:
            bande.traits.append(Filet(x, avant, x, avant + hauteur, gabarit.cloison))
        bande.textes.extend(_textes(volet, x + gabarit.marge_x, avant + gabarit.marge_y))
    return bande


def _textes(volet: list[Ligne], x: float, y: float) -> list[Texte]:
    """Les lignes d’un même élément forment un seul contenu marqué."""
    textes: list[Texte] = []
    for ligne in volet:
        y += ligne.avant
        dernier = textes[-1] if textes else None
        if dernier and dernier.element is ligne.element and not ligne.avant:
            dernier.lignes = (*dernier.lignes, ligne.texte)
        else:
            textes.append(Texte(x, y, (ligne.texte,), ligne.lettrage, ligne.element))
        y += ligne.lettrage.interligne
    return textes


def _simple(gabarit: Gabarit, texte: str, lettrage: Lettrage, balises: Balises, pere: Element) -> list[Ligne]:
    """Le volet unique d’un encadré d’une phrase ; vide si la phrase l’est."""
    if not texte.strip():
        return []
    return lignes(texte, lettrage, balises.creer(b"P", pere), gabarit.largeur - 2 * gabarit.marge_x)


def alerte(texte: str, balises: Balises, pere: Element) -> Iterator[Bande]:
    """Un manque, nommé dans un cadre de tirets."""
    volet = _simple(MANQUE, texte, style.MENTION, balises, pere)
    return encadrer(MANQUE, [volet], avant=1 * MM, apres=1 * MM)


def avertissement(texte: str, balises: Balises, pere: Element) -> Iterator[Bande]:
    """Ce que le document tait, dit avant tout le reste."""
    volet = _simple(AVERTISSEMENT, texte, style.TEXTE_DEMI, balises, pere)
    return encadrer(AVERTISSEMENT, [volet], apres=5 * MM)


def avis_decision(bloc: AvisDecision, balises: Balises, pere: Element) -> Iterator[Bande]:
    """L’avis du délégué à gauche, la décision du responsable à droite : deux volets, jamais mêlés."""
    place = DECISION.largeur / 2 - 2 * DECISION.marge_x
    volets = []
    for textes in (bloc.avis, bloc.decision):
        volet: list[Ligne] = []
        section = balises.creer(b"Sect", pere) if textes else pere
        for rang, texte in enumerate(textes):
            element = balises.creer(b"P" if rang else b"H3", section)
            lettrage = style.TEXTE if rang else style.TEXTE_DEMI
            avant = (0.0, 1 * MM, 1.5 * MM)[min(rang, 2)]
            volet.extend(lignes(texte, lettrage, element, place, avant))
        volets.append(volet)
    return encadrer(DECISION, volets, apres=1.5 * MM)


def cartouche(cases: Sequence[tuple[str, str]], balises: Balises, pere: Element) -> Iterator[Bande]:
    """L’identité de la fiche : libellé au-dessus, valeur en dessous, quatre cases au plus par rang."""
    if not cases:
        return
    liste = balises.creer(b"L", pere)
    # Des rangs de même longueur, à une case près.
    par_rang = ceil(len(cases) / ceil(len(cases) / CASES_PAR_RANG))
    place = CARTOUCHE.largeur / par_rang - 2 * CARTOUCHE.marge_x
    for debut in range(0, len(cases), par_rang):
        volets = []
        for libelle, valeur in cases[debut : debut + par_rang]:
            case = balises.creer(b"LI", liste)
            titre, corps = balises.creer(b"Lbl", case), balises.creer(b"LBody", case)
            volets.append(
                lignes(libelle, style.CARTOUCHE, titre, place)
                + lignes(valeur, style.TEXTE_DEMI, corps, place)
            )
        volets += [[] for _ in range(par_rang - len(volets))]
        yield from encadrer(CARTOUCHE, volets, apres=5 * MM if debut + par_rang >= len(cases) else 0.0)
