"""Couper un texte en lignes : aux espaces, jamais à une espace insécable, dans un mot s’il le faut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dpd.documents.polices import Police, imprimable, largeur

ELLIPSE = "…"
# Un registre répète les mêmes cellules d’une fiche à l’autre ; un texte très long, lui, est unique.
LONGUEUR_EN_CACHE = 400


@dataclass(frozen=True, slots=True)
class Lettrage:
    """Comment un texte s’écrit : police, corps et interligne en points, couleur, approche."""

    police: Police
    corps: float
    interligne: float
    couleur: tuple[float, float, float]
    approche: float = 0.0  # espace ajoutée entre deux caractères, en points

    @property
    def base(self) -> float:
        """Du haut de la ligne à sa ligne de base : le texte est centré dans l’interligne."""
        return self.interligne / 2 + 0.334 * self.corps

    def mesure(self, texte: str) -> float:
        """Largeur en points d’un texte imprimable."""
        return largeur(texte, self.police) * self.corps / 1000 + self.approche * len(texte)


def couper(texte: str, lettrage: Lettrage, place: float) -> tuple[str, ...]:
    """Les lignes du texte dans ``place`` points de large ; aucune si le texte est vide.

    Une ligne coupée entre deux mots garde son espace finale, qui ne se voit pas : mises bout à bout,
    les lignes redonnent le texte, et un lecteur d’écran ne colle ni ne sépare les mots à tort.
    """
    if len(texte) <= LONGUEUR_EN_CACHE:
        return _couper_en_cache(texte, lettrage, place)
    return tuple(_lignes(imprimable(texte), lettrage, place))


@lru_cache(maxsize=8_192)
def _couper_en_cache(texte: str, lettrage: Lettrage, place: float) -> tuple[str, ...]:
    return tuple(_lignes(imprimable(texte), lettrage, place))


def _lignes(texte: str, lettrage: Lettrage, place: float) -> Iterator[str]:
    paragraphes = [p for p in texte.split("\n") if p.strip(" ")]
    for rang, paragraphe in enumerate(paragraphes, start=1):
        fin = " " if rang < len(paragraphes) else ""
        ligne: list[str] = []
        occupe, espace = 0.0, lettrage.mesure(" ")
        for mot, chasse, entier in _mots(paragraphe, lettrage, place):
            if ligne and occupe + espace + chasse > place:
                yield " ".join(ligne) + " "
                ligne, occupe = [], 0.0
            occupe += chasse + (espace if ligne else 0.0)
            ligne.append(mot)
            if not entier:
                yield " ".join(ligne)
                ligne, occupe = [], 0.0
        if ligne:
            yield " ".join(ligne) + fin


def _mots(paragraphe: str, lettrage: Lettrage, place: float) -> Iterator[tuple[str, float, bool]]:
    """Les mots, leur largeur, et s’ils sont entiers ; un mot plus large que la ligne vient par morceaux."""
    for mot in paragraphe.split(" "):
        if not mot:
            continue
        chasse = lettrage.mesure(mot)
        if chasse <= place:
            yield mot, chasse, True
            continue
        morceaux = list(_debiter(mot, lettrage, place))
        for morceau in morceaux[:-1]:
            yield morceau, lettrage.mesure(morceau), False
        yield morceaux[-1], lettrage.mesure(morceaux[-1]), True


def _debiter(mot: str, lettrage: Lettrage, place: float) -> Iterator[str]:
    """Débite un mot trop large, de préférence après un trait d’union ou une barre."""
    morceau, chasse = "", 0.0
    for caractere in mot:
        avance = lettrage.mesure(caractere)
        if morceau and chasse + avance > place:
            coupe = max(morceau.rfind(signe) for signe in "-/.@_") + 1
            coupe = coupe if coupe > len(morceau) // 2 else len(morceau)
            yield morceau[:coupe]
            morceau = morceau[coupe:]
            chasse = sum(map(lettrage.mesure, morceau))
        morceau += caractere
        chasse += avance
    yield morceau


def tronquer(texte: str, lettrage: Lettrage, place: float) -> str:
    """Le texte sur une seule ligne, fini par « … » s’il ne tient pas."""
    ligne = " ".join(mot for mot in imprimable(texte).replace("\n", " ").split(" ") if mot)
    if lettrage.mesure(ligne) <= place:
        return ligne
    garde, chasse = 0, lettrage.mesure(ELLIPSE)
    for caractere in ligne:
        chasse += lettrage.mesure(caractere)
        if chasse > place:
            break
        garde += 1
    return ligne[:garde].rstrip() + ELLIPSE


Suite = tuple[float, str, Lettrage]  # abscisse, texte, lettrage


def couper_mixte(parties: Sequence[tuple[str, Lettrage]], place: float) -> tuple[tuple[Suite, ...], ...]:
    """Coupe un texte écrit dans plusieurs lettrages à la suite, sur autant de lignes qu’il faut."""
    lignes: list[list[Suite]] = [[]]
    x, espace = 0.0, 0.0
    mots: list[str]
    for texte, lettrage in parties:
        # La plus large des deux espaces sépare deux lettrages.
        espace, mots, depart = max(espace, lettrage.mesure(" ")), [], x
        for mot, chasse, entier in _mots(imprimable(texte).replace("\n", " "), lettrage, place):
            ecart = espace if x else 0.0
            if x and x + ecart + chasse > place:
                lignes[-1].extend(_suite(depart, mots, lettrage))
                lignes.append([])
                x, ecart, mots = 0.0, 0.0, []
            if not mots:
                depart = x + ecart
            mots.append(mot if not entier else f"{mot} ")
            x += ecart + chasse
            espace = lettrage.mesure(" ") if entier else 0.0
        lignes[-1].extend(_suite(depart, mots, lettrage))
    return tuple(tuple(ligne) for ligne in lignes if ligne)


def _suite(depart: float, mots: list[str], lettrage: Lettrage) -> list[Suite]:
    return [(depart, "".join(mots), lettrage)] if mots else []
