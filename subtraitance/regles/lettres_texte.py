"""Le texte d’une lettre : ce qu’il y reste à compléter, et comment il se met en page.

Un texte libre, où une ligne vide sépare deux paragraphes et un tiret ouvre une puce. Ce qui précède la ligne
« Objet : » est l’adresse et la date.
"""

import re
from dataclasses import dataclass
from itertools import groupby

OBJET = re.compile(r"objet\s*:\s*(.+)", re.IGNORECASE)
PUCE = re.compile(r"[-•–]\s+(.+)")
A_COMPLETER = re.compile(r"\[à compléter\s*:\s*([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Morceau:
    """Un paragraphe, ou des puces : l’un des deux est vide."""

    texte: str = ""
    puces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """``tete`` : les lignes d’avant l’objet, une ligne vide entre deux blocs."""

    tete: tuple[str, ...]
    objet: str
    corps: tuple[Morceau, ...]


def manque(quoi: str) -> str:
    """Ce que le dossier ne dit pas : il se voit, et ne s’invente pas."""
    return f"[à compléter\u00a0: {quoi}]"


def a_completer(texte: str) -> tuple[str, ...]:
    """Ce que le texte attend encore, dans l’ordre, sans doublon."""
    return tuple(dict.fromkeys(trouve.strip() for trouve in A_COMPLETER.findall(texte)))


def mettre_en_page(texte: str) -> Page:
    """Le texte tel qu’il s’imprime, sans rien y ajouter."""
    lignes = [ligne.rstrip() for ligne in texte.replace("\r\n", "\n").strip().split("\n")]
    rang = next((r for r, ligne in enumerate(lignes) if OBJET.match(ligne.strip())), None)
    if rang is None:
        return Page((), "", tuple(_morceaux(lignes)))
    trouve = OBJET.match(lignes[rang].strip())
    tete, suite = "\n".join(lignes[:rang]).strip(), lignes[rang + 1 :]
    return Page(tuple(tete.split("\n")) if tete else (), trouve[1] if trouve else "", tuple(_morceaux(suite)))


def _morceaux(lignes: list[str]) -> list[Morceau]:
    morceaux = []
    for vide, bloc in groupby(lignes, key=lambda ligne: not ligne.strip()):
        if vide:
            continue
        for en_puces, suite in groupby(bloc, key=lambda ligne: bool(PUCE.match(ligne.strip()))):
            textes = [ligne.strip() for ligne in suite]
            if en_puces:
                morceaux.append(Morceau(puces=tuple(PUCE.sub(r"\1", texte) for texte in textes)))
            else:
                morceaux.append(Morceau(texte="\n".join(textes)))
    return morceaux
