"""Grouper de petits textes en morceaux d’octets, pour écrire au fil de l’eau sans y passer son temps."""

from collections.abc import Iterable, Iterator

TAILLE_MORCEAU = 32_768  # caractères


def regrouper(textes: Iterable[str]) -> Iterator[bytes]:
    """Les mêmes textes, en UTF-8, par morceaux d’au moins ``TAILLE_MORCEAU`` caractères."""
    tampon: list[str] = []
    taille = 0
    for texte in textes:
        tampon.append(texte)
        taille += len(texte)
        if taille >= TAILLE_MORCEAU:
            yield "".join(tampon).encode("utf-8")
            tampon, taille = [], 0
    yield "".join(tampon).encode("utf-8")
