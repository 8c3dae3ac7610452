"""Le canevas de reportlab, avec ce qu’il faut pour poser du texte balisé depuis le haut de la page."""

from collections.abc import Sequence
from functools import cache
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from dpd.documents.cesure import Lettrage
from dpd.documents.pdf_balises import Balises, Element, chaine
from dpd.documents.pdf_flux import HAUTEUR, LARGEUR, DocumentEnFlux, Page
from dpd.documents.pdf_styles import Couleur, Plume
from dpd.documents.polices import Police, charger, courses

LIGNES_EN_CACHE = 16_384
NOIR = (0.0, 0.0, 0.0)
ARRONDI = 0.5523  # la courbe de Bézier la plus proche d’un quart de cercle


class Toile(Canvas):
    """Dessine une page à la fois ; toute ordonnée se mesure depuis le haut de la feuille.

    Tout ce qui est dessiné est soit le contenu d’un élément de structure, soit un artefact.
    """

    def __init__(self, sortie: BinaryIO) -> None:
        charger(Police.TEXTE)
        charger(Police.DEMI)
        # La police initiale évite à reportlab d’inscrire Helvetica, qui n’est pas embarquée.
        super().__init__(
            sortie,
            pagesize=(LARGEUR, HAUTEUR),
            pageCompression=1,
            invariant=1,
            initialFontName=Police.TEXTE.value,  # type: ignore[arg-type]  # types-reportlab se trompe : un nom
        )
        self.flux = DocumentEnFlux(sortie)
        self._doc = self.flux
        self.balises = Balises(self.flux)
        self._codes: dict[tuple[str, Police], str] = {}
        self.oublier()

    def oublier(self) -> None:
        """Une page ou un formulaire neuf repart de l’état graphique initial."""
        self._teinte: Couleur = NOIR
        self._plume: Plume | None = None
        self._approche = 0.0

    @property
    def page(self) -> Page:
        """La page en cours. ``RuntimeError`` s’il n’y en a pas."""
        if self.flux.page is None:
            raise RuntimeError("Aucune page en cours.")
        return self.flux.page

    def ouvrir_page(self, page: Page | None = None) -> Page:
        """Commence une page : la suivante, ou une page réservée plus tôt."""
        self.flux.page = page or self.flux.reserver_page()
        self.page.cle = self.balises.cle()
        self.oublier()
        return self.page

    def fermer_page(self) -> None:
        """Écrit la page."""
        self.balises.finir_page(self.page)
        self.showPage()

    # Contenus marqués

    def contenu(self, element: Element) -> None:
        """Ce qui suit, jusqu’à ``fin``, se lit comme le contenu de ``element``."""
        rang = self.balises.marquer(element, self.page)
        self.addLiteral(f"/{element.type.decode()} <</MCID {rang}>> BDC")

    def artefact(self, nature: str = "") -> None:
        """Ce qui suit, jusqu’à ``fin``, n’est que décor (``nature`` : ``Header`` ou ``Footer``)."""
        if nature:
            self.addLiteral(f"/Artifact <</Type/Pagination/Subtype/{nature}>> BDC")
        else:
            self.addLiteral("/Artifact BMC")

    def fin(self) -> None:
        self.addLiteral("EMC")

    # Texte et traits

    def poser(self, x: float, haut: float, lignes: Sequence[str], lettrage: Lettrage) -> None:
        """Pose des lignes imprimables l’une sous l’autre ; ``haut`` est le haut de la première."""
        codes = []
        if lettrage.couleur != self._teinte:
            self._teinte = lettrage.couleur
            codes.append("{:.3f} {:.3f} {:.3f} rg".format(*lettrage.couleur))
        codes.append("BT")
        if lettrage.approche != self._approche:
            self._approche = lettrage.approche
            codes.append(f"{lettrage.approche:.2f} Tc")
        y = HAUTEUR - haut - lettrage.base
        codes.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {lettrage.interligne:.2f} TL")
        corps = f"{lettrage.corps:g}"
        codes.append(" T*\n".join(self._code_de(ligne, lettrage.police, corps) for ligne in lignes))
        codes.append("ET")
        self.addLiteral("\n".join(codes))

    def _code_de(self, ligne: str, police: Police, corps: str) -> str:
        """Les opérateurs qui écrivent une ligne ; un registre en répète beaucoup."""
        modele = self._codes.get((ligne, police))
        if modele is None:
            if len(self._codes) >= LIGNES_EN_CACHE:
                self._codes.clear()
            modele = self._codes[ligne, police] = self._modele(ligne, police)
        return modele.replace("@", corps)

    def _modele(self, ligne: str, police: Police) -> str:
        operateurs = []
        for choisie, texte in courses(ligne, police):
            fonte = charger(choisie)
            for sous_ensemble, octets in fonte.splitString(texte, self.flux):
                nom = fonte.getSubsetInternalName(sous_ensemble, self.flux)
                operateurs.append(f"{nom} @ Tf <{octets.hex()}> Tj")
        return " ".join(operateurs)

    def tracer(self, plume: Plume) -> None:
        """Les traits qui suivent prennent cette plume."""
        if plume != self._plume:
            self._plume = plume
            self.addLiteral(_code_de_plume(plume))

    def filet(self, x1: float, haut1: float, x2: float, haut2: float) -> None:
        self.addLiteral(f"{x1:.2f} {HAUTEUR - haut1:.2f} m {x2:.2f} {HAUTEUR - haut2:.2f} l S")

    def cadre(self, x: float, haut: float, largeur: float, hauteur: float, rayon: float) -> None:
        self.addLiteral(_contour(x, HAUTEUR - haut - hauteur, largeur, hauteur, rayon))

    def lien(
        self, element: Element, cadre: tuple[float, float, float, float], cible: int, titre: str
    ) -> None:
        """Un lien de la page en cours vers le haut de la page ``cible`` (numéro d’objet)."""
        x1, haut, x2, bas = cadre
        cle = self.balises.cle()
        annotation = self.flux.objet(
            b"<</Type/Annot/Subtype/Link/Rect[%.2f %.2f %.2f %.2f]/Border[0 0 0]/F 4"
            b"/Dest[%d 0 R/XYZ null null null]/StructParent %d/Contents%b>>"
            % (x1, HAUTEUR - bas, x2, HAUTEUR - haut, cible, cle, chaine(titre))
        )
        self.page.liens.append(annotation)
        self.balises.lier(element, self.page, annotation, cle)


@cache
def _code_de_plume(plume: Plume) -> str:
    tirets = " ".join(f"{longueur:g}" for longueur in plume.tirets)
    rouge, vert, bleu = plume.couleur
    return f"{rouge:.3f} {vert:.3f} {bleu:.3f} RG {plume.epaisseur:g} w [{tirets}] 0 d"


def _contour(x: float, y: float, largeur: float, hauteur: float, rayon: float) -> str:
    """Un rectangle aux coins arrondis : ``roundRect`` de reportlab prendrait le quart du temps total."""
    r, c = rayon, rayon * (1 - ARRONDI)
    d, h = x + largeur, y + hauteur
    return (
        f"{x + r:.2f} {y:.2f} m {d - r:.2f} {y:.2f} l "
        f"{d - c:.2f} {y:.2f} {d:.2f} {y + c:.2f} {d:.2f} {y + r:.2f} c {d:.2f} {h - r:.2f} l "
        f"{d:.2f} {h - c:.2f} {d - c:.2f} {h:.2f} {d - r:.2f} {h:.2f} c {x + r:.2f} {h:.2f} l "
        f"{x + c:.2f} {h:.2f} {x:.2f} {h - c:.2f} {x:.2f} {h - r:.2f} c {x:.2f} {y + r:.2f} l "
        f"{x:.2f} {y + c:.2f} {x + c:.2f} {y:.2f} {x + r:.2f} {y:.2f} c s"
    )
