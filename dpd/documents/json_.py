"""JSON : l’identité de l’export, puis les enregistrements, un par ligne, clés triées."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from dpd.documents.modele import Document
from dpd.documents.morceaux import regrouper
from dpd.documents.surete import sans_controle


def ecrire(document: Document, sortie: BinaryIO) -> None:
    """Écrit le document au fil de l’eau. ``TypeError`` si une valeur n’a pas d’écriture en JSON."""
    for morceau in morceaux(document):
        sortie.write(morceau)


def morceaux(document: Document) -> Iterator[bytes]:
    """Le même fichier, par morceaux, pour une réponse qui part avant d’être finie."""
    return regrouper(_textes(document))


def _textes(document: Document) -> Iterator[str]:
    yield f'{{"document": {_texte(_identite(document))},\n"enregistrements": ['
    separateur = "\n"
    for enregistrement in document.enregistrements():
        yield separateur + _texte(enregistrement)
        separateur = ",\n"
    yield "\n]}\n"


def _identite(document: Document) -> dict[str, Any]:
    identite = asdict(document.entete)
    if document.avertissement:
        identite["avertissement"] = document.avertissement
    identite["meta"] = document.meta
    return identite


def _texte(valeur: Mapping[str, Any]) -> str:
    return json.dumps(_ecrivable(valeur), ensure_ascii=False, sort_keys=True, allow_nan=False)


def _ecrivable(valeur: Any) -> Any:
    """Textes épurés ; dates en ISO 8601 ; montants en texte, pour ne rien arrondir."""
    if isinstance(valeur, str):
        return sans_controle(valeur)
    if isinstance(valeur, Mapping):
        return {sans_controle(str(cle)): _ecrivable(element) for cle, element in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_ecrivable(element) for element in valeur]
    if isinstance(valeur, datetime | date | time):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return str(valeur)
    return valeur
