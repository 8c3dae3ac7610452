"""L’enveloppe d’un fichier PDF 1.7, écrite au fil de l’eau (ISO 32000-1 §7.5).

Les petits objets (pages, balises, signets) vont par paquets compressés : un registre de dix mille
fiches en compte plus d’un million, et aucun ne reste en mémoire une fois écrit.
"""

import hashlib
import zlib
from array import array
from collections.abc import Callable
from struct import Struct
from typing import BinaryIO

OBJETS_PAR_PAQUET = 200
NIVEAU = 6
# Un commentaire d’octets hauts signale aux transferts que le fichier est binaire (§7.5.2).
ENTETE = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
ISOLE, EN_PAQUET = 1, 2
_ENTREE = Struct(">BQH")


class Fichier:
    """Écrit des objets numérotés, dans n’importe quel ordre, puis la table qui les retrouve.

    ``numero`` rend à chaque appel le prochain numéro d’objet libre.
    """

    def __init__(self, sortie: BinaryIO, numero: Callable[[], int]) -> None:
        self._sortie = sortie
        self._numero = numero
        self._position = 0
        self._condense = hashlib.sha256()
        # Pour chaque objet : nature (0 libre), position dans le fichier ou paquet, rang dans le paquet.
        self._natures = bytearray(1)
        self._positions = array("Q", [0])
        self._rangs = array("H", [0])
        self._paquet: list[tuple[int, bytes]] = []
        self._ecrire(ENTETE)

    def _ecrire(self, octets: bytes) -> None:
        self._sortie.write(octets)
        self._condense.update(octets)
        self._position += len(octets)

    def _situer(self, numero: int, nature: int, position: int, rang: int) -> None:
        manque = numero + 1 - len(self._natures)
        if manque > 0:
            self._natures.extend(bytes(manque))
            self._positions.extend([0] * manque)
            self._rangs.extend([0] * manque)
        self._natures[numero], self._positions[numero], self._rangs[numero] = nature, position, rang

    def isole(self, numero: int, corps: bytes) -> None:
        """Un objet tel quel ; ``corps`` contient déjà son flux s’il en a un."""
        self._situer(numero, ISOLE, self._position, 0)
        self._ecrire(b"%d 0 obj\n%b\nendobj\n" % (numero, corps))

    def flux(self, numero: int, contenu: bytes, dictionnaire: bytes = b"") -> None:
        """Un flux, compressé."""
        serre = zlib.compress(contenu, NIVEAU)
        tete = b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n" % (dictionnaire, len(serre))
        self.isole(numero, tete + serre + b"\nendstream")

    def objet(self, numero: int, corps: bytes) -> None:
        """Un objet sans flux, rangé dans le paquet en cours."""
        self._paquet.append((numero, corps))
        if len(self._paquet) >= OBJETS_PAR_PAQUET:
            self._vider()

    def _vider(self) -> None:
        """Écrit le paquet en cours (§7.5.7)."""
        numero_du_paquet = self._numero()
        index, corps, position = [], [], 0
        for rang, (numero, texte) in enumerate(self._paquet):
            self._situer(numero, EN_PAQUET, numero_du_paquet, rang)
            index.append(b"%d %d" % (numero, position))
            corps.append(texte)
            position += len(texte) + 1
        self._paquet = []
        tete = b" ".join(index) + b"\n"
        dictionnaire = b"/Type/ObjStm/N %d/First %d" % (len(index), len(tete))
        self.flux(numero_du_paquet, tete + b"\n".join(corps), dictionnaire)

    def fermer(self, racine: int, info: int) -> None:
        """La table des positions, sous forme de flux (§7.5.8), et la fin du fichier."""
        self._vider()
        # L’identifiant du fichier est tiré de son contenu : mêmes octets, même identifiant.
        identifiant = self._condense.hexdigest()[:32].encode()
        numero, debut = self._numero(), self._position
        self._situer(numero, ISOLE, debut, 0)
        table = bytearray()
        for entree in zip(self._natures, self._positions, self._rangs, strict=True):
            table += _ENTREE.pack(*entree)
        dictionnaire = b"/Type/XRef/Size %d/W[1 8 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % (
            len(self._natures),
            racine,
            info,
            identifiant,
            identifiant,
        )
        self.flux(numero, bytes(table), dictionnaire)
        self._ecrire(b"startxref\n%d\n%%%%EOF\n" % debut)
