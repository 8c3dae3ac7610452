"""Un document bureautique est ce que son archive déclare, et ne porte pas de programme."""

import pytest

from dpd.pieces.regles.archive import Archive, type_de_l_archive
from dpd.pieces.regles.fichier import DOCX, ODS, ODT, XLSX, FichierRefuse
from tests.pieces.fabriques import types_declares

WORD, EXCEL = f"{DOCX}.main+xml", f"{XLSX}.main+xml"
OOXML = ("[Content_Types].xml", "word/document.xml")


def ooxml(*types, noms=OOXML):
    return Archive(noms, types_declares=types_declares(*types))


def odf(mimetype, *noms):
    return Archive(("mimetype", "content.xml", *noms), mimetype=mimetype.encode())


@pytest.mark.parametrize(
    ("archive", "attendu"),
    [
        (ooxml(WORD), DOCX),
        (ooxml(EXCEL, "application/xml"), XLSX),
        # Un tableau embarqué dans une lettre ne change pas sa nature.
        (ooxml(WORD, XLSX), DOCX),
        (odf(ODT), ODT),
        (odf(ODS, "META-INF/manifest.xml"), ODS),
        # Les index de macros, sans macro : LibreOffice les laisse derrière lui.
        (odf(ODS, "Basic/script-lc.xml", "Basic/Standard/script-lb.xml", "Scripts/"), ODS),
        # Ni l’un ni l’autre.
        (Archive(()), None),
        (Archive(("page.html",)), None),
        (ooxml(), None),
        (ooxml(WORD, EXCEL), None),
        (ooxml("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"), None),
        (odf("application/vnd.oasis.opendocument.presentation"), None),
        (Archive(("mimetype",), mimetype=ODT.encode()), None),
        (Archive(OOXML, types_declares=types_declares(WORD).decode().encode("utf-16")), None),
        (Archive(OOXML, types_declares=b"<!DOCTYPE t [<!ENTITY e 'x'>]>" + types_declares(WORD)), None),
        (Archive(OOXML, types_declares=b"<! entity e>" + types_declares(WORD)), None),
    ],
)
def test_le_type_de_l_archive(archive, attendu):
    assert type_de_l_archive(archive) == attendu


def test_une_declaration_entre_apostrophes_se_lit_aussi():
    declares = types_declares(WORD).replace(b'"', b"'")
    assert type_de_l_archive(Archive(OOXML, types_declares=declares)) == DOCX


@pytest.mark.parametrize(
    "archive",
    [
        ooxml("application/vnd.ms-word.document.macroEnabled.main+xml"),
        ooxml(WORD, "application/vnd.ms-office.vbaProject"),
        ooxml(WORD, "APPLICATION/VND.MS-OFFICE.VBAPROJECT"),
        ooxml(WORD, "application/vnd.ms-office.vba&#80;roject"),
        ooxml(WORD, "application/vnd.ms-word.document.macroEnabled.12"),
        ooxml(EXCEL, "application/vnd.ms-excel.macrosheet+xml"),
        ooxml(EXCEL, "application/vnd.ms-office.activeX+xml"),
        odf(ODT, "Basic/Standard/Module1.xml"),
        odf(ODT, "basic/standard/module1.xml"),
        odf(ODS, "Scripts/python/vol.py"),
    ],
)
def test_un_document_a_macros_est_refuse(archive):
    with pytest.raises(FichierRefuse, match="macros"):
        type_de_l_archive(archive)


def test_deux_entrees_du_meme_nom_sont_refusees():
    """Deux lecteurs n’ouvriraient pas la même."""
    with pytest.raises(FichierRefuse, match="abîmé"):
        type_de_l_archive(ooxml(WORD, noms=(*OOXML, "[Content_Types].xml")))
