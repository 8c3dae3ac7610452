"""Juger un fichier déposé sur ses octets : ce qu’il est vraiment, sous quel nom on le gardera."""

from dataclasses import dataclass
from zipfile import ZipFile

import filetype
from django.core.files import File

from dpd.pieces.regles.archive import (
    ABIME,
    MIMETYPE,
    PROTEGE,
    TYPES_DECLARES,
    Archive,
    type_de_l_archive,
)
from dpd.pieces.regles.fichier import (
    ARCHIVES,
    PDF,
    TEXTES,
    TYPES,
    FichierRefuse,
    est_texte,
    extension_permise,
    verifier_accord,
    verifier_fin_de_pdf,
    verifier_taille,
)
from dpd.pieces.regles.noms import nom_assaini

DEBUT_LU = 8_192  # octets : ce que la reconnaissance par signature examine
FIN_LUE = 2_048
ENTREE_LUE = 1_000_000  # octets, d’une entrée d’archive
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office d’avant 2007, ou document chiffré


@dataclass(frozen=True, slots=True)
class Constat:
    """``nom`` assaini, ``type_mime`` lu dans le contenu et non annoncé par le navigateur."""

    nom: str
    type_mime: str
    taille: int


def controler(fichier: File) -> Constat:
    """Ce qu’est un fichier déposé ; le laisse rembobiné.

    Ne dit rien d’un virus, ni du JavaScript d’un PDF : une pièce n’est jamais ouverte par le site, et se
    rend toujours en téléchargement.

    :raises FichierRefuse: s’il est vide, trop gros, d’un type refusé, ou pas ce que dit son nom.
    """
    nom = nom_assaini(fichier.name or "")
    extension = extension_permise(nom)
    verifier_taille(fichier.size)
    try:
        verifier_accord(extension, _type_detecte(fichier, extension))
    finally:
        fichier.seek(0)
    return Constat(nom, TYPES[extension], fichier.size)


def _type_detecte(fichier: File, extension: str) -> str | None:
    fichier.seek(0)
    debut = fichier.read(DEBUT_LU)
    signature = filetype.guess_mime(debut)
    if extension in TEXTES:
        # Une signature de deux lettres se rencontre dans un texte ; celle d’un type permis, non.
        return TYPES[extension] if signature not in TYPES.values() and est_texte(fichier.chunks()) else None
    if extension in ARCHIVES:
        return _type_bureautique(fichier, debut)
    if signature == PDF:
        fichier.seek(max(0, fichier.size - FIN_LUE))
        verifier_fin_de_pdf(fichier.read())
    return signature


def _type_bureautique(fichier: File, debut: bytes) -> str | None:
    if debut.startswith(OLE):
        raise FichierRefuse(PROTEGE)
    return type_de_l_archive(_archive(fichier)) if debut.startswith(ZIP) else None


def _archive(fichier: File) -> Archive:
    """:raises FichierRefuse: si l’archive ne se lit pas."""
    try:
        with ZipFile(fichier) as archive:
            noms = tuple(archive.namelist())
            premiere = _entree(archive, MIMETYPE) if noms[:1] == (MIMETYPE,) else b""
            declares = _entree(archive, TYPES_DECLARES) if TYPES_DECLARES in noms else b""
    # Une archive abîmée fait lever à zipfile bien plus que BadZipFile : ValueError, struct.error…
    except Exception as erreur:
        raise FichierRefuse(ABIME) from erreur
    return Archive(noms, premiere, declares)


def _entree(archive: ZipFile, nom: str) -> bytes:
    with archive.open(nom) as flux:
        return flux.read(ENTREE_LUE)
