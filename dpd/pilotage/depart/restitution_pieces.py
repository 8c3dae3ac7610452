"""Les pièces rendues, et le manifeste qui dit de chacune ce qu’elle est devenue."""

from collections.abc import Iterator
from enum import StrEnum

from django.core.files import File

from dpd.pieces.models import Piece
from dpd.pilotage.depart.contenu import pieces_de
from dpd.pilotage.depart.tableaux import tableau

PAR_PAQUET = 200
TITRES = (
    *(
        "N°",
        "Fichier",
        "État",
        "Domaine",
        "Nom",
        "Description",
        "Taille en octets",
        "Type",
        "Empreinte SHA-256",
    ),
    *("Déposée le", "Déposée par", "Retirée le", "Retirée par", "Motif du retrait"),
)


class Etat(StrEnum):
    RENDUE = "rendue"
    RETIREE = "retirée, déposée par erreur\u00a0: son contenu n’est pas rendu"
    MANQUANTE = "son fichier manque au stockage"
    ALTEREE = "rendue, mais son contenu n’est plus celui du dépôt"


class Manifeste:
    """Une pièce retirée l’a été par erreur de dépôt : sa trace se rend, son contenu non.

    Elle peut être d’une autre collectivité ; le décideur et le DPD la lisent encore sur sa page.
    """

    def __init__(self) -> None:
        self._lignes: list[tuple[Piece, Etat]] = []

    def restituees(self, collectivite) -> Iterator[tuple[Piece, File]]:
        """Chaque pièce à rendre, son fichier ouvert ; celles qui ne se rendent pas se notent au passage."""
        for piece in pieces_de(collectivite).iterator(PAR_PAQUET):
            if piece.est_retiree:
                self._lignes.append((piece, Etat.RETIREE))
                continue
            try:
                fichier = piece.fichier.open("rb")
            except OSError:
                self._lignes.append((piece, Etat.MANQUANTE))
                continue
            yield piece, fichier

    def noter(self, piece: Piece, somme: str) -> None:
        """Le fichier vient d’être écrit ; ``somme`` : celle de ce qui a été lu."""
        self._lignes.append((piece, Etat.RENDUE if somme == piece.sha256 else Etat.ALTEREE))

    @staticmethod
    def chemin(piece: Piece) -> str:
        return f"pieces/{piece.pk}-{piece.nom}"

    @property
    def perdues(self) -> list[Piece]:
        return [piece for piece, etat in self._lignes if etat in (Etat.MANQUANTE, Etat.ALTEREE)]

    @property
    def retirees(self) -> int:
        return sum(etat is Etat.RETIREE for _, etat in self._lignes)

    def en_tableau(self) -> Iterator[bytes]:
        """Le manifeste, dans l’ordre des dépôts."""
        return tableau(TITRES, (self._ligne(piece, etat) for piece, etat in self._lignes))

    def _ligne(self, piece: Piece, etat: Etat) -> tuple:
        rendue = etat in (Etat.RENDUE, Etat.ALTEREE)
        return (
            *(piece.pk, self.chemin(piece) if rendue else "", etat.value, piece.get_domaine_display()),
            *(piece.nom, piece.description, piece.taille, piece.type_mime, piece.sha256),
            *(piece.deposee_le, piece.deposee_par, piece.retiree_le, piece.retiree_par, piece.motif_retrait),
        )
