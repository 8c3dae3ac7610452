"""Les pages : en-tête, pied, et la coulée des bandes de l’une à l’autre."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dpd.documents import pdf_styles as style
from dpd.documents.apropos import siren_lisible
from dpd.documents.cesure import tronquer
from dpd.documents.modele import Entete
from dpd.documents.pdf_bandes import Bande, dessiner
from dpd.documents.pdf_flux import Page
from dpd.documents.pdf_styles import (
    BAS_CONTENU,
    BAS_TETE,
    CAPACITE,
    DROITE,
    GAUCHE,
    HAUT_PIED,
    HAUT_SUITE,
    MM,
    PLACE,
)
from dpd.documents.pdf_toile import Toile
from dpd.regles.typographie import instant_long

TOTAL = "total"  # le formulaire « y » de « Page x sur y », défini quand la dernière page est connue
ECART = 8 * MM


@dataclass(frozen=True, slots=True)
class Tete:
    """L’en-tête d’une page : l’organisme en gras, ce qui l’identifie, et de quoi parle la page."""

    suite: str
    droite: str


class Pages:
    """Pose des bandes de page en page. ``chiffres`` : largeur prévue du nombre total de pages."""

    def __init__(self, toile: Toile, entete: Entete, chiffres: int) -> None:
        self.toile = toile
        self.entete = entete
        self.pied = f"{entete.nature}, édition du {instant_long(entete.edite_le)}".lstrip(", ")
        self.y = 0.0
        self._place_total = style.PIED.mesure("0") * chiffres
        self._tete: Tete | None = None
        self._vierge = True

    def garde(self) -> Tete:
        """L’en-tête de la première page d’une fiche et des pages liminaires."""
        siren = siren_lisible(self.entete.siren)
        return Tete(f"SIREN\u00a0{siren}" if siren else "", self.entete.titre)

    def ouvrir(self, tete: Tete, suivantes: Tete, haut: float = HAUT_SUITE, page: Page | None = None) -> Page:
        """Commence une page, réservée ou neuve ; les pages qu’elle entraîne porteront ``suivantes``."""
        ouverte = self.toile.ouvrir_page(page)
        self._tete = suivantes
        self._dessiner_tete(tete)
        self._dessiner_pied(ouverte.rang + 1)
        self.y, self._vierge = haut, True
        return ouverte

    def fermer(self) -> None:
        self.toile.fermer_page()

    def couler(self, bandes: Iterable[Bande]) -> None:
        """Pose des bandes ; celles qui sont solidaires changent de page ensemble."""
        groupe: list[Bande] = []
        for bande in bandes:
            groupe.append(bande)
            if not bande.solidaire:
                self._poser_groupe(groupe)
                groupe = []
        self._poser_groupe(groupe)

    def couler_ensemble(self, bandes: Sequence[Bande], insecable: float) -> None:
        """Pose des bandes sans les séparer si elles ne dépassent pas ``insecable`` points."""
        hauteur = sum(bande.hauteur for bande in bandes)
        if hauteur <= insecable and self.y + hauteur > BAS_CONTENU and not self._vierge:
            self._page_suivante()
        self.couler(bandes)

    def descendre(self, ecart: float) -> None:
        self.y += ecart

    def _poser_groupe(self, groupe: Sequence[Bande]) -> None:
        hauteur = sum(bande.hauteur for bande in groupe)
        if hauteur > CAPACITE:
            for bande in groupe:
                self._poser(bande, bande.hauteur)
            return
        for rang, bande in enumerate(groupe):
            self._poser(bande, 0.0 if rang else hauteur)

    def _poser(self, bande: Bande, besoin: float) -> None:
        if self.y + besoin > BAS_CONTENU and not self._vierge:
            self._page_suivante()
            if bande.rappel:
                self._poser(bande.rappel, 0.0)
        dessiner(self.toile, bande, self.y, en_haut_de_page=self._vierge)
        self.y += bande.hauteur
        self._vierge = False

    def _page_suivante(self) -> None:
        if self._tete is None:
            raise RuntimeError("Aucune page en cours.")
        self.fermer()
        self.ouvrir(self._tete, self._tete)

    def _dessiner_tete(self, tete: Tete) -> None:
        toile, haut = self.toile, style.HAUT_TETE
        toile.artefact("Header")
        droite = tronquer(tete.droite, style.TETE, PLACE / 2 - ECART)
        reste = PLACE - ECART - style.TETE.mesure(droite)
        nom = tronquer(self.entete.organisme, style.TETE_DEMI, reste)
        toile.poser(GAUCHE, haut, (nom,), style.TETE_DEMI)
        avance = style.TETE_DEMI.mesure(nom) + style.TETE.mesure(" ")
        suite = tronquer(f"· {tete.suite}", style.TETE, reste - avance) if tete.suite else ""
        if len(suite) > 3:
            toile.poser(GAUCHE + avance, haut, (suite,), style.TETE)
        if droite:
            toile.poser(DROITE - style.TETE.mesure(droite), haut, (droite,), style.TETE)
        toile.tracer(style.FILET_FORT)
        toile.filet(GAUCHE, BAS_TETE, DROITE, BAS_TETE)
        toile.fin()

    def _dessiner_pied(self, numero: int) -> None:
        toile, haut = self.toile, HAUT_PIED + 3 * MM
        toile.artefact("Footer")
        toile.tracer(style.FILET_FORT)
        toile.filet(GAUCHE, HAUT_PIED, DROITE, HAUT_PIED)
        texte = f"Page\u00a0{numero} sur\u00a0"
        x = DROITE - self._place_total - style.PIED.mesure(texte)
        toile.poser(GAUCHE, haut, (tronquer(self.pied, style.PIED, x - GAUCHE - ECART),), style.PIED)
        toile.poser(x, haut, (texte,), style.PIED)
        toile.doForm(TOTAL)
        toile.fin()

    def ecrire_total(self) -> None:
        """Définit, une fois toutes les pages comptées, le nombre que chacune affiche."""
        toile = self.toile
        toile.beginForm(TOTAL)
        toile.oublier()
        haut = HAUT_PIED + 3 * MM
        toile.poser(DROITE - self._place_total, haut, (str(toile.flux.nombre_de_pages),), style.PIED)
        toile.endForm()
