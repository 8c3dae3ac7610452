"""Les polices embarquées des PDF, et ce qu’il faut savoir d’un texte avant de le poser.

Atkinson Hyperlegible Next, en deux graisses, écrit tout le français courant ; DejaVu Sans prend le
relais caractère par caractère (« Ÿ », flèches, autres alphabets) et n’est embarquée que si elle sert.
Un caractère qu’aucune des deux ne connaît devient « � » : jamais de carré vide.
"""

import re
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from dpd.documents.surete import sans_controle

DOSSIER = Path(__file__).parent / "polices"
LONGUEUR_EN_CACHE = 48  # un mot, pas une ligne
REMPLACANT = "\ufffd"
# Police.face lit son fichier par un curseur : une seule écriture de sous-ensemble à la fois.
VERROU = Lock()


class Police(StrEnum):
    """Nom interne de chaque police, et le fichier d’où elle vient."""

    TEXTE = "AtkinsonHyperlegibleNext-Regular"
    DEMI = "AtkinsonHyperlegibleNext-Demi"
    SECOURS = "DejaVuSans"


@cache
def charger(police: Police) -> TTFont:
    """La police, lue et enregistrée une seule fois par processus."""
    with VERROU:
        # Sans ASCII d’office, la police de secours n’embarque que les caractères qu’elle écrit.
        ascii_d_office = police is not Police.SECOURS
        fonte = TTFont(police.value, str(DOSSIER / f"{police.value}.ttf"), asciiReadable=ascii_d_office)
        # Les deux graisses portent le même nom interne ; reportlab les prendrait l’une pour l’autre.
        fonte.face.name = police.value.encode("ascii")
        pdfmetrics.registerFont(fonte)
    return fonte


@cache
def avances(police: Police) -> dict[str, float]:
    """Caractère vers sa largeur, en millièmes de corps."""
    face = charger(police).face
    return {chr(code): face.charWidths[code] for code in face.charToGlyph if code in face.charWidths}


@cache
def _couverts() -> frozenset[str]:
    """Ce que les deux graisses d’Atkinson savent écrire l’une et l’autre."""
    return frozenset(avances(Police.TEXTE)) & frozenset(avances(Police.DEMI))


# Espace fine insécable, trait d’union insécable, gluon : la police n’a pas leur dessin.
_EQUIVALENTS = str.maketrans({"\u202f": "\u00a0", "\u2011": "-", "\u2060": "", "\u00ad": "", "\t": " "})
_INVISIBLES = re.compile("[\u200b-\u200f\u202a-\u202e\u2061-\u2069\ufe00-\ufe0f\ufeff]")


def imprimable(texte: str) -> str:
    """Le même texte, écrit avec des caractères que nos polices savent toutes dessiner."""
    if texte.isascii() and texte.isprintable():
        return texte
    propre = unicodedata.normalize("NFC", sans_controle(texte)).translate(_EQUIVALENTS)
    if _couverts().issuperset(propre.replace("\n", "")):
        return propre
    secours = avances(Police.SECOURS)
    return "".join(
        c if c == "\n" or c in _couverts() or c in secours else REMPLACANT
        for c in _INVISIBLES.sub("", propre)
    )


def largeur(texte: str, police: Police) -> float:
    """Largeur d’un texte imprimable, en millièmes de corps."""
    return _largeur_en_cache(texte, police) if len(texte) <= LONGUEUR_EN_CACHE else _largeur(texte, police)


@lru_cache(maxsize=32_768)
def _largeur_en_cache(texte: str, police: Police) -> float:
    return _largeur(texte, police)


def _largeur(texte: str, police: Police) -> float:
    table = avances(police)
    try:
        return sum(map(table.__getitem__, texte))
    except KeyError:
        secours = avances(Police.SECOURS)
        return sum(table[c] if c in _couverts() else secours[c] for c in texte)


def courses(texte: str, police: Police) -> tuple[tuple[Police, str], ...]:
    """Le texte découpé en suites d’une même police, celle demandée ou celle de secours."""
    if _couverts().issuperset(texte):
        return ((police, texte),)
    morceaux = groupby(texte, key=lambda c: police if c in _couverts() else Police.SECOURS)
    return tuple((choisie, "".join(suite)) for choisie, suite in morceaux)
