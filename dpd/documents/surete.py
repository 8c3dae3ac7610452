"""Ce qu’aucun export ne laisse passer : formules, caractères illégaux, noms dangereux.

Les valeurs viennent des communes et de leurs agents ; le fichier part chez un tiers (CNIL,
responsable, prestataire). Une cellule doit rester un texte, où qu’elle soit ouverte.
"""

import re
import unicodedata
from collections.abc import Container
from pathlib import PurePath

LIMITE_EXCEL = 32_767  # caractères par cellule, limite du format XLSX
LONGUEUR_NOM_FEUILLE = 31  # limite du format XLSX, appliquée aussi à l’ODS
LONGUEUR_NOM_FICHIER = 100
COUPURE = " […] (texte coupé : limite du tableur)"

# XML 1.0 §2.2 : ces caractères n’ont aucune écriture permise. Les commandes C1 n’ont pas de sens ici.
_ILLEGAUX = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RETOURS = re.compile("\r\n?")
_A_RETOUCHER = re.compile(f"[\r{_ILLEGAUX.pattern[1:]}")  # une lecture suffit presque toujours
# Les signes qui ouvrent une formule, leurs doubles en pleine chasse, et les blancs qui les cachent.
_FORMULE = re.compile("^'*(?:[\t\r\n]|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_INTERDITS_FEUILLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sans_controle(texte: str) -> str:
    """Retire ce que XML, PDF ou un tableur refusent, et unifie les fins de ligne.

    Tabulation et saut de ligne restent. C’est le seul endroit où un caractère est retiré.
    """
    if not _A_RETOUCHER.search(texte):
        return texte
    return _ILLEGAUX.sub("", _RETOURS.sub("\n", texte))


def neutraliser(texte: str) -> str:
    """Fait d’un texte une cellule CSV qu’aucun tableur n’exécute : une apostrophe devant.

    Un texte déjà précédé d’apostrophes en reçoit une de plus, pour que ``restaurer`` rende
    exactement l’original.
    """
    return f"'{texte}" if _FORMULE.match(texte) else texte


def restaurer(texte: str) -> str:
    """Rend le texte d’origine d’une cellule écrite par ``neutraliser``."""
    return texte[1:] if texte.startswith("'") and _FORMULE.match(texte) else texte


def borner(texte: str) -> str:
    """Coupe, en le disant, un texte trop long pour une cellule XLSX."""
    if len(texte) <= LIMITE_EXCEL:
        return texte
    return texte[: LIMITE_EXCEL - len(COUPURE)] + COUPURE


def nom_de_feuille(nom: str, pris: Container[str]) -> str:
    """Un nom de feuille que tout tableur accepte : 31 caractères, sans ``[]:*?/\\``, non vide.

    ``pris`` : les noms déjà donnés, en minuscules ; Excel ne distingue pas la casse.
    """
    propre = _INTERDITS_FEUILLE.sub(" ", sans_controle(nom))
    propre = " ".join(propre.split()).strip("'")[:LONGUEUR_NOM_FEUILLE].strip(" '") or "Feuille"
    candidat, rang = propre, 1
    while candidat.casefold() in pris:
        rang += 1
        suffixe = f" ({rang})"
        candidat = propre[: LONGUEUR_NOM_FEUILLE - len(suffixe)].rstrip() + suffixe
    return candidat


def nom_de_fichier(nom: str, extension: str) -> str:
    """Un nom de fichier sans accent, sans chemin ni caractère spécial, jamais vide."""
    ascii_ = unicodedata.normalize("NFKD", PurePath(nom.replace("\\", "/")).name)
    ascii_ = ascii_.encode("ascii", "ignore").decode()
    propre = re.sub(r"[^A-Za-z0-9]+", "-", ascii_).strip("-")[:LONGUEUR_NOM_FICHIER].strip("-")
    return f"{propre or 'export'}.{extension}"
