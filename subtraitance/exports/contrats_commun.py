"""Un registre en lignes : le même tableau pour le classeur, le papier et les données."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from dpd.documents.modele import (
    Alerte,
    Cellule,
    Document,
    Entete,
    Feuille,
    Fiche,
    Ligne,
    Paires,
    Section,
    Style,
)

Colonne = tuple[str, int]  # titre, largeur en caractères


def registre_en_document(
    *,
    entete: Entete,
    feuille: str,
    colonnes: Sequence[Colonne],
    lignes: Sequence[tuple[str, ...]],
    vide: str,
    schema: str,
) -> Document:
    """Une fiche imprimée et une ligne de classeur par enregistrement ; la première colonne le nomme."""
    noms = [nom for nom, _ in colonnes]
    return Document(
        entete=entete,
        fiches=partial(_fiches, entete.titre, noms, lignes, vide),
        feuilles=partial(_feuilles, feuille, colonnes, lignes, vide),
        enregistrements=partial(_enregistrements, noms, lignes),
        sommaire=tuple(ligne[0] for ligne in lignes),
        meta={"schema": schema},
    )


def _fiches(titre: str, noms: list[str], lignes: Sequence[tuple[str, ...]], vide: str) -> Iterator[Fiche]:
    if not lignes:
        yield Fiche(titre=titre, sections=(Section("Registre", (Alerte(vide),)),))
    for ligne in lignes:
        remplies = tuple((nom, texte) for nom, texte in zip(noms[1:], ligne[1:], strict=True) if texte)
        yield Fiche(titre=ligne[0], sections=(Section("Détail", (Paires(remplies),)),))


def _feuilles(nom: str, colonnes: Sequence[Colonne], lignes, vide: str) -> Iterator[Feuille]:
    def rendre() -> Iterator[Ligne]:
        yield tuple(Cellule(titre, Style.ENTETE) for titre, _ in colonnes)
        yield from lignes or ((vide,),)

    yield Feuille(nom, rendre, tuple(largeur for _, largeur in colonnes), figer=1)


def _enregistrements(noms: list[str], lignes) -> Iterator[dict[str, Any]]:
    for ligne in lignes:
        yield dict(zip(noms, ligne, strict=True))
