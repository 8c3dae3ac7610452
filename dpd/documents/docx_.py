"""Une lettre que l’on retouche dans son traitement de texte : l’imprimé en DOCX. Seule porte de python-docx.

Des paragraphes, des titres, des puces ; ni macro, ni champ calculé, ni lien. La langue est dite, pour le
correcteur comme pour le lecteur d’écran.
"""

from datetime import UTC
from typing import Any, BinaryIO

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from dpd.documents.imprime import Imprime
from dpd.documents.modele import Liste, Paragraphe, Section
from dpd.documents.surete import sans_controle

TYPE_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUE = "fr-FR"
MARGE = Mm(22)
CORPS = Pt(11)
POLICE = "Liberation Sans"  # libre ; à défaut, le traitement de texte prend une police de même chasse


def ecrire(imprime: Imprime, sortie: BinaryIO) -> None:
    """La tête, l’objet en titre, puis les sections.

    :raises TypeError: si une section porte autre chose que des paragraphes et des listes.
    """
    document = docx.Document()
    _preparer(document, imprime)
    for rang, ligne in enumerate(imprime.tete):
        paragraphe = _ajouter(document, ligne)
        paragraphe.paragraph_format.space_after = Pt(0)
        paragraphe.runs[0].bold = rang == 0
    if imprime.titre:
        _ajouter(document, imprime.titre, "Heading 1")
    for section in imprime.sections:
        _section(document, section)
    document.save(sortie)


def _preparer(document: Document, imprime: Imprime) -> None:
    proprietes, entete = document.core_properties, imprime.entete
    proprietes.title = sans_controle(imprime.titre or entete.titre)[:255]
    proprietes.author = sans_controle(entete.organisme)[:255]
    proprietes.last_modified_by = proprietes.author
    proprietes.language = LANGUE
    proprietes.comments = ""
    # Office Open XML écrit ces dates en UTC, sans fuseau.
    edite_le = entete.edite_le.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    proprietes.created = proprietes.modified = edite_le
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGE
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = POLICE, CORPS
    for nom in ("Normal", "Heading 1", "Heading 2"):
        _langue(document.styles[nom].element.get_or_add_rPr())


def _langue(proprietes: Any) -> None:
    for ancienne in proprietes.findall(qn("w:lang")):
        proprietes.remove(ancienne)
    langue = OxmlElement("w:lang")
    for attribut in ("w:val", "w:eastAsia", "w:bidi"):
        langue.set(qn(attribut), LANGUE)
    proprietes.append(langue)


def _section(document: Document, section: Section) -> None:
    if section.titre:
        _ajouter(document, section.titre, "Heading 2")
    for bloc in section.blocs:
        if isinstance(bloc, Paragraphe):
            _ajouter(document, bloc.texte)
        elif isinstance(bloc, Liste):
            style = "List Number" if bloc.numerotee else "List Bullet"
            for element in bloc.elements:
                _ajouter(document, element, style)
        else:
            raise TypeError("Une lettre ne porte que des paragraphes et des listes.")


def _ajouter(document: Document, texte: str, style: str | None = None) -> Paragraph:
    """Un paragraphe ; ses retours à la ligne restent des retours à la ligne."""
    paragraphe = document.add_paragraph(style=style)
    lignes = sans_controle(texte).split("\n")
    for rang, ligne in enumerate(lignes):
        morceau = paragraphe.add_run(ligne)
        if rang < len(lignes) - 1:
            morceau.add_break()
    return paragraphe
