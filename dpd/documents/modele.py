"""Le pivot de tous les exports : ce qu’on écrit, sans rien savoir du format.

Un document se lit de trois façons, toutes trois **relisibles** (chaque appel de la source
rouvre un itérateur neuf) et **en flux** (une fiche à la fois en mémoire) :

* ``fiches()`` : la mise en page imprimée (PDF) ;
* ``feuilles`` : les tableaux d’un classeur (XLSX, ODS ; CSV pour la première) ;
* ``enregistrements()`` : les données structurées (JSON).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Style(StrEnum):
    """Apparence d’une cellule de classeur ; jamais porteuse de sens à elle seule."""

    NORMAL = "normal"
    TITRE = "titre"
    ENTETE = "entete"
    LIBELLE = "libelle"
    DISCRET = "discret"
    MANQUE = "manque"


@dataclass(frozen=True, slots=True)
class Entete:
    """Ce que chaque export porte : qui, quoi, quand, et de quoi le vérifier."""

    titre: str
    organisme: str
    siren: str
    responsable: str
    dpd: str
    nature: str  # « Extrait intégral », « Version communicable »…
    edite_le: datetime  # aware, dans le fuseau de l’organisme
    version: str  # version du registre ou de la fiche, en toutes lettres
    empreinte: str  # SHA-256 hexadécimal du contenu, hors date d’édition
    auteur: str = ""


@dataclass(frozen=True, slots=True)
class Colonne:
    titre: str
    largeur: float = 1.0  # relative aux autres colonnes du même tableau
    nombre: bool = False


@dataclass(frozen=True, slots=True)
class Paragraphe:
    texte: str
    discret: bool = False


@dataclass(frozen=True, slots=True)
class Liste:
    elements: tuple[str, ...]
    numerotee: bool = False


@dataclass(frozen=True, slots=True)
class Paires:
    """Libellé puis valeur, une paire par ligne."""

    lignes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tableau:
    """La première colonne est l’intitulé de ligne ; l’en-tête se répète à chaque page."""

    colonnes: tuple[Colonne, ...]
    lignes: tuple[tuple[str, ...], ...]
    legende: str = ""


@dataclass(frozen=True, slots=True)
class Alerte:
    """Un manque, encadré de tirets et nommé."""

    texte: str


@dataclass(frozen=True, slots=True)
class AvisDecision:
    """L’avis du DPD à gauche, la décision du responsable à droite, jamais mêlés."""

    avis: tuple[str, ...]  # titre, puis signature, puis paragraphes
    decision: tuple[str, ...]


Bloc = Paragraphe | Liste | Paires | Tableau | Alerte | AvisDecision


@dataclass(frozen=True, slots=True)
class Section:
    """``repere`` : la lettre a à g de l’article 30 qui guide l’inspecteur en marge, ou vide."""

    titre: str
    blocs: tuple[Bloc, ...]
    repere: str = ""
    manque: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fiche:
    """Une fiche commence une page et un signet."""

    titre: str
    sections: tuple[Section, ...]
    sous_titre: str = ""
    reference: str = ""  # « fiche n° 5, version 3 », en tête des pages suivantes
    cartouche: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cellule:
    """``valeur`` : texte ou nombre ; un texte n’est jamais interprété comme une formule."""

    valeur: str | int | float
    style: Style = Style.NORMAL
    colonnes: int = 1  # nombre de colonnes fusionnées


Ligne = tuple[str | int | float | Cellule, ...]


@dataclass(frozen=True, slots=True)
class Feuille:
    """Une feuille de classeur. ``largeurs`` en caractères ; ``figer`` : lignes d’en-tête figées."""

    nom: str
    lignes: Callable[[], Iterator[Ligne]]
    largeurs: tuple[int, ...] = ()
    figer: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    entete: Entete
    fiches: Callable[[], Iterator[Fiche]]
    feuilles: Callable[[], Iterator[Feuille]]
    enregistrements: Callable[[], Iterator[dict[str, Any]]]
    sommaire: tuple[str, ...] = ()  # titres des fiches, dans l’ordre ; vide = pas de sommaire
    avertissement: str = ""
    meta: dict[str, str] = field(default_factory=dict)  # métadonnées propres, ajoutées au JSON
