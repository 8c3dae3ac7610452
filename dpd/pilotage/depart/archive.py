"""L’archive d’un départ : un zip écrit au fil de l’eau, dont les octets ne dépendent que du contenu.

Chaque document y porte la date du dernier changement, et non celle du téléchargement ; ce qui relève du
départ lui-même (attestation, bordereau visé, courriels d’annonce, téléchargements) n’y est pas. L’archive
reste donc la même, à l’octet près, tant que rien ne change : son empreinte se vérifie après coup.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED

from dpd.conventions.models import Depart
from dpd.documents.archive import ArchiveFigee, entree
from dpd.documents.reponse import FORMATS, SEUIL_EN_MEMOIRE
from dpd.pilotage.depart import documents, tableaux
from dpd.pilotage.depart.contenu import tables
from dpd.pilotage.depart.donnees import Releve, dictionnaire
from dpd.pilotage.depart.lisezmoi import lisezmoi
from dpd.pilotage.depart.restitution_pieces import Manifeste

MORCEAU = 65_536  # octets
SOMMES = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Bilan:
    """Ce que vaut l’archive écrite. ``perdues`` : les pièces dont le fichier manque ou n’est plus le même."""

    empreinte: str
    taille: int
    fichiers: int
    perdues: int


class _Plume:
    """Ajoute un fichier après l’autre, et retient la somme de chacun."""

    def __init__(self, zip_: ArchiveFigee):
        self._zip = zip_
        self.sommes: dict[str, str] = {}

    def ajouter(self, chemin: str, morceaux: Iterable[bytes], methode: int = ZIP_DEFLATED) -> str:
        condensat = sha256()
        with self._zip.open(entree(chemin, methode), "w", force_zip64=True) as flux:
            for morceau in morceaux:
                condensat.update(morceau)
                flux.write(morceau)
        self.sommes[chemin] = condensat.hexdigest()
        return self.sommes[chemin]

    def ajouter_les_sommes(self) -> None:
        lignes = (f"{somme}  {chemin}\n".encode() for chemin, somme in sorted(self.sommes.items()))
        with self._zip.open(entree(SOMMES), "w") as flux:
            flux.writelines(lignes)


def ecrire(depart: Depart, sortie: BinaryIO) -> Bilan:
    """Écrit l’archive de la collectivité du départ dans ``sortie``, un fichier que l’on peut relire.

    Nombre de requêtes constant, une ligne, une fiche ou un morceau de pièce en mémoire à la fois.

    :raises OSError: si une pièce cesse d’être lisible en cours de lecture ; rien n’est alors à remettre.
    """
    collectivite = depart.collectivite
    with ArchiveFigee(sortie, "w", ZIP_DEFLATED) as zip_:
        plume = _Plume(zip_)
        arrete_le = _ecrire_les_tables(plume, collectivite) or depart.ouvert_le
        manifeste = _ecrire_les_pieces(plume, collectivite)
        for ensemble in (documents.registre, documents.conventions):
            _ecrire_les_documents(plume, ensemble(collectivite, arrete_le))
        _ecrire_les_tableaux(plume, collectivite)
        texte = lisezmoi(depart, sorted(plume.sommes), manifeste, arrete_le)
        plume.ajouter("LISEZMOI.txt", [texte.encode()])
        plume.ajouter_les_sommes()
    empreinte, taille = _relire(sortie)
    return Bilan(empreinte, taille, len(plume.sommes) + 1, len(manifeste.perdues))


def _ecrire_les_tables(plume: _Plume, collectivite) -> datetime | None:
    """Rend l’instant du dernier changement."""
    releve, toutes = Releve(), tables()
    for table in toutes:
        lignes = releve.ecrire(table, table.champs, table.lignes(collectivite))
        plume.ajouter(f"donnees/{table.nom}.json", lignes)
        if table.est_historisee:
            etats = releve.ecrire(table, table.champs_d_historique, table.historique(collectivite))
            plume.ajouter(f"donnees/{table.nom}-historique.json", etats)
    plume.ajouter("donnees/DICTIONNAIRE.json", dictionnaire(toutes))
    return releve.dernier


def _ecrire_les_pieces(plume: _Plume, collectivite) -> Manifeste:
    """Telles quelles : une image ou un PDF ne se compresse plus."""
    manifeste = Manifeste()
    for piece, fichier in manifeste.restituees(collectivite):
        with fichier as flux:
            somme = plume.ajouter(manifeste.chemin(piece), flux.chunks(MORCEAU), ZIP_STORED)
        manifeste.noter(piece, somme)
    plume.ajouter("pieces/manifeste.csv", manifeste.en_tableau())
    return manifeste


def _ecrire_les_documents(plume: _Plume, ensemble: Iterable[documents.Fichiers]) -> None:
    for fichiers in ensemble:
        for extension in fichiers.formats:
            # Certains formats relisent ce qu’ils ont écrit, ce qu’une entrée de zip ne permet pas.
            with tempfile.SpooledTemporaryFile(SEUIL_EN_MEMOIRE) as tampon:
                FORMATS[extension].ecrire(fichiers.document, cast(BinaryIO, tampon))
                tampon.seek(0)
                plume.ajouter(f"{fichiers.nom}.{extension}", _morceaux(cast(BinaryIO, tampon)))


def _ecrire_les_tableaux(plume: _Plume, collectivite) -> None:
    for chemin, titres, lignes in (
        ("registre/historique.csv", tableaux.TITRES_DE_L_HISTOIRE, tableaux.histoire),
        ("journaux/acces.csv", tableaux.TITRES_DU_JOURNAL, tableaux.journal),
        ("journaux/courriels.csv", tableaux.TITRES_DES_COURRIELS, tableaux.courriels),
        ("journaux/habilitations.csv", tableaux.TITRES_DES_HABILITATIONS, tableaux.habilitations),
    ):
        plume.ajouter(chemin, tableaux.tableau(titres, lignes(collectivite)))


def _morceaux(flux: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: flux.read(MORCEAU), b"")


def _relire(sortie: BinaryIO) -> tuple[str, int]:
    """L’empreinte et la taille de ce qui vient d’être écrit ; laisse le fichier rembobiné."""
    condensat = sha256()
    sortie.seek(0)
    for morceau in _morceaux(sortie):
        condensat.update(morceau)
    taille = sortie.tell()
    sortie.seek(0)
    return condensat.hexdigest(), taille
