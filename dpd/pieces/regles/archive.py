"""Un document bureautique est une archive : ce qu’elle déclare dit son vrai type, et s’il porte des macros.

Un DOCX ou un XLSX déclare le type de chaque partie dans ``[Content_Types].xml`` (ISO/IEC 29500-2) ; un
ODT ou un ODS commence par une entrée ``mimetype`` en clair (OpenDocument 1.3, partie 2, 3.3).
"""

import html
import re
from dataclasses import dataclass
from types import MappingProxyType

from dpd.pieces.regles.fichier import DOCX, ODS, ODT, XLSX, FichierRefuse

MIMETYPE = "mimetype"
TYPES_DECLARES = "[Content_Types].xml"
CONTENU_ODF = "content.xml"

_PRINCIPAUX = MappingProxyType({f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX})
_MACROS_OOXML = ("macroenabled", "vbaproject", "macrosheet", "activex")
_SANS_CODE = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")  # index d’OpenDocument
_DECLARATION = re.compile(r"""\bContentType\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DTD = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

MACROS = (
    "Ce document contient des macros, c’est-à-dire un programme. Enregistrez-le sans macros, ou bien en PDF."
)
ABIME = "Ce document est tronqué ou abîmé. Ouvrez-le, puis enregistrez-le de nouveau."
PROTEGE = (
    "Ce document est protégé par un mot de passe, ou d’un ancien format. "
    "Enregistrez-le sans mot de passe, ou bien en PDF."
)


@dataclass(frozen=True, slots=True)
class Archive:
    """Ce qu’il faut lire d’une archive ; ``mimetype`` est vide si cette entrée n’est pas la première."""

    noms: tuple[str, ...]
    mimetype: bytes = b""
    types_declares: bytes = b""


def type_de_l_archive(archive: Archive) -> str | None:
    """Le type du document, ou rien si ce n’est ni un DOCX, ni un XLSX, ni un ODT, ni un ODS.

    :raises FichierRefuse: s’il contient des macros, ou deux entrées du même nom.
    """
    if len(set(archive.noms)) != len(archive.noms):
        raise FichierRefuse(ABIME)
    if any(map(_est_macro_odf, archive.noms)):
        raise FichierRefuse(MACROS)
    if CONTENU_ODF in archive.noms and archive.mimetype in (ODT.encode(), ODS.encode()):
        return archive.mimetype.decode()
    return _type_ooxml(archive.types_declares)


def _type_ooxml(declares: bytes) -> str | None:
    try:
        texte = declares.decode()
    except UnicodeDecodeError:
        return None
    if _DTD.search(texte):  # une entité cacherait un type
        return None
    types = {html.unescape(a or b).strip() for a, b in _DECLARATION.findall(texte)}
    if any(marque in type_.lower() for type_ in types for marque in _MACROS_OOXML):
        raise FichierRefuse(MACROS)
    trouves = {_PRINCIPAUX[type_] for type_ in types if type_ in _PRINCIPAUX}
    return trouves.pop() if len(trouves) == 1 else None


def _est_macro_odf(nom: str) -> bool:
    dossier, _, reste = nom.lower().partition("/")
    if dossier == "scripts":
        return bool(reste) and not reste.endswith("/")
    return dossier == "basic" and reste.endswith(".xml") and not reste.endswith(_SANS_CODE)
