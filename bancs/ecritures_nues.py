"""Les planchers des exports : le même contenu, déjà prêt, écrit par la bibliothèque du format seule."""

import csv
import json
from functools import lru_cache
from io import TextIOWrapper
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from dpd.documents import ods
from dpd.documents.cellules import feuilles_nommees, lire
from dpd.documents.modele import Document, Feuille
from registre.exports import versions_du_registre

LARGEUR, HAUT, BAS, INTERLIGNE = 480, 800, 50, 12


def preparer(format: str, document: Document) -> Any:
    """Le contenu du document, entièrement calculé, tel que l’écriture nue le reçoit."""
    if format == "json":
        return list(document.enregistrements())
    if format == "pdf":
        return [(fiche.titre, tuple(_textes(fiche))) for fiche in document.fiches()]
    feuilles = [
        (nom, feuille, [tuple(ligne) for ligne in feuille.lignes()])
        for nom, feuille in feuilles_nommees(document)
    ]
    if format == "csv":
        return [[lire(cellule)[0] for cellule in ligne] for ligne in feuilles[1][2]]
    if format == "xlsx":
        return [
            (nom, [[lire(cellule)[:2] for cellule in ligne] for ligne in lignes])
            for nom, _, lignes in feuilles
        ]
    return Document(
        entete=document.entete,
        fiches=lambda: iter(()),
        feuilles=lambda: (
            Feuille(nom, lambda lignes=lignes: iter(lignes), feuille.largeurs, feuille.figer)
            for nom, feuille, lignes in feuilles[1:]
        ),
        enregistrements=lambda: iter(()),
    )


def _textes(objet: Any):
    """Tous les textes d’une fiche mise en page, dans l’ordre."""
    if isinstance(objet, str):
        if objet:
            yield objet
        return
    if isinstance(objet, tuple | list):
        for element in objet:
            yield from _textes(element)
        return
    for nom in getattr(objet, "__dataclass_fields__", ()):
        yield from _textes(getattr(objet, nom))


def relire_la_base(collectivite) -> None:
    """Les mêmes lignes, le contenu décodé, sans en faire d’objets du domaine."""
    for contenu in versions_du_registre(collectivite).values_list("contenu", flat=True).iterator(200):
        assert contenu


def _csv(lignes, sortie: BinaryIO) -> None:
    texte = TextIOWrapper(sortie, "utf-8", newline="")
    csv.writer(texte, delimiter=";", lineterminator="\r\n").writerows(lignes)
    texte.flush()
    texte.detach()


def _json(enregistrements, sortie: BinaryIO) -> None:
    for enregistrement in enregistrements:
        sortie.write(json.dumps(enregistrement, ensure_ascii=False, default=str).encode())


def _xlsx(feuilles, sortie: BinaryIO) -> None:
    classeur = Workbook(write_only=True)
    styles = sorted({style.value for _, lignes in feuilles for ligne in lignes for _, style in ligne})
    for style in styles:
        classeur.add_named_style(
            NamedStyle(name=f"nu_{style}", font=Font(name="Calibri"), alignment=Alignment(wrap_text=True))
        )
    for nom, lignes in feuilles:
        page = classeur.create_sheet(nom)
        for ligne in lignes:
            page.append([_cellule(page, valeur, style) for valeur, style in ligne])
    classeur.save(sortie)


def _cellule(page, valeur, style):
    cellule = WriteOnlyCell(page, value=valeur)
    cellule.style = f"nu_{style.value}"
    return cellule


@lru_cache(maxsize=8_192)
def _couper(texte: str) -> list[str]:
    return simpleSplit(texte, "Helvetica", 9, LARGEUR)


def _pdf(fiches, sortie: BinaryIO) -> None:
    """Le canevas, la césure gardée en cache, une fiche par page ou davantage ; ni balise ni signet."""
    canevas = Canvas(sortie)
    for titre, textes in fiches:
        canevas.setFont("Helvetica", 14)
        canevas.drawString(50, HAUT, titre)
        y = HAUT - 2 * INTERLIGNE
        canevas.setFont("Helvetica", 9)
        for texte in textes:
            for ligne in _couper(texte):
                if y < BAS:
                    canevas.showPage()
                    canevas.setFont("Helvetica", 9)
                    y = HAUT
                canevas.drawString(50, y, ligne)
                y -= INTERLIGNE
        canevas.showPage()
    canevas.save()


ECRITURES = {"csv": _csv, "json": _json, "xlsx": _xlsx, "ods": ods.ecrire, "pdf": _pdf}
RELECTURES = {"csv": relire_la_base, "json": relire_la_base}
