"""Ce qu’un classeur déposé doit prouver avant d’être ouvert.

Un XLSX ou un ODS est une archive : quelques kilo-octets peuvent y annoncer des gigaoctets, ou deux
cellules placées aux deux bouts d’une feuille obliger le lecteur à en réserver des milliards.
"""

from functools import partial
from io import BytesIO
from types import MappingProxyType
from zipfile import ZipFile

from dpd.documents.lecteur_etendue import CELLULES_MAXIMALES, etendue_ods, etendue_xlsx

TAILLE_DECOMPRESSEE_MAXIMALE = 300_000_000  # octets

ETENDUES = MappingProxyType({".xlsx": etendue_xlsx, ".ods": etendue_ods})
CONTENUS = MappingProxyType(
    {
        ".xlsx": "xl/workbook.xml",
        ".ods": "content.xml",
    }
)


class FichierIllisible(ValueError):
    """Un fichier déposé qui ne se lit pas ; le message dit à son auteur quoi faire."""


def controler_archive(contenu: bytes, extension: str) -> None:
    """``FichierIllisible`` si l’archive n’est pas ce que dit son extension, ou serait dangereuse à ouvrir."""
    archive = _ouvrir(contenu, extension)
    _controler_taille(archive)
    if CONTENUS[extension] not in archive.namelist():
        raise FichierIllisible(f"Ce fichier porte l’extension {extension}, mais ce n’en est pas un.")
    _controler_integrite(archive, contenu, extension)
    _controler_etendue(archive, extension)


def _ouvrir(contenu: bytes, extension: str) -> ZipFile:
    try:
        return ZipFile(BytesIO(contenu))
    # Une archive abîmée fait lever à zipfile bien plus que BadZipFile : ValueError, struct.error…
    except Exception as erreur:
        raise FichierIllisible(_message_illisible(contenu, extension)) from erreur


def _message_illisible(contenu: bytes, extension: str) -> str:
    if contenu.startswith(b"PK"):
        return f"Ce fichier {extension} est tronqué ou abîmé. Déposez-le à nouveau."
    return f"Ce fichier porte l’extension {extension}, mais ce n’en est pas un."


def _controler_taille(archive: ZipFile) -> None:
    if sum(entree.file_size for entree in archive.infolist()) > TAILLE_DECOMPRESSEE_MAXIMALE:
        raise FichierIllisible(
            f"Ce fichier est trop gros une fois décompressé\u00a0: "
            f"{TAILLE_DECOMPRESSEE_MAXIMALE // 1_000_000}\u00a0Mo au plus."
        )


def _controler_integrite(archive: ZipFile, contenu: bytes, extension: str) -> None:
    """Décompresse tout, sans rien garder : la taille annoncée et la somme de contrôle sont vraies."""
    try:
        abime = archive.testzip()
    except Exception as erreur:
        raise FichierIllisible(_message_illisible(contenu, extension)) from erreur
    if abime is not None:
        raise FichierIllisible(_message_illisible(contenu, extension))


def _controler_etendue(archive: ZipFile, extension: str) -> None:
    for nom in archive.namelist():
        if (
            nom.lower().endswith(".xml")
            and ETENDUES[extension](partial(archive.open, nom)) > CELLULES_MAXIMALES
        ):
            raise FichierIllisible(
                "Une feuille de ce fichier est trop étendue. "
                "Supprimez les lignes et les colonnes inutiles, puis enregistrez-le."
            )
