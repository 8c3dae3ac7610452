"""Lire un fichier déposé par une commune : CSV, XLSX ou ODS, tout en texte.

Rien n’y est deviné du sens : un SIRET reste ses quatorze chiffres, une date sa forme ISO 8601.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from python_calamine import CalamineWorkbook

from dpd.documents.lecteur_garde import FichierIllisible, controler_archive
from dpd.documents.surete import restaurer, sans_controle

__all__ = ["Classeur", "FeuilleLue", "FichierIllisible", "lire"]

TAILLE_MAXIMALE = 20_000_000  # octets
SEPARATEURS = (";", "\t", ",")
CHIFFRES_SIGNIFICATIFS = 15  # ce qu’un tableur garde d’un nombre

Ligne = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeuilleLue:
    nom: str
    lignes: tuple[Ligne, ...]


@dataclass(frozen=True, slots=True)
class Classeur:
    """Un CSV est un classeur d’une seule feuille, qui porte le nom du fichier."""

    feuilles: tuple[FeuilleLue, ...]


def lire(nom: str, contenu: bytes) -> Classeur:
    """Le contenu du fichier, tout en texte. ``FichierIllisible``, avec une phrase à montrer, sinon."""
    extension = PurePath(nom).suffix.lower()
    if extension not in LECTEURS:
        raise FichierIllisible("Choisissez un fichier CSV, XLSX ou ODS.")
    if not contenu.strip():
        raise FichierIllisible("Ce fichier est vide.")
    if len(contenu) > TAILLE_MAXIMALE:
        raise FichierIllisible(
            f"Ce fichier est trop gros\u00a0: {TAILLE_MAXIMALE // 1_000_000}\u00a0Mo au plus."
        )
    classeur = LECTEURS[extension](nom, contenu)
    if not any(any(ligne) for feuille in classeur.feuilles for ligne in feuille.lignes):
        raise FichierIllisible("Ce fichier ne contient aucune ligne remplie.")
    return classeur


# CSV


def _lire_csv(nom: str, contenu: bytes) -> Classeur:
    if contenu.startswith(b"PK") or b"\0" in contenu:
        raise FichierIllisible(
            "Ce fichier porte l’extension .csv, mais ce n’est pas un CSV. "
            "Enregistrez-le au format CSV depuis votre tableur."
        )
    texte = _decoder(contenu)
    lignes = _analyser(texte, _separateur(texte))
    propres = (tuple(sans_controle(restaurer(champ)) for champ in ligne) for ligne in lignes)
    return Classeur((FeuilleLue(PurePath(nom).stem, _sans_fin_vide(propres)),))


def _decoder(contenu: bytes) -> str:
    """UTF-8, avec ou sans BOM ; sinon le Windows-1252 d’un tableur français."""
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            return contenu.decode(encodage)
        except UnicodeDecodeError:
            continue
    raise FichierIllisible("Les accents de ce fichier sont illisibles. Enregistrez-le en CSV UTF-8.")


def _separateur(texte: str) -> str:
    """Celui qui découpe la plus grande part des lignes, puis sans faute, puis le plus régulièrement."""

    def score(separateur: str) -> tuple[float, bool, int]:
        tailles = _tailles(texte, separateur, strict=True)
        sans_faute = tailles is not None
        if tailles is None:
            tailles = _tailles(texte, separateur, strict=False) or []
        decoupees = [taille for taille in tailles if taille > 1]
        part = len(decoupees) / len(tailles) if tailles else 0.0
        return part, sans_faute, -len(set(decoupees))

    return max(SEPARATEURS, key=score)


def _tailles(texte: str, separateur: str, *, strict: bool) -> list[int] | None:
    """Le nombre de cellules de chaque ligne qui n’est pas vide ; None si la lecture échoue."""
    lecteur = csv.reader(StringIO(texte, newline=""), delimiter=separateur, strict=strict)
    try:
        return [len(ligne) for ligne in lecteur if any(ligne)]
    except csv.Error:
        return None


def _analyser(texte: str, separateur: str) -> list[list[str]]:
    try:
        return list(csv.reader(StringIO(texte, newline=""), delimiter=separateur, strict=True))
    except csv.Error as erreur:
        if "unexpected end" in str(erreur):
            message = "Ce fichier est tronqué\u00a0: un guillemet y est ouvert et jamais refermé."
            raise FichierIllisible(message) from erreur
    try:
        return list(csv.reader(StringIO(texte, newline=""), delimiter=separateur))
    except csv.Error as erreur:
        raise FichierIllisible("Ce fichier n’est pas un CSV lisible.") from erreur


# XLSX et ODS


def _lire_classeur(nom: str, contenu: bytes) -> Classeur:
    extension = PurePath(nom).suffix.lower()
    controler_archive(contenu, extension)
    try:
        classeur = CalamineWorkbook.from_filelike(BytesIO(contenu))
        feuilles = tuple(
            FeuilleLue(titre, _lignes(classeur.get_sheet_by_name(titre).to_python(skip_empty_area=False)))
            for titre in classeur.sheet_names
        )
    # calamine lève ses propres erreurs, mais aussi IndexError, ValueError… selon ce qui est abîmé.
    except Exception as erreur:
        message = f"Ce fichier {extension} est abîmé. Rouvrez-le dans votre tableur et enregistrez-le."
        raise FichierIllisible(message) from erreur
    return Classeur(feuilles)


def _lignes(brutes: Iterable[Iterable[Any]]) -> tuple[Ligne, ...]:
    return _sans_fin_vide(tuple(_en_texte(valeur) for valeur in ligne) for ligne in brutes)


def _en_texte(valeur: Any) -> str:
    """Un nombre sans « .0 » ni exposant, une date ISO, une durée « 30:15:00 », « VRAI » ou « FAUX »."""
    if isinstance(valeur, str):
        return sans_controle(valeur)
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    if isinstance(valeur, float):
        if valeur.is_integer():
            return str(int(valeur))
        return format(Decimal(f"{valeur:.{CHIFFRES_SIGNIFICATIFS}g}"), "f")
    if isinstance(valeur, datetime) and valeur.time() == time.min:
        return valeur.date().isoformat()
    if isinstance(valeur, timedelta):
        minutes, secondes = divmod(int(valeur.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{secondes:02d}"
    if isinstance(valeur, datetime | date | time):
        return valeur.isoformat()
    return str(valeur)


def _sans_fin_vide(lignes: Iterable[Ligne]) -> tuple[Ligne, ...]:
    """Les lignes sans celles, vides, qui traînent à la fin."""
    gardees = list(lignes)
    while gardees and not any(gardees[-1]):
        gardees.pop()
    return tuple(gardees)


LECTEURS: MappingProxyType[str, Callable[[str, bytes], Classeur]] = MappingProxyType(
    {".csv": _lire_csv, ".xlsx": _lire_classeur, ".ods": _lire_classeur}
)
