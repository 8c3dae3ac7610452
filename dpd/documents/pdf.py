"""PDF : la porte. Une fiche à la fois, en une seule passe, octets reproductibles.

Le coût croît avec le nombre de pages ; la mémoire ne garde que quelques octets par objet écrit.
"""

from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from dpd.documents.modele import Document, Entete, Fiche
from dpd.documents.pdf_fiches import ecrire_fiche
from dpd.documents.pdf_identite import ecrire_identite
from dpd.documents.pdf_pages import Pages
from dpd.documents.pdf_signets import Signets
from dpd.documents.pdf_sommaire import SANS_TITRE, TITRE, Sommaire, page_de_garde
from dpd.documents.pdf_toile import Toile

PAGES_PAR_FICHE = 3  # pour prévoir, à un chiffre près, la largeur du nombre total de pages


def ecrire(document: Document, sortie: BinaryIO) -> None:
    """Écrit le document paginé, balisé, avec ses signets et, s’il y a lieu, garde et sommaire.

    ``ValueError`` si les fiches ne sont pas celles que le sommaire annonce.
    """
    toile = Toile(sortie)
    chiffres = len(str(PAGES_PAR_FICHE * len(document.sommaire) or 1))
    pages, signets = Pages(toile, document.entete, chiffres), Signets(toile.flux)
    fiches = _avec_la_suivante(iter(document.fiches()))
    premiere = list(islice(fiches, 1))
    seule = bool(premiere) and premiere[0][1] and not document.sommaire
    sommaire = None if seule else _liminaires(pages, signets, document, vide=not premiere)
    for fiche, derniere in chain(premiere, fiches):
        rang = toile.flux.nombre_de_pages
        objet = ecrire_fiche(pages, fiche, document.avertissement if seule else "", derniere)
        signets.ajouter(fiche.titre.strip() or SANS_TITRE, objet)
        if sommaire:
            sommaire.noter(objet, rang)
    if sommaire:
        sommaire.ecrire()
    titre = premiere[0][0].titre if seule else document.entete.titre
    _terminer(pages, signets, document.entete, titre)


def _avec_la_suivante(fiches: Iterator[Fiche]) -> Iterator[tuple[Fiche, bool]]:
    """Chaque fiche, et si c’est la dernière."""
    attente = next(fiches, None)
    while attente is not None:
        suivante = next(fiches, None)
        yield attente, suivante is None
        attente = suivante


def _liminaires(pages: Pages, signets: Signets, document: Document, vide: bool) -> Sommaire | None:
    signets.ajouter(document.entete.titre, page_de_garde(pages, document, vide))
    if not document.sommaire:
        return None
    sommaire = Sommaire(pages, document.sommaire)
    signets.ajouter(TITRE, sommaire.premiere_page)
    return sommaire


def _terminer(pages: Pages, signets: Signets, entete: Entete, titre: str) -> None:
    toile = pages.toile
    pages.ecrire_total()
    toile.balises.terminer()
    signets.terminer()
    racine, info = ecrire_identite(toile.flux, entete, titre, toile.balises.racine, signets.racine)
    toile.flux.terminer(racine, info)
