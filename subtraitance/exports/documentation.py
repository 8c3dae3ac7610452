"""La documentation due au responsable, réunie en une archive (RGPD art. 28-3 h ; convention, art. 11).

Chaque document y est en PDF et dans un format ouvert ; le sommaire donne l’empreinte de chacun.
"""

import hashlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, NamedTuple

from dpd.comptes.models import Collectivite
from dpd.documents.archive import ArchiveFigee, entree
from dpd.documents.modele import Document
from dpd.documents.reponse import FORMATS, SEUIL_EN_MEMOIRE
from dpd.documents.surete import nom_de_fichier
from dpd.pieces.acces import peut_lire
from dpd.pieces.models import Piece
from dpd.regles.typographie import instant_long
from subtraitance import detention_lue
from subtraitance.documentation import contrats_avec_la_structure
from subtraitance.exports.article_30_2 import fiche_en_document
from subtraitance.exports.detention import detention_en_document
from subtraitance.exports.documentation_tableaux import (
    autorisations_en_document,
    controle_en_document,
    hebergement_en_document,
    instructions_en_document,
)

SOMMAIRE = "00-sommaire.txt"
EMPREINTES = "empreintes.sha256"
ABSENTE = "le fichier déposé est introuvable"


class Entree(NamedTuple):
    """Un fichier de l’archive, tel que le sommaire le décrit."""

    nom: str
    titre: str
    empreinte: str


def ecrire_la_documentation(
    sortie: BinaryIO, *, collectivite: Collectivite, acces, maintenant: datetime
) -> None:
    """Écrit l’archive, un document à la fois.

    :param acces: celui de la personne ; une pièce qu’elle ne peut pas lire n’y est pas.
    """
    contrats = contrats_avec_la_structure(collectivite)
    with ArchiveFigee(sortie, "w") as archive:
        entrees = [
            _ajouter(archive, f"{nom}.{FORMATS[format].extension}", document, format)
            for nom, document, autre in _documents(collectivite, contrats, maintenant)
            for format in ("pdf", autre)
        ]
        for contrat in contrats:
            if contrat.piece is not None and peut_lire(acces, contrat.piece):
                entrees.append(_joindre(archive, contrat.piece))
        archive.writestr(EMPREINTES, _empreintes(entrees))
        archive.writestr(SOMMAIRE, _sommaire(collectivite, entrees, maintenant))


def _documents(
    collectivite: Collectivite, contrats: list, maintenant: datetime
) -> Iterator[tuple[str, Document, str]]:
    """(nom, document, format ouvert) : chacun n’est lu en base qu’à son tour."""
    structure = collectivite.structure
    nature = f"Documentation remise à {collectivite.denomination}"
    lots = detention_lue.de_la_collectivite(collectivite)
    yield "01-fiche-30-2", fiche_en_document(collectivite, maintenant=maintenant), "json"
    yield "02-hebergement", hebergement_en_document(collectivite, maintenant=maintenant), "csv"
    detenues = detention_en_document(structure, lots, nature=nature, maintenant=maintenant)
    yield "03-donnees-detenues-et-detruites", detenues, "csv"
    yield "04-instructions-et-alertes", instructions_en_document(collectivite, maintenant=maintenant), "csv"
    chaine = autorisations_en_document(collectivite, contrats, maintenant=maintenant)
    yield "05-sous-traitants-ulterieurs", chaine, "csv"
    yield (
        "06-contrat-et-controle-28-3",
        controle_en_document(collectivite, contrats, maintenant=maintenant),
        "csv",
    )


def _ajouter(archive: ArchiveFigee, nom: str, document: Document, format: str) -> Entree:
    with SpooledTemporaryFile(SEUIL_EN_MEMOIRE) as tampon:
        FORMATS[format].ecrire(document, tampon)
        tampon.seek(0)
        return Entree(nom, document.entete.titre, _copier(archive, nom, tampon))


def _joindre(archive: ArchiveFigee, piece: Piece) -> Entree:
    base, _, extension = piece.nom.rpartition(".")
    nom = f"contrat/{piece.pk}-{nom_de_fichier(base or piece.nom, extension)}"
    try:
        with piece.fichier.open("rb") as fichier:
            return Entree(nom, str(piece), _copier(archive, nom, fichier))
    except FileNotFoundError:
        return Entree(nom, f"{piece}\u00a0: {ABSENTE}", "")


def _copier(archive: ArchiveFigee, nom: str, source: IO[bytes]) -> str:
    """Copie par morceaux ; rend l’empreinte de ce qui est écrit."""
    empreinte = hashlib.file_digest(source, "sha256").hexdigest()
    source.seek(0)
    with archive.open(entree(nom), "w") as destination:
        shutil.copyfileobj(source, destination)
    return empreinte


def _empreintes(entrees: list[Entree]) -> str:
    """Ce que relit « sha256sum -c »."""
    return "".join(f"{e.empreinte}  {e.nom}\n" for e in entrees if e.empreinte)


def _sommaire(collectivite: Collectivite, entrees: list[Entree], maintenant: datetime) -> str:
    edite = instant_long(maintenant.astimezone(collectivite.fuseau))
    lignes = [
        "Documentation du sous-traitant (RGPD, art. 28-3 h)",
        "",
        f"Responsable du traitement\u00a0: {collectivite.denomination}, SIREN {collectivite.siren}",
        f"Sous-traitant\u00a0: {collectivite.structure.nom}, SIREN {collectivite.structure.siren}",
        f"Éditée le {edite}",
        "",
        f"Les empreintes SHA-256 sont aussi dans {EMPREINTES}.",
        "",
    ]
    for e in entrees:
        lignes += [e.nom, f"  {e.titre}", f"  {e.empreinte}", ""]
    return "\n".join(lignes)
