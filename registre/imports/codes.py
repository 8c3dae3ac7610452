"""D’un mot du fichier au code du registre : le libellé, le code lui-même, ou un synonyme courant."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from dpd.regles.texte import normaliser
from registre.exports.champs import CODES, CRITERES, ENTIER, OUI, TEXTE, Champ
from registre.imports.modele import Illisible

OUIS, NONS = frozenset({"oui", "o", "x", "vrai", "1"}), frozenset({"", "non", "n", "faux", "0"})

# Ce qui, dans un texte libre, désigne une base légale de l’article 6-1.
MOTS_DE_BASE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "a": ("consentement",),
        "b": ("contrat", "contractuel", "precontractuel"),
        "c": ("obligation legale", "obligations legales"),
        "d": ("interets vitaux", "interet vital"),
        "e": ("interet public", "service public", "autorite publique"),
        "f": ("interet legitime", "interets legitimes"),
    }
)
SYNONYMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "unites": {"jour": "jour", "an": "annee", "annees": "annee", "illimitee": "permanente"},
        "natures": {"interne": "interne", "externe": "externe"},
    }
)
_ARTICLE_6 = re.compile(r"(?:rgpd )?(?:art(?:icle)? )?(?:6 (?:1 )?)?([a-f])")


@cache
def _table(vocabulaire: str) -> dict[str, str]:
    codes = CODES[vocabulaire]
    table = {normaliser(libelle): code for code, libelle in codes.items()}
    for mot, code in (*((code, code) for code in codes), *SYNONYMES.get(vocabulaire, {}).items()):
        table.setdefault(normaliser(mot), code)
    return table


def chercher(vocabulaire: str, texte: str) -> str | None:
    """Le code que désigne le texte, s’il n’y en a qu’un ; vide pour un texte vide, sinon None.

    Un début de libellé suffit s’il n’en désigne qu’un : « Élimination » pour « Élimination, avec visa… ».
    """
    mot = normaliser(texte)
    if not mot:
        return ""
    table = _table(vocabulaire)
    if mot in table:
        return table[mot]
    commencent = {code for libelle, code in table.items() if libelle.startswith(f"{mot} ")}
    return commencent.pop() if len(commencent) == 1 else None


def lire_code(vocabulaire: str, texte: str) -> str:
    """Le code d’un vocabulaire fermé. :raises Illisible: s’il est inconnu, ou s’il y en a deux."""
    if vocabulaire == "bases_legales":
        return lire_base_legale(texte)
    code = chercher(vocabulaire, texte)
    if code is None:
        raise Illisible(f"«\u00a0{texte}\u00a0» est inconnu\u00a0: choisissez un mot de la liste.")
    return code


def lire_base_legale(texte: str) -> str:
    """RGPD art. 6-1. :raises Illisible: si le texte en désigne deux (une seule par finalité), ou aucune."""
    code = chercher("bases_legales", texte)
    if code is not None:
        return code
    mot = normaliser(texte)
    if article := _ARTICLE_6.fullmatch(mot):
        return article[1]
    citees = {code for code, mots in MOTS_DE_BASE.items() if any(m in mot for m in mots)}
    if len(citees) > 1:
        raise Illisible(
            f"Deux bases légales pour une finalité\u00a0: «\u00a0{texte}\u00a0». Gardez-en une seule."
        )
    if not citees:
        raise Illisible(
            f"Base légale inconnue\u00a0: «\u00a0{texte}\u00a0». Choisissez-en une de l’article 6-1."
        )
    return citees.pop()


def lire_champ(champ: Champ, texte: str) -> Any:
    """La valeur d’une cellule écrite par ``registre.exports.champs.ecrire``. :raises Illisible: sinon."""
    if champ.nature == TEXTE:
        return texte
    if champ.nature == ENTIER:
        return lire_entier(texte)
    if champ.nature == OUI:
        return lire_oui(texte)
    if champ.nature == CRITERES:
        return tuple(lire_code(CRITERES, ligne) for ligne in texte.split("\n") if ligne.strip())
    return lire_code(champ.nature, texte)


def lire_entier(texte: str) -> int | None:
    propre = texte.strip()
    if not propre:
        return None
    if not re.fullmatch(r"\d{1,9}", propre, re.ASCII):
        raise Illisible(f"Durée illisible\u00a0: «\u00a0{texte}\u00a0». Écrivez un nombre entier.")
    return int(propre)


def lire_oui(texte: str) -> bool:
    mot = normaliser(texte)
    if mot not in OUIS | NONS:
        raise Illisible(f"«\u00a0{texte}\u00a0» n’est ni oui ni non.")
    return mot in OUIS
