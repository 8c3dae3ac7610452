"""JSON : l’identité de l’export, puis les enregistrements, un par ligne, clés triées."""

import json
import re
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
    """Textes épurés ; dates en ISO 8601 ; montants en texte, pour ne rien arrondir."""
    ecrit = _ECRIVAIN.encode(valeur)
    # Épurer recopie tout : seulement si quelque chose est à retirer.
    return _ECRIVAIN.encode(_epurer(valeur)) if _A_EPURER.search(ecrit) else ecrit


def _valeur(valeur: Any) -> str:
    if isinstance(valeur, datetime | date | time):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return str(valeur)
    raise TypeError(f"{type(valeur).__name__} n’a pas d’écriture en JSON.")


def _epurer(valeur: Any) -> Any:
    if isinstance(valeur, str):
        return sans_controle(valeur)
    if isinstance(valeur, Mapping):
        return {sans_controle(str(cle)): _epurer(element) for cle, element in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_epurer(element) for element in valeur]
    return valeur


# Ce que ``sans_controle`` retire, tel que l’écriture JSON le montre : les commandes C0 y sont échappées.
_A_EPURER = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]|\\\\(?:r|b|f|u00[01])")
_ECRIVAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False, default=_valeur)
