"""Les signets : un par fiche, écrit dès que la suivante est connue (ISO 32000-1 §12.3.3)."""

from dpd.documents.pdf_balises import chaine
from dpd.documents.pdf_flux import DocumentEnFlux


class Signets:
    """Une liste plate de signets, chaînés l’un à l’autre au fil de l’eau."""

    def __init__(self, flux: DocumentEnFlux) -> None:
        self._flux = flux
        self.racine = flux.reserver()
        self._nombre = 0
        self._premier = self._precedent = self._dernier = 0
        self._corps = b""

    def ajouter(self, titre: str, page: int) -> None:
        """Un signet vers le haut d’une page (numéro d’objet)."""
        numero = self._flux.reserver()
        self._ecrire_dernier(numero)
        self._nombre += 1
        self._premier = self._premier or numero
        self._precedent, self._dernier = self._dernier, numero
        precedent = b"/Prev %d 0 R" % self._precedent if self._precedent else b""
        self._corps = b"/Title%b/Parent %d 0 R/Dest[%d 0 R/XYZ null null null]%b" % (
            chaine(titre.replace("\n", " ")),
            self.racine,
            page,
            precedent,
        )

    def _ecrire_dernier(self, suivant: int) -> None:
        if self._dernier:
            suite = b"/Next %d 0 R" % suivant if suivant else b""
            self._flux.objet(b"<<%b%b>>" % (self._corps, suite), self._dernier)

    def terminer(self) -> None:
        """Écrit le dernier signet et la racine."""
        self._ecrire_dernier(0)
        self._flux.objet(
            b"<</Type/Outlines/Count %d/First %d 0 R/Last %d 0 R>>"
            % (self._nombre, self._premier, self._dernier),
            self.racine,
        )
