"""XLSX en flux : openpyxl ``write_only``, styles nommés partagés, rien d’interprété.

Une cellule de texte porte toujours le type « texte » : « =1+1 » s’y lit « =1+1 ».
"""

from collections.abc import Iterator
from datetime import UTC
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.writer.excel import ExcelWriter

from dpd.documents.archive import ArchiveFigee
from dpd.documents.cellules import feuilles_nommees, lire
from dpd.documents.modele import Document, Entete, Feuille, Ligne, Style
from dpd.documents.surete import borner, sans_controle

LARGEUR_MAXIMALE = 255  # unités de largeur de colonne, limite du format
_HAUT = Alignment(vertical="top", wrap_text=True)


def ecrire(document: Document, sortie: BinaryIO) -> None:
    """Écrit le classeur dans ``sortie`` ; une ligne à la fois en mémoire, octets reproductibles."""
    classeur = Workbook(write_only=True)
    _identifier(classeur, document.entete)
    for style in _styles():
        classeur.add_named_style(style)
    for nom, feuille in feuilles_nommees(document):
        _ecrire_feuille(classeur, nom, feuille)
    # ``Workbook.save`` remplacerait la date d’édition par celle de la machine.
    with ArchiveFigee(sortie, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(classeur, archive).write_data()


def _identifier(classeur: Workbook, entete: Entete) -> None:
    proprietes, edite_le = classeur.properties, entete.edite_le.astimezone(UTC).replace(tzinfo=None)
    proprietes.title = sans_controle(entete.titre)
    proprietes.creator = sans_controle(entete.auteur or entete.organisme)
    proprietes.lastModifiedBy = proprietes.creator
    proprietes.subject = sans_controle(entete.nature)
    proprietes.description = f"Empreinte SHA-256 : {entete.empreinte}"
    proprietes.language = "fr-FR"
    proprietes.created = proprietes.modified = edite_le


def _styles() -> Iterator[NamedStyle]:
    trait = Side(style="thin", color="867B6C")
    tirets = Side(style="dashed", color="75500A")
    polices = {
        Style.NORMAL: Font(name="Calibri", size=11, color="1F2428"),
        Style.TITRE: Font(name="Calibri", size=15, bold=True, color="1F2428"),
        Style.ENTETE: Font(name="Calibri", size=11, bold=True, color="1F2428"),
        Style.LIBELLE: Font(name="Calibri", size=11, bold=True, color="4C535A"),
        Style.DISCRET: Font(name="Calibri", size=10, color="4C535A"),
        Style.MANQUE: Font(name="Calibri", size=11, bold=True, color="75500A"),
    }
    bords = {
        Style.ENTETE: Border(bottom=trait),
        Style.MANQUE: Border(left=tirets, right=tirets, top=tirets, bottom=tirets),
    }
    for style, police in polices.items():
        nomme = NamedStyle(name=_nom(style), font=police, alignment=_HAUT)
        if style in bords:
            nomme.border = bords[style]
        yield nomme


def _nom(style: Style) -> str:
    return f"dpd_{style.value}"


def _ecrire_feuille(classeur: Workbook, nom: str, feuille: Feuille) -> None:
    page: Any = classeur.create_sheet(nom)
    for rang, largeur in enumerate(feuille.largeurs, start=1):
        page.column_dimensions[get_column_letter(rang)].width = min(largeur, LARGEUR_MAXIMALE)
    if feuille.figer:
        page.freeze_panes = f"A{feuille.figer + 1}"
    modeles = _cellules_modeles(page)
    fusions: list[CellRange] = []
    for rang, ligne in enumerate(feuille.lignes(), start=1):
        page.append(_cellules(ligne, rang, modeles, fusions))
    page.merged_cells = fusions
    page.close()


def _cellules_modeles(page: WriteOnlyWorksheet) -> dict[Style, Any]:
    """Une cellule par style, resservie pour chaque valeur : openpyxl l’écrit aussitôt reçue."""
    modeles = {}
    for style in Style:
        modeles[style] = cellule = WriteOnlyCell(page)
        cellule.style = _nom(style)
    return modeles


def _cellules(ligne: Ligne, rang: int, modeles: dict[Style, Any], fusions: list[CellRange]) -> Iterator[Any]:
    colonne = 1
    for brute in ligne:
        valeur, style, colonnes = lire(brute)
        cellule = modeles[style]
        if isinstance(valeur, str):
            cellule.value = borner(valeur)
            cellule.data_type = "s"
        else:
            cellule.value = valeur
        yield cellule
        if colonnes > 1:
            fin = colonne + colonnes - 1
            fusions.append(CellRange(min_col=colonne, min_row=rang, max_col=fin, max_row=rang))
            for _ in range(colonnes - 1):
                cellule.value = None
                yield cellule
        colonne += colonnes
