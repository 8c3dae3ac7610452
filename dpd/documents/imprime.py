"""Ce qui s’imprime pour le public : un courrier, une affiche. Peu de texte, de grandes lettres, rien d’autre.

Un courrier coule sur autant de pages qu’il faut ; une affiche prend les plus grandes lettres qui tiennent
sur sa feuille, A4 ou A3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dpd.documents import pdf_balises as balise
from dpd.documents.cesure import Lettrage, couper
from dpd.documents.modele import Entete, Liste, Paragraphe, Section
from dpd.documents.pdf_balises import Element
from dpd.documents.pdf_flux import A4, HAUTEUR, LARGEUR
from dpd.documents.pdf_identite import ecrire_identite
from dpd.documents.pdf_signets import Signets
from dpd.documents.pdf_styles import ENCRE, FILET_ENTETE, MM
from dpd.documents.pdf_toile import Toile
from dpd.documents.polices import Police

MARGE = 22 * MM
PLACE = LARGEUR - 2 * MARGE
HAUT, BAS = MARGE, HAUTEUR - MARGE
COURRIER = 11.5  # corps du texte, en points
AFFICHE = (20.0, 18.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0)
PUCE = "•"


@dataclass(frozen=True, slots=True)
class Imprime:
    """``tete`` : les lignes d’en haut, organisme d’abord ; les sections ne portent que textes et listes."""

    entete: Entete
    titre: str
    sections: tuple[Section, ...]
    tete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bloc:
    """Un texte mis en lignes. ``type`` : sa balise ; ``avant`` : l’espace au-dessus."""

    type: bytes
    lignes: tuple[str, ...]
    lettrage: Lettrage
    avant: float
    retrait: float = 0.0

    @property
    def hauteur(self) -> float:
        return self.avant + len(self.lignes) * self.lettrage.interligne


def ecrire_courrier(imprime: Imprime, sortie: BinaryIO) -> None:
    """Une lettre A4, sur autant de pages qu’il faut."""
    _ecrire(imprime, sortie, list(_blocs(imprime, COURRIER, grand=False)), A4, cadre=False)


def ecrire_affiche(imprime: Imprime, sortie: BinaryIO, echelle: float = A4) -> None:
    """Une affiche dans les plus grandes lettres qui tiennent ; trop longue, elle prend plusieurs feuilles.

    ``echelle`` : ``pdf_flux.A4`` ou ``pdf_flux.A3``.
    """
    for corps in AFFICHE:
        blocs = list(_blocs(imprime, corps, grand=True))
        if sum(bloc.hauteur for bloc in blocs) <= BAS - HAUT:
            break
    _ecrire(imprime, sortie, blocs, echelle, cadre=True)


def _blocs(imprime: Imprime, corps: float, grand: bool) -> Iterator[_Bloc]:
    texte, demi = _lettrage(corps), _lettrage(corps, demi=True)
    for rang, ligne in enumerate(imprime.tete):
        yield _bloc(b"P", ligne, texte if rang else demi, 0.0)
    titre = _lettrage(corps * (2.0 if grand else 1.5), demi=True, interligne=1.2)
    yield _bloc(b"H1", imprime.titre, titre, corps * (1.2 if imprime.tete else 0.0))
    for section in imprime.sections:
        if section.titre:
            entete = _lettrage(corps * (1.3 if grand else 1.15), demi=True, interligne=1.25)
            yield _bloc(b"H2", section.titre, entete, corps)
        yield from _corps(section, texte)


def _corps(section: Section, texte: Lettrage) -> Iterator[_Bloc]:
    for bloc in section.blocs:
        if isinstance(bloc, Paragraphe):
            yield _bloc(b"P", bloc.texte, texte, texte.corps * 0.35)
        elif isinstance(bloc, Liste):
            retrait = texte.mesure(PUCE) + texte.corps * 0.5
            yield from (
                _bloc(b"LI", element, texte, texte.corps * 0.25, retrait) for element in bloc.elements
            )
        else:
            raise TypeError("Un imprimé ne porte que des paragraphes et des listes.")


def _bloc(type_: bytes, texte: str, lettrage: Lettrage, avant: float, retrait: float = 0.0) -> _Bloc:
    return _Bloc(type_, couper(texte, lettrage, PLACE - retrait), lettrage, avant, retrait)


def _lettrage(corps: float, demi: bool = False, interligne: float = 1.4) -> Lettrage:
    return Lettrage(Police.DEMI if demi else Police.TEXTE, corps, corps * interligne, ENCRE)


class _Feuilles:
    """Pose les blocs de haut en bas, sans laisser un titre seul en bas de page."""

    def __init__(self, toile: Toile, cadre: bool) -> None:
        self.toile = toile
        self.cadre = cadre
        self.y = HAUT
        self.article = toile.balises.creer(b"Sect", toile.balises.document)
        self.liste: Element | None = None

    def ouvrir(self) -> int:
        numero = self.toile.ouvrir_page().numero
        self.y = HAUT
        if self.cadre:
            marge = MARGE / 2
            self.toile.artefact()
            self.toile.tracer(FILET_ENTETE)
            self.toile.cadre(marge, marge, LARGEUR - 2 * marge, HAUTEUR - 2 * marge, 3 * MM)
            self.toile.fin()
        return numero

    def poser(self, bloc: _Bloc, suivant: _Bloc | None) -> None:
        besoin = bloc.hauteur if bloc.type in (b"H1", b"H2") else bloc.avant + bloc.lettrage.interligne
        if bloc.type == b"H2" and suivant is not None:
            besoin += suivant.avant + suivant.lettrage.interligne
        if self.y > HAUT and self.y + besoin > BAS:
            self._tourner()
        self.y += bloc.avant if self.y > HAUT else 0.0
        element = self._element(bloc)
        for ligne in bloc.lignes:
            if self.y > HAUT and self.y + bloc.lettrage.interligne > BAS:
                self._tourner()
            self._ligne(element, MARGE + bloc.retrait, ligne, bloc.lettrage)
            self.y += bloc.lettrage.interligne

    def _element(self, bloc: _Bloc) -> Element:
        """L’élément du bloc ; une puce s’écrit avec lui, dans la liste en cours."""
        balises = self.toile.balises
        if bloc.type != b"LI":
            self.liste = None
            return balises.creer(bloc.type, self.article)
        if self.liste is None:
            self.liste = balises.creer(b"L", self.article, balise.LISTE_A_PUCES)
        point = balises.creer(b"LI", self.liste)
        self._ligne(balises.creer(b"Lbl", point), MARGE, PUCE, bloc.lettrage)
        return balises.creer(b"LBody", point)

    def _ligne(self, element: Element, x: float, ligne: str, lettrage: Lettrage) -> None:
        self.toile.contenu(element)
        self.toile.poser(x, self.y, (ligne,), lettrage)
        self.toile.fin()

    def _tourner(self) -> None:
        self.toile.fermer_page()
        self.ouvrir()


def _ecrire(imprime: Imprime, sortie: BinaryIO, blocs: list[_Bloc], echelle: float, cadre: bool) -> None:
    toile = Toile(sortie)
    toile.flux.echelle = echelle
    feuilles, signets = _Feuilles(toile, cadre), Signets(toile.flux)
    signets.ajouter(imprime.titre, feuilles.ouvrir())
    for bloc, suivant in zip(blocs, [*blocs[1:], None], strict=True):
        feuilles.poser(bloc, suivant)
    toile.fermer_page()
    toile.balises.terminer()
    signets.terminer()
    racine, info = ecrire_identite(
        toile.flux, imprime.entete, imprime.titre, toile.balises.racine, signets.racine
    )
    toile.flux.terminer(racine, info)
