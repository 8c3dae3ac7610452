"""Ce qu’une pièce peut être : son type, son poids, et l’accord de son nom avec son contenu.

On garde ce qui se relit partout et ne s’exécute pas. Un document à macros, une page HTML ou un dessin
SVG sont des programmes : ils sont refusés, quel que soit le nom qu’on leur donne.
"""

import codecs
import hashlib
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from types import MappingProxyType

from dpd.pieces.regles.noms import extension
from dpd.regles.typographie import nombre

TAILLE_MAXIMALE = 20_000_000  # octets
ENVOI_MAXIMAL = 60_000_000  # octets, pour tous les fichiers d’un même envoi

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
JPEG = "image/jpeg"

# Extension → type servi.
TYPES = MappingProxyType(
    {
        "pdf": PDF,
        "png": "image/png",
        "jpg": JPEG,
        "jpeg": JPEG,
        "docx": DOCX,
        "odt": ODT,
        "xlsx": XLSX,
        "ods": ODS,
        "txt": "text/plain",
        "csv": "text/csv",
    }
)
TEXTES = frozenset({"txt", "csv"})
ARCHIVES = frozenset({"docx", "odt", "xlsx", "ods"})
LIBELLES = MappingProxyType(
    {type_mime: ext.upper() for ext, type_mime in sorted(TYPES.items(), reverse=True)}
)
AIDE = "PDF, image PNG ou JPEG, DOCX, ODT, XLSX, ODS, TXT ou CSV\u202f; 20\u00a0Mo au plus."

# Extensions qu’on nous donne souvent → ce qu’il faut en faire.
_EN_PDF = "Ouvrez-le, puis enregistrez-le en PDF."
_EN_IMAGE = "Enregistrez l’image en JPEG ou en PDF."
_SANS_MACROS = "Enregistrez-le sans macros, en DOCX ou en XLSX, ou bien en PDF."
_COURRIEL = "Imprimez le courriel en PDF."
_UN_PAR_UN = "Déposez les fichiers un par un."
CONSEILS = MappingProxyType(
    {
        **dict.fromkeys(("doc", "xls", "ppt", "pptx", "odp", "rtf", "pages"), _EN_PDF),
        **dict.fromkeys(("docm", "dotm", "xlsm", "xltm", "xlsb"), _SANS_MACROS),
        **dict.fromkeys(("gif", "bmp", "tif", "tiff", "webp", "heic", "svg"), _EN_IMAGE),
        **dict.fromkeys(("eml", "msg"), _COURRIEL),
        **dict.fromkeys(("zip", "7z", "rar", "gz", "tar"), _UN_PAR_UN),
    }
)

# Ni octet nul, ni commande de terminal ; la tabulation, les retours et la fin de fichier de DOS passent.
_CONTROLES = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_CODAGES = ("utf-8", "cp1252")


class FichierRefuse(ValueError):
    """Un fichier qu’on ne garde pas ; le message dit à qui le dépose quoi faire."""


def extension_permise(nom: str) -> str:
    """L’extension d’un nom assaini.

    :raises FichierRefuse: si elle manque ou n’est pas de celles que l’on garde.
    """
    trouvee = extension(nom)
    if trouvee in TYPES:
        return trouvee
    if not trouvee:
        raise FichierRefuse(
            f"Ce fichier n’a pas d’extension\u00a0: on ne sait pas ce qu’il est. Types acceptés\u00a0: {AIDE}"
        )
    conseil = CONSEILS.get(trouvee, f"Types acceptés\u00a0: {AIDE}")
    raise FichierRefuse(f"Un fichier .{trouvee} ne se dépose pas ici. {conseil}")


def verifier_taille(taille: int) -> None:
    """:raises FichierRefuse: si le fichier est vide ou dépasse 20 Mo."""
    if taille <= 0:
        raise FichierRefuse("Ce fichier est vide.")
    if taille > TAILLE_MAXIMALE:
        raise FichierRefuse("Ce fichier est trop gros\u00a0: 20\u00a0Mo au plus.")


def verifier_accord(extension_donnee: str, type_detecte: str | None) -> None:
    """Le contenu est ce que dit le nom.

    :raises FichierRefuse: sinon.
    """
    if type_detecte == TYPES[extension_donnee]:
        return
    if extension_donnee in TEXTES:
        raise FichierRefuse(
            f"Ce fichier porte l’extension .{extension_donnee}, mais ce n’est pas un texte lisible. "
            "Enregistrez-le en UTF-8."
        )
    raise FichierRefuse(
        f"Ce fichier porte l’extension .{extension_donnee}, mais son contenu n’en est pas un. "
        "Renommer un fichier ne change pas son type\u00a0: ouvrez-le, puis enregistrez-le en PDF."
    )


def verifier_fin_de_pdf(fin: bytes) -> None:
    """Un PDF entier se termine par sa marque de fin (ISO 32000-1, 7.5.5).

    :raises FichierRefuse: si l’envoi l’a tronqué.
    """
    if b"%%EOF" not in fin:
        raise FichierRefuse("Ce PDF est incomplet\u00a0: sa fin manque. Enregistrez-le de nouveau.")


def est_texte(morceaux: Iterable[bytes]) -> bool:
    """Vrai si tout se lit en UTF-8, ou tout en Windows-1252, sans caractère de contrôle."""
    lecteurs = {codage: codecs.getincrementaldecoder(codage)() for codage in _CODAGES}
    for morceau in chain(filter(None, morceaux), (b"",)):
        if _CONTROLES.search(morceau):
            return False
        for codage, lecteur in list(lecteurs.items()):
            try:
                lecteur.decode(morceau, final=not morceau)
            except UnicodeDecodeError:
                del lecteurs[codage]
    return bool(lecteurs)


def empreinte(morceaux: Iterable[bytes]) -> str:
    """SHA-256 hexadécimal d’un contenu lu au fil de l’eau."""
    condensat = hashlib.sha256()
    for morceau in morceaux:
        condensat.update(morceau)
    return condensat.hexdigest()


def taille_lisible(octets: int) -> str:
    """« 812 octets », « 340 Ko », « 1,2 Mo » : unités décimales, comme sur un disque."""
    for unite, pas in (("Mo", Decimal("0.1")), ("Ko", Decimal("1"))):
        valeur = (Decimal(octets) / (1_000_000 if unite == "Mo" else 1_000)).quantize(pas, ROUND_HALF_UP)
        if valeur >= 1:
            return f"{nombre(valeur)}\u00a0{unite}"
    return f"{nombre(octets)}\u00a0{'octet' if octets < 2 else 'octets'}"
