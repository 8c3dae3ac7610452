"""Les mesures et les lettrages des PDF : ceux de la charte, en points."""

from dataclasses import dataclass

from dpd.documents.cesure import Lettrage
from dpd.documents.pdf_flux import HAUTEUR, LARGEUR
from dpd.documents.polices import Police

Couleur = tuple[float, float, float]


def couleur(hexa: str) -> Couleur:
    rouge, vert, bleu = (int(hexa[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return rouge, vert, bleu


MM = 72 / 25.4
ENCRE = couleur("1F2428")
ENCRE_DOUCE = couleur("4C535A")
FAIT = couleur("2B6140")
ATTENTION = couleur("75500A")
TRAIT = couleur("DED6C9")
TRAIT_FORT = couleur("867B6C")

GAUCHE = 18 * MM
DROITE = LARGEUR - 18 * MM
PLACE = DROITE - GAUCHE
RETRAIT = 11 * MM  # la marge où se lit la lettre de l’article 30
CORPS_GAUCHE = GAUCHE + RETRAIT
CORPS_PLACE = DROITE - CORPS_GAUCHE


def _lettrage(corps: float, teinte: Couleur = ENCRE, demi: bool = False, interligne: float = 1.4) -> Lettrage:
    return Lettrage(Police.DEMI if demi else Police.TEXTE, corps, corps * interligne, teinte)


TEXTE = _lettrage(9.75)
TEXTE_DOUX = _lettrage(9.75, ENCRE_DOUCE)
TEXTE_DEMI = _lettrage(9.75, demi=True)
TITRE_1 = _lettrage(19, demi=True, interligne=1.15)
TITRE_GARDE = _lettrage(26, demi=True, interligne=1.15)
TITRE_2 = _lettrage(11.5, demi=True, interligne=1.25)
NOTE = _lettrage(8.5, ENCRE_DOUCE)
LETTRE = _lettrage(11, FAIT, demi=True, interligne=1)
LETTRE_MANQUE = _lettrage(11, ATTENTION, demi=True, interligne=1)
CELLULE = _lettrage(9.25)
CELLULE_DEMI = _lettrage(9.25, demi=True)
CARTOUCHE = _lettrage(8, ENCRE_DOUCE)
MENTION = _lettrage(9.75, ATTENTION, demi=True)
TETE = _lettrage(8.5, ENCRE_DOUCE)
TETE_DEMI = _lettrage(8.5, demi=True)
PIED = _lettrage(8, ENCRE_DOUCE)
EMPREINTE = Lettrage(Police.TEXTE, 8, 9.75 * 1.4, ENCRE, approche=0.24)


@dataclass(frozen=True, slots=True)
class Plume:
    """Comment un trait se trace. ``tirets`` : longueurs pleine et vide, ou rien pour un trait plein."""

    couleur: Couleur
    epaisseur: float
    tirets: tuple[float, ...] = ()


FILET = Plume(TRAIT, 0.5)
FILET_FORT = Plume(TRAIT_FORT, 0.5)
FILET_ENTETE = Plume(TRAIT_FORT, 1)
BORD = Plume(TRAIT_FORT, 0.75)
CASE = Plume(FAIT, 1)
CASE_MANQUE = Plume(ATTENTION, 1.2, (2.4, 1.6))
BORD_MANQUE = Plume(ATTENTION, 1, (2.4, 1.6))
BORD_DECISION = Plume(TRAIT_FORT, 1, (2.4, 1.6))
POINTILLES = Plume(TRAIT_FORT, 0.5, (0.5, 2.5))

# Les quatre repères de toute page, mesurés depuis le haut.
HAUT_TETE = 17 * MM
BAS_TETE = HAUT_TETE + TETE.interligne + 3 * MM
HAUT_PIED = HAUTEUR - 14 * MM - PIED.interligne - 3 * MM
BAS_CONTENU = HAUT_PIED - 2 * MM
HAUT_TITRE = BAS_TETE + 7 * MM  # première page d’une fiche
HAUT_SUITE = BAS_TETE + 4 * MM  # pages suivantes
CAPACITE = BAS_CONTENU - HAUT_SUITE
