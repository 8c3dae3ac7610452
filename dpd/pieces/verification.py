"""Relire toutes les pièces : chacune est-elle encore là, et celle qu’on a déposée ?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.storage import Storage

from dpd.pieces.models import DES_COLLECTIVITES, DES_STRUCTURES, Piece
from dpd.pieces.regles.fichier import empreinte

AGE_D_UN_RESTE = timedelta(days=1)  # plus court, ce serait peut-être un dépôt en cours
LOT = 500


@dataclass(frozen=True, slots=True)
class Ecart:
    piece: int
    quoi: str


def ecarts() -> Iterator[Ecart | None]:
    """Un élément par pièce gardée, retirées comprises : son écart, ou rien si son contenu est intact."""
    gardees = Piece.objects.filter(detruite_le=None).order_by("pk")
    for piece in gardees.only("pk", "fichier", "sha256").iterator(LOT):
        try:
            with piece.fichier.open("rb") as flux:
                relue = empreinte(flux.chunks())
        except OSError as erreur:
            yield Ecart(piece.pk, f"illisible ({type(erreur).__name__})")
            continue
        yield None if relue == piece.sha256 else Ecart(piece.pk, "empreinte différente")


def restes(maintenant: datetime) -> list[str]:
    """Les fichiers qu’aucune pièce ne connaît, vieux d’un jour au moins : dépôts annulés ou interrompus."""
    stockage = Piece._meta.get_field("fichier").storage
    presents = [nom for racine in (DES_COLLECTIVITES, DES_STRUCTURES) for nom in _fichiers(stockage, racine)]
    # Le fichier d’une pièce détruite ne devrait plus être là : c’est un reste.
    connus = set(Piece.objects.filter(detruite_le=None).values_list("fichier", flat=True))
    limite = maintenant - AGE_D_UN_RESTE
    return [nom for nom in presents if nom not in connus and _date(stockage, nom, limite) < limite]


def effacer(noms: list[str]) -> None:
    stockage = Piece._meta.get_field("fichier").storage
    for nom in noms:
        stockage.delete(nom)


def _date(stockage: Storage, nom: str, defaut: datetime) -> datetime:
    try:
        return stockage.get_modified_time(nom)
    except FileNotFoundError:  # une annulation vient de l’effacer
        return defaut


def _fichiers(stockage: Storage, dossier: str) -> Iterator[str]:
    try:
        dossiers, fichiers = stockage.listdir(dossier)
    except FileNotFoundError:
        return
    yield from (f"{dossier}/{nom}" for nom in fichiers)
    for sous_dossier in dossiers:
        yield from _fichiers(stockage, f"{dossier}/{sous_dossier}")
