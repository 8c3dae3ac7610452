"""Le document de reportlab, écrit page après page au lieu d’être gardé en mémoire.

reportlab tient le canevas, les polices et leurs sous-ensembles ; ce module écrit tout dès que c’est
complet. Il remplace ``addPage``, ``addForm`` et ``SaveToFile``, que le canevas appelle.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from reportlab.pdfbase import pdfdoc

from dpd.documents.pdf_fichier import Fichier
from dpd.documents.polices import VERROU

PAGES_PAR_NOEUD = 256
LARGEUR, HAUTEUR = 595.28, 841.89  # A4, en points
A4, A3 = 1.0, 2**0.5  # agrandissement de la feuille


def references(numeros: Iterable[int]) -> bytes:
    """Une suite de références à des objets."""
    return b" ".join(b"%d 0 R" % numero for numero in numeros)


@dataclass(slots=True)
class Page:
    """Une page en cours : son objet, sa place dans l’arbre des balises, ses liens."""

    numero: int
    rang: int  # dans l’ordre de lecture, à partir de 0
    cle: int = 0
    marques: list[int] = field(default_factory=list)  # l’élément de structure de chaque contenu marqué
    liens: list[int] = field(default_factory=list)


class DocumentEnFlux(pdfdoc.PDFDocument):
    """Un document PDF dont chaque page part vers la sortie dès qu’elle est finie."""

    def __init__(self, sortie: BinaryIO) -> None:
        super().__init__(dummyoutline=1, compression=1, invariant=1)
        self.fichier = Fichier(sortie, self.reserver)
        self.page: Page | None = None
        self.echelle = A4
        self._pages = array("L")  # numéros d’objets, dans l’ordre de lecture
        self._noeuds: list[int] = []
        self._formulaires: dict[str, int] = {}
        self._ressources, self.arbre = self.reserver(), self.reserver()

    def reserver(self) -> int:
        """Un numéro pour un objet qui sera écrit plus tard."""
        self.objectcounter += 1
        return self.objectcounter

    def objet(self, corps: bytes, numero: int | None = None) -> int:
        """Écrit un petit objet et rend son numéro."""
        if numero is None:
            numero = self.reserver()
        self.fichier.objet(numero, corps)
        return numero

    def reserver_page(self) -> Page:
        """La place de la page suivante dans l’ordre de lecture ; elle peut être dessinée plus tard."""
        page = Page(self.reserver(), len(self._pages))
        self._pages.append(page.numero)
        if page.rang // PAGES_PAR_NOEUD == len(self._noeuds):
            self._noeuds.append(self.reserver())
        return page

    @property
    def nombre_de_pages(self) -> int:
        return len(self._pages)

    def getXObjectName(self, name: str) -> str:
        """Un formulaire peut servir avant d’être défini : son numéro est réservé au premier usage."""
        if name not in self._formulaires:
            self._formulaires[name] = self.reserver()
        return name

    def addPage(self, page: Any) -> None:
        if self.page is None:
            raise RuntimeError("Une page se réserve avant de se dessiner.")
        contenu = self.reserver()
        agrandir = "" if self.echelle == A4 else f"{self.echelle:.5f} 0 0 {self.echelle:.5f} 0 0 cm\n"
        self.fichier.flux(contenu, f"{agrandir}{page.stream}".encode("latin-1"))
        liens = b"/Annots[%b]" % references(self.page.liens) if self.page.liens else b""
        self.objet(
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Resources %d 0 R/Contents %d 0 R"
            b"/StructParents %d/Tabs/S%b>>"
            % (
                self._noeuds[self.page.rang // PAGES_PAR_NOEUD],
                LARGEUR * self.echelle,
                HAUTEUR * self.echelle,
                self._ressources,
                contenu,
                self.page.cle,
                liens,
            ),
            self.page.numero,
        )
        self.page = None
        self.inObject = None

    def addForm(self, name: str, form: Any) -> None:
        boite = " ".join(f"{cote:.2f}" for cote in form.BBoxList()).encode()
        dictionnaire = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R" % (boite, self._ressources)
        self.getXObjectName(name)
        self.fichier.flux(self._formulaires[name], form.stream, dictionnaire)
        self.inObject = None

    def terminer(self, racine: int, info: int) -> None:
        """Écrit les polices, l’arbre des pages et la table finale."""
        self._ecrire_polices()
        formulaires = b"".join(b"/%b %d 0 R" % (n.encode(), o) for n, o in self._formulaires.items())
        polices = pdfdoc.PDFObjectReference(pdfdoc.BasicFonts).format(self)
        self.objet(b"<</Font %b/XObject<<%b>>>>" % (polices, formulaires), self._ressources)
        for rang, noeud in enumerate(self._noeuds):
            pages = self._pages[rang * PAGES_PAR_NOEUD : (rang + 1) * PAGES_PAR_NOEUD]
            self.objet(
                b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>"
                % (self.arbre, len(pages), references(pages)),
                noeud,
            )
        noeuds = references(self._noeuds)
        self.objet(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._pages), noeuds), self.arbre)
        self.fichier.fermer(racine, info)

    def _ecrire_polices(self) -> None:
        """Les sous-ensembles de police, que reportlab ne connaît qu’à la fin."""
        with VERROU:
            for fonte in self.delayedFonts:
                fonte.addObjects(self)
        ecrits: set[str] = set()
        while restants := [nom for nom in self.idToObject if nom not in ecrits]:
            for nom in restants:
                numero, _ = self.idToObjectNumberAndVersion[nom]
                corps = pdfdoc.format(self.idToObject[nom], self, toplevel=1)
                self.fichier.isole(numero, corps.rstrip(b"\n"))
                ecrits.add(nom)
