"""Le nom d’une pièce tel qu’on l’affiche et qu’on le rend : lisible, sans piège, propre à tout système."""

import re
import unicodedata

LONGUEUR_MAXIMALE = 200  # octets en UTF-8 : aucun système de fichiers courant n’en admet moins
EXTENSION_MAXIMALE = 10  # octets ; au-delà, ce n’est pas une extension
SANS_NOM = "piece"

_SEPARATEURS = re.compile(r"[/\\]")
_RESERVES = re.compile(r'[<>:"|?*]+')  # interdits sous Windows
_POINTS = re.compile(r"\.{2,}")


def nom_assaini(nom: str) -> str:
    """Le nom sans chemin ni caractère invisible, jamais vide, de 200 octets au plus ; idempotente.

    Un caractère qui renverse le sens de lecture (U+202E) ferait lire « facture.pdf » un
    « factureexe.pdf » : il disparaît, comme les autres caractères de contrôle et de mise en forme.
    L’extension est gardée quand le nom est coupé.
    """
    dernier = _SEPARATEURS.split(nom)[-1]
    visible = "".join(map(_visible, unicodedata.normalize("NFC", dernier)))
    propre = _POINTS.sub(".", _RESERVES.sub("-", " ".join(visible.split()))).strip(" .")
    return _couper(unicodedata.normalize("NFC", propre)) or SANS_NOM


def extension(nom: str) -> str:
    """L’extension en minuscules, sans point ; vide s’il n’y en a pas."""
    tige, point, fin = nom.rpartition(".")
    return fin.lower() if tige and point else ""


def _visible(caractere: str) -> str:
    if caractere.isspace():
        return " "
    return "" if unicodedata.category(caractere).startswith("C") else caractere


def _couper(nom: str) -> str:
    if len(nom.encode()) <= LONGUEUR_MAXIMALE:
        return nom
    tige, point, fin = nom.rpartition(".")
    if not tige or len(fin.encode()) > EXTENSION_MAXIMALE:
        tige, point, fin = nom, "", ""
    place = LONGUEUR_MAXIMALE - len(f"{point}{fin}".encode())
    return tige.encode()[:place].decode(errors="ignore").rstrip(" .") + point + fin
