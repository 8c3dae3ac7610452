"""Les balises d’un PDF accessible : titres, paragraphes, listes, tableaux (ISO 32000-1 §14.7).

Un élément naît avec son numéro ; il s’écrit, avec tous ceux de sa fiche, quand la fiche est finie.
"""

from array import array
from dataclasses import dataclass, field

from dpd.documents.pdf_flux import DocumentEnFlux, Page, references
from dpd.documents.surete import sans_controle

CLES_PAR_FEUILLE = 256

ENTETE_DE_COLONNE = b"/A<</O/Table/Scope/Column>>"
ENTETE_DE_LIGNE = b"/A<</O/Table/Scope/Row>>"
LISTE_NUMEROTEE = b"/A<</O/List/ListNumbering/Decimal>>"
LISTE_A_PUCES = b"/A<</O/List/ListNumbering/Disc>>"


def chaine(texte: str) -> bytes:
    """Un texte PDF, en UTF-16 et en hexadécimal : rien à échapper (§7.9.2.2)."""
    return b"<" + ("\ufeff" + sans_controle(texte)).encode("utf-16-be").hex().encode() + b">"


@dataclass(slots=True)
class Element:
    """Un nœud de l’arbre : son type, son père, et ses contenus ou ses fils, dans l’ordre de lecture."""

    numero: int
    type: bytes
    pere: int
    attributs: bytes = b""
    page: int = 0
    fils: list[bytes] = field(default_factory=list)


class Balises:
    """L’arbre de structure du document, écrit au fil des fiches."""

    def __init__(self, flux: DocumentEnFlux) -> None:
        self._flux = flux
        self.racine = flux.reserver()
        self._en_attente: list[Element] = []
        self._parents = array("L")  # par clé : l’objet qui dit à quel élément va chaque contenu
        self.document = Element(flux.reserver(), b"Document", self.racine)

    def creer(self, type_: bytes, pere: Element, attributs: bytes = b"") -> Element:
        """Un nouvel élément, dernier fils de ``pere``, écrit au prochain ``ecrire``."""
        element = self.ouvrir(type_, pere, attributs)
        self.clore(element)
        return element

    def ouvrir(self, type_: bytes, pere: Element, attributs: bytes = b"") -> Element:
        """Un nouvel élément qui attend encore des fils : il ne s’écrira qu’une fois clos."""
        element = Element(self._flux.reserver(), type_, pere.numero, attributs)
        pere.fils.append(b"%d 0 R" % element.numero)
        return element

    def clore(self, element: Element) -> None:
        """L’élément s’écrira avec les prochains."""
        self._en_attente.append(element)

    def cle(self) -> int:
        """Une clé de l’arbre des parents : une par page et par lien."""
        self._parents.append(0)
        return len(self._parents) - 1

    def marquer(self, element: Element, page: Page) -> int:
        """Rattache à ``element`` le prochain contenu marqué de la page ; rend son numéro dans la page."""
        rang = len(page.marques)
        page.marques.append(element.numero)
        if not element.page:
            element.page = page.numero
        if element.page == page.numero:
            element.fils.append(b"%d" % rang)
        else:
            element.fils.append(b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (page.numero, rang))
        return rang

    def lier(self, element: Element, page: Page, annotation: int, cle: int) -> None:
        """Fait de l’annotation le second contenu d’un élément ``Link``."""
        element.fils.append(b"<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>" % (page.numero, annotation))
        self._parents[cle] = element.numero

    def finir_page(self, page: Page) -> None:
        """Écrit, pour la page, l’élément de chaque contenu marqué."""
        self._parents[page.cle] = self._flux.objet(b"[%b]" % references(page.marques))

    def ecrire(self) -> None:
        """Écrit les éléments en attente ; ils ne peuvent plus recevoir de contenu."""
        for element in self._en_attente:
            self._ecrire(element)
        self._en_attente.clear()

    def _ecrire(self, element: Element) -> None:
        page = b"/Pg %d 0 R" % element.page if element.page else b""
        self._flux.objet(
            b"<</S/%b/P %d 0 R%b%b/K[%b]>>"
            % (element.type, element.pere, page, element.attributs, b" ".join(element.fils)),
            element.numero,
        )

    def terminer(self) -> None:
        """Écrit la racine de l’arbre et l’arbre des parents (§14.7.4.4)."""
        self.ecrire()
        self._ecrire(self.document)
        feuilles = []
        for debut in range(0, len(self._parents), CLES_PAR_FEUILLE):
            numeros = self._parents[debut : debut + CLES_PAR_FEUILLE]
            paires = b" ".join(b"%d %d 0 R" % paire for paire in enumerate(numeros, start=debut))
            fin = debut + len(numeros) - 1
            feuilles.append(self._flux.objet(b"<</Limits[%d %d]/Nums[%b]>>" % (debut, fin, paires)))
        parents = self._flux.objet(b"<</Kids[%b]>>" % references(feuilles))
        self._flux.objet(
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (self.document.numero, parents, len(self._parents)),
            self.racine,
        )
