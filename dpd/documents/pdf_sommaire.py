"""Les pages liminaires d’un registre : la page de garde, puis le sommaire cliquable.

Les pages du sommaire sont réservées au début et dessinées à la fin, quand chaque fiche a sa page :
tout le document s’écrit en une seule passe.
"""

from array import array
from collections.abc import Iterator, Sequence

from dpd.documents import pdf_styles as style
from dpd.documents.apropos import informations
from dpd.documents.cesure import couper, tronquer
from dpd.documents.modele import Document
from dpd.documents.pdf_balises import Balises, Element
from dpd.documents.pdf_bandes import Bande, Colonne, rangee
from dpd.documents.pdf_blocs import paires
from dpd.documents.pdf_encadres import avertissement
from dpd.documents.pdf_flux import Page
from dpd.documents.pdf_pages import Pages
from dpd.documents.pdf_styles import BAS_CONTENU, CAPACITE, DROITE, GAUCHE, HAUT_SUITE, HAUT_TITRE, MM, PLACE

TITRE = "Sommaire"
SANS_TITRE = "Fiche sans titre"
RENVOI = 16 * MM  # la place du numéro de page, à droite
INTERVALLE = 0.9 * MM
LIGNES_PAR_TITRE = 3


def page_de_garde(pages: Pages, document: Document, vide: bool) -> int:
    """Qui, quoi, quand, et de quoi vérifier ; rend le numéro d’objet de la page."""
    balises = pages.toile.balises
    partie = balises.creer(b"Sect", balises.document)
    tete = pages.garde()
    page = pages.ouvrir(tete, tete, haut=HAUT_TITRE + 24 * MM)
    pages.couler(_garde(document, balises, partie, vide))
    pages.fermer()
    return page.numero


def _garde(document: Document, balises: Balises, partie: Element, vide: bool) -> Iterator[Bande]:
    entete = document.entete
    organisme = Colonne(GAUCHE, PLACE, entete.organisme, style.TITRE_2, balises.creer(b"P", partie))
    yield from rangee((organisme,), CAPACITE / 4, apres=2 * MM)
    titre = Colonne(GAUCHE, PLACE, entete.titre, style.TITRE_GARDE, balises.creer(b"H1", partie))
    yield from rangee((titre,), CAPACITE / 4, apres=3 * MM)
    if entete.nature:
        nature = Colonne(GAUCHE, PLACE, entete.nature, style.TEXTE_DOUX, balises.creer(b"P", partie))
        yield from rangee((nature,), CAPACITE / 4)
    yield Bande(10 * MM)
    yield from avertissement(document.avertissement, balises, partie)
    tus = {"Document", "Avertissement"}
    lignes = [(libelle, valeur) for libelle, valeur in informations(document) if libelle not in tus]
    if document.sommaire:
        lignes.insert(-1, ("Nombre d’entrées", str(len(document.sommaire))))
    yield from paires(lignes, balises, partie, GAUCHE, PLACE)
    if vide:
        yield Bande(5 * MM)
        texte = "Ce document ne contient aucune fiche."
        yield from rangee(
            (Colonne(GAUCHE, PLACE, texte, style.TEXTE, balises.creer(b"P", partie)),), CAPACITE
        )


class Sommaire:
    """Le sommaire : ses pages réservées, et la page où commence chaque fiche."""

    def __init__(self, pages: Pages, titres: Sequence[str]) -> None:
        self._pages = pages
        self._titres = titres
        self._departs = list(_departs(titres))
        self._reservees = [pages.toile.flux.reserver_page() for _ in self._departs]
        self._objets, self._rangs = array("L"), array("L")
        balises = pages.toile.balises
        # À sa place dans l’ordre de lecture, mais ses fils ne viendront qu’à la fin.
        self._partie = balises.ouvrir(b"Sect", balises.document)

    @property
    def premiere_page(self) -> int:
        return self._reservees[0].numero

    def noter(self, page: int, rang: int) -> None:
        """La fiche suivante commence à cette page (numéro d’objet, et rang à partir de 0)."""
        self._objets.append(page)
        self._rangs.append(rang)

    def ecrire(self) -> None:
        """Dessine les pages réservées. ``ValueError`` si les fiches ne sont pas celles annoncées."""
        if len(self._objets) != len(self._titres):
            raise ValueError(f"{len(self._titres)} titres au sommaire, {len(self._objets)} fiches écrites.")
        balises = self._pages.toile.balises
        titre = Colonne(GAUCHE, PLACE, TITRE, style.TITRE_1, balises.creer(b"H1", self._partie))
        table = balises.ouvrir(b"TOC", self._partie)
        fins = [*self._departs[1:], len(self._titres)]
        for page, debut, fin in zip(self._reservees, self._departs, fins, strict=True):
            tete = self._pages.garde()
            self._pages.ouvrir(tete, tete, HAUT_SUITE if debut else HAUT_TITRE, page)
            if not debut:
                self._pages.couler(rangee((titre,), CAPACITE, apres=5 * MM))
            for numero in range(debut, fin):
                self._entree(numero, page, balises.creer(b"TOCI", table))
            self._pages.fermer()
            if debut:
                balises.ecrire()
        balises.clore(table)
        balises.clore(self._partie)

    def _entree(self, numero: int, page: Page, element: Element) -> None:
        pages, toile, balises = self._pages, self._pages.toile, self._pages.toile.balises
        lien = balises.creer(b"Link", balises.creer(b"Reference", element))
        lignes = _lignes(self._titres[numero])
        renvoi = str(self._rangs[numero] + 1)
        x = DROITE - style.TEXTE.mesure(renvoi)
        haut, bas = pages.y, pages.y + len(lignes) * style.TEXTE.interligne
        toile.contenu(lien)
        toile.poser(GAUCHE, haut, (*lignes[:-1], f"{lignes[-1]} "), style.TEXTE)
        toile.poser(x, bas - style.TEXTE.interligne, (renvoi,), style.TEXTE)
        toile.fin()
        toile.artefact()
        toile.tracer(style.POINTILLES)
        base = bas - style.TEXTE.interligne + style.TEXTE.base
        depart = GAUCHE + style.TEXTE.mesure(lignes[-1]) + 1.5 * MM
        if depart < x - 1.5 * MM:
            toile.filet(depart, base, x - 1.5 * MM, base)
        toile.fin()
        toile.lien(
            lien, (GAUCHE, haut, DROITE, bas), self._objets[numero], f"{''.join(lignes)}, page {renvoi}"
        )
        pages.descendre(bas - haut + INTERVALLE)


def _lignes(titre: str) -> tuple[str, ...]:
    place = PLACE - RENVOI
    lignes = couper(titre, style.TEXTE, place) or (SANS_TITRE,)
    if len(lignes) <= LIGNES_PAR_TITRE:
        return lignes
    fin = "".join(lignes[LIGNES_PAR_TITRE - 1 : LIGNES_PAR_TITRE + 1])
    return (*lignes[: LIGNES_PAR_TITRE - 1], tronquer(fin, style.TEXTE, place))


def _departs(titres: Sequence[str]) -> Iterator[int]:
    """Le premier titre de chaque page du sommaire."""
    yield 0
    y = HAUT_TITRE + style.TITRE_1.interligne + 5 * MM
    for numero, titre in enumerate(titres):
        hauteur = len(_lignes(titre)) * style.TEXTE.interligne
        if y + hauteur > BAS_CONTENU:
            yield numero
            y = HAUT_SUITE
        y += hauteur + INTERVALLE
