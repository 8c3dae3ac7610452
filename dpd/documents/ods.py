"""ODS (OpenDocument 1.3) écrit au fil de l’eau : une ligne à la fois en mémoire.

Chaque texte est déclaré ``office:value-type="string"`` : un tableur ne l’interprète jamais.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED

from dpd.documents import ods_xml
from dpd.documents.archive import ArchiveFigee, entree
from dpd.documents.cellules import feuilles_nommees, lire
from dpd.documents.modele import Cellule, Document, Entete, Feuille, Ligne, Style
from dpd.documents.morceaux import regrouper
from dpd.documents.surete import sans_controle

TYPE_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_ATTRIBUTS = {style: f'table:style-name="{style.value}"' for style in Style}


def ecrire(document: Document, sortie: BinaryIO) -> None:
    """Écrit le classeur dans ``sortie`` ; octets reproductibles."""
    figees: list[tuple[str, int]] = []
    with ArchiveFigee(sortie, "w", ZIP_DEFLATED) as archive:
        # Le type vient en premier et non compressé : c’est ainsi qu’un ODS se reconnaît.
        with archive.open(entree("mimetype", ZIP_STORED), "w") as flux:
            flux.write(TYPE_MIME.encode())
        archive.writestr("META-INF/manifest.xml", ods_xml.MANIFESTE)
        archive.writestr("meta.xml", _meta(document.entete))
        archive.writestr("styles.xml", ods_xml.STYLES)
        with archive.open(entree("content.xml"), "w") as flux:
            for morceau in regrouper(_contenu(document, figees)):
                flux.write(morceau)
        archive.writestr("settings.xml", ods_xml.reglages(figees))


def _meta(entete: Entete) -> str:
    date = entete.edite_le.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    auteur = entete.auteur or entete.organisme
    return ods_xml.META.format(
        titre=_texte(entete.titre),
        sujet=_texte(entete.nature),
        auteur=_texte(auteur),
        description=f"Empreinte SHA-256 : {_texte(entete.empreinte)}",
        date=date,
    )


def _contenu(document: Document, figees: list[tuple[str, int]]) -> Iterator[str]:
    yield ods_xml.DEBUT_CONTENU
    for nom, feuille in feuilles_nommees(document):
        if feuille.figer:
            figees.append((nom, feuille.figer))
        yield from _feuille(nom, feuille)
    yield ods_xml.FIN_CONTENU


def _feuille(nom: str, feuille: Feuille) -> Iterator[str]:
    yield f'<table:table table:name="{_attribut(nom)}" table:style-name="feuille">'
    for largeur in feuille.largeurs or (ods_xml.LARGEUR_PAR_DEFAUT,):
        style = ods_xml.style_de_colonne(largeur)
        yield f'<table:table-column table:style-name="{style}" table:default-cell-style-name="normal"/>'
    vide = True
    for ligne in feuille.lignes():
        vide = False
        yield _ligne(ligne)
    if vide:
        yield "<table:table-row><table:table-cell/></table:table-row>"
    yield "</table:table>"


def _ligne(ligne: Ligne) -> str:
    cellules = "".join(map(_cellule, ligne)) or "<table:table-cell/>"
    return f'<table:table-row table:style-name="ligne">{cellules}</table:table-row>'


def _cellule(brute: str | int | float | Cellule) -> str:
    valeur, style, colonnes = lire(brute)
    attributs, couvertes = _ATTRIBUTS[style], ""
    if colonnes > 1:
        attributs += f' table:number-columns-spanned="{colonnes}" table:number-rows-spanned="1"'
        couvertes = "<table:covered-table-cell/>" * (colonnes - 1)
    if not isinstance(valeur, str):
        attributs += f' office:value-type="float" office:value="{valeur!r}"'
        return f"<table:table-cell {attributs}><text:p>{valeur}</text:p></table:table-cell>{couvertes}"
    if not valeur:
        return f"<table:table-cell {attributs}/>{couvertes}"
    return (
        f'<table:table-cell {attributs} office:value-type="string">'
        f"{ods_xml.paragraphes(valeur)}</table:table-cell>{couvertes}"
    )


def _texte(texte: str) -> str:
    return escape(sans_controle(texte))


def _attribut(texte: str) -> str:
    return escape(texte, {'"': "&quot;"})
