"""Une lettre sur papier, ou à retoucher : le même imprimé en PDF et en DOCX, et rien n’y est ajouté."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO

from dpd.comptes.entete import de_la_collectivite
from dpd.documents import docx_
from dpd.documents.imprime import Imprime, ecrire_courrier
from dpd.documents.modele import Liste, Paragraphe, Section
from dpd.regles.empreintes import empreinte_du_contenu
from subtraitance.models import LettreDemande
from subtraitance.regles.lettres_modeles import MODELES, TYPES, TypeLettre
from subtraitance.regles.lettres_texte import Morceau, mettre_en_page

LIGNE_VIDE = "\u00a0"  # une insécable : une ligne tout à fait vide ne tiendrait pas sa place


@dataclass(frozen=True, slots=True)
class Sortie:
    libelle: str
    extension: str
    type_mime: str
    ecrire: Callable[[Imprime, BinaryIO], None]


SORTIES = MappingProxyType(
    {
        "pdf": Sortie("PDF", "pdf", "application/pdf", ecrire_courrier),
        "docx": Sortie("DOCX", "docx", docx_.TYPE_MIME, docx_.ecrire),
    }
)


def imprime(lettre: LettreDemande, maintenant: datetime) -> Imprime:
    """L’en-tête de la collectivité, puis la lettre telle qu’elle fut enregistrée."""
    collectivite, page = lettre.collectivite, mettre_en_page(lettre.texte)
    libelle = libelle_de(lettre.type)
    entete = de_la_collectivite(
        collectivite,
        titre=page.objet or libelle,
        nature=libelle,
        version="",
        empreinte=empreinte_du_contenu({"lettre": lettre.texte}),
        maintenant=maintenant,
    )
    adresse = [ligne for ligne in collectivite.adresse.splitlines() if ligne.strip()]
    suite = [ligne if ligne.strip() else LIGNE_VIDE for ligne in page.tete]
    tete = (collectivite.denomination, *adresse, *([LIGNE_VIDE, *suite] if suite else ()))
    blocs = tuple(bloc for morceau in page.corps for bloc in _blocs(morceau))
    titre = f"Objet\u00a0: {page.objet}" if page.objet else libelle
    return Imprime(entete, titre, (Section("", blocs),), tete)


def libelle_de(type_: str) -> str:
    """Le nom d’un type de lettre ; une réponse écrite au dossier a le sien."""
    return MODELES[TypeLettre(type_)].libelle if type_ in TYPES else "Lettre"


def _blocs(morceau: Morceau) -> Iterator[Paragraphe | Liste]:
    if morceau.texte:
        yield Paragraphe(morceau.texte)
    if morceau.puces:
        yield Liste(morceau.puces)
