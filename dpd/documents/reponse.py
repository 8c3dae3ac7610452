"""Rendre un document par HTTP, dans le format demandé."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import BinaryIO, cast

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from dpd.documents import csv_, json_, ods, pdf, xlsx
from dpd.documents.modele import Document
from dpd.documents.surete import nom_de_fichier

SEUIL_EN_MEMOIRE = 2_000_000  # octets ; au-delà, le fichier temporaire passe sur le disque


@dataclass(frozen=True, slots=True)
class Format:
    """Un format d’export. ``morceaux`` : présent si la réponse peut partir avant d’être finie."""

    libelle: str
    extension: str
    type_mime: str
    ecrire: Callable[[Document, BinaryIO], None]
    morceaux: Callable[[Document], Iterator[bytes]] | None = None


FORMATS = MappingProxyType(
    {
        "pdf": Format("PDF", "pdf", "application/pdf", pdf.ecrire),
        "ods": Format("Tableur ODS", "ods", ods.TYPE_MIME, ods.ecrire),
        "xlsx": Format(
            "Tableur XLSX",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            xlsx.ecrire,
        ),
        "csv": Format("CSV", "csv", "text/csv; charset=utf-8", csv_.ecrire, csv_.morceaux),
        "json": Format("JSON", "json", "application/json", json_.ecrire, json_.morceaux),
    }
)


def reponse(document: Document, format: str, nom: str) -> HttpResponseBase:
    """Le document en pièce jointe, sous un nom de fichier sûr. ``Http404`` si le format est inconnu."""
    if format not in FORMATS:
        raise Http404(f"Format d’export inconnu : {format}")
    choix = FORMATS[format]
    fichier = nom_de_fichier(nom, choix.extension)
    if choix.morceaux is None:
        return par_fichier(partial(choix.ecrire, document), choix.type_mime, fichier)
    en_flux = StreamingHttpResponse(choix.morceaux(document), content_type=choix.type_mime)
    en_flux["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=fichier)
    return en_flux


def par_fichier(ecrire: Callable[[BinaryIO], None], type_mime: str, fichier: str) -> FileResponse:
    """Écrit d’abord, répond ensuite : une erreur d’écriture n’envoie jamais un fichier tronqué."""
    tampon = cast(BinaryIO, tempfile.SpooledTemporaryFile(SEUIL_EN_MEMOIRE))  # noqa: SIM115 — fermé par la réponse
    try:
        ecrire(tampon)
    except BaseException:
        tampon.close()
        raise
    tampon.seek(0)
    return FileResponse(tampon, as_attachment=True, filename=fichier, content_type=type_mime)
