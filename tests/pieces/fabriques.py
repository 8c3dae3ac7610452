"""Des fichiers fabriqués en mémoire : les bons, et ceux qui mentent."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from dpd.pieces.regles.fichier import DOCX, ODS, ODT, XLSX

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(30)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(30) + b"\xff\xd9"
GIF = b"GIF89a" + bytes(30)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\x00\x03" + bytes(60)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def archive(entrees: dict[str, bytes | str]) -> bytes:
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as zip_:
        for nom, contenu in entrees.items():
            zip_.writestr(nom, contenu)
    return tampon.getvalue()


def types_declares(*types: str) -> bytes:
    lignes = "".join(f'<Override PartName="/p{rang}" ContentType="{t}"/>' for rang, t in enumerate(types))
    espace = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{espace}">{lignes}</Types>'.encode()


def ooxml(type_mime: str, *autres: str, **entrees: bytes) -> bytes:
    declares = types_declares(f"{type_mime}.main+xml", *autres)
    return archive({"[Content_Types].xml": declares, "word/document.xml": b"<w/>", **entrees})


def odf(type_mime: str, *autres: str) -> bytes:
    return archive({"mimetype": type_mime, "content.xml": "<o/>", **dict.fromkeys(autres, "x")})


# Un fichier de chaque sorte permise.
BONS = {
    "convention.pdf": PDF,
    "plan.png": PNG,
    "photo.jpg": JPEG,
    "photo.jpeg": JPEG,
    "lettre.docx": ooxml(DOCX),
    "lettre.odt": odf(ODT),
    "releve.xlsx": ooxml(XLSX),
    "releve.ods": odf(ODS),
    "note.txt": "Délibéré à l’unanimité.\n".encode(),
    "export.csv": "N°;Libellé\r\n1;État civil\r\n".encode("cp1252"),
}


def fichier(nom: str = "convention.pdf", octets: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, octets)
