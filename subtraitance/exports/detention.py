"""Ce que la structure détient ou a détruit, en un document : une ligne par lot, pour cinq formats."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from dpd.comptes.entete import de_la_structure
from dpd.comptes.models import Structure
from dpd.documents.modele import (
    Alerte,
    Cellule,
    Colonne,
    Document,
    Feuille,
    Fiche,
    Ligne,
    Section,
    Style,
    Tableau,
)
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, date_courte
from subtraitance.actions.article_30_2 import jour_de_la_structure
from subtraitance.detention_lue import etat_du_lot, pour_liste
from subtraitance.models import DonneesDetenues

TITRE = "Données détenues pour le compte des collectivités"
VIDE = "Aucune donnée détenue, ni détruite."
COLONNES = (
    *(("Collectivité", 34), ("SIREN", 12), ("Type", 26), ("Ce que c’est", 44), ("Reçu le", 14)),
    *(("Durée appliquée", 34), ("À détruire avant la fin du", 18), ("Empreinte SHA-256", 66), ("État", 28)),
    *(("Détruit ou restitué le", 18), ("Par", 24), ("Comment", 44)),
)
# Sur papier : ce que c’est, jusqu’à quand, ce qu’on en a fait.
IMPRIMEES = (
    *(Colonne("Collectivité", 1.3), Colonne("Ce que c’est", 1.7), Colonne("Reçu le", 0.8)),
    *(Colonne("Durée", 1.2), Colonne("Jusqu’au", 0.8), Colonne("Sort", 1.8)),
)


def detention_en_document(
    structure: Structure, lots: QuerySet, *, nature: str, maintenant: datetime
) -> Document:
    """Ces lots, dans l’ordre de leurs échéances ; une lecture, quel que soit leur nombre."""
    jour = jour_de_la_structure(structure, maintenant)
    lignes = [_ligne(lot, jour) for lot in pour_liste(lots)]
    enregistrements = [_en_donnees(ligne) for ligne in lignes]
    entete = de_la_structure(
        structure,
        titre=TITRE,
        nature=nature,
        version=compte(len(lignes), "lot"),
        empreinte=empreinte_du_contenu({"lots": enregistrements}),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, lignes),
        feuilles=partial(_feuilles, lignes),
        enregistrements=lambda: iter(enregistrements),
        meta={"schema": "donnees-detenues/1"},
    )


def _ligne(lot: DonneesDetenues, jour: date) -> tuple[str, ...]:
    return (
        *(lot.collectivite.denomination, lot.collectivite.siren, lot.get_type_display(), lot.description),
        *(date_courte(lot.recu_le), lot.regle, _jour(lot.echeance), lot.empreinte),
        *(etat_du_lot(lot, jour).libelle, _jour(lot.detruit_le)),
        *(str(lot.detruit_par) if lot.detruit_par else "", lot.detruit_comment),
    )


def _jour(jour: date | None) -> str:
    return date_courte(jour) if jour else ""


def _en_donnees(ligne: tuple[str, ...]) -> dict[str, Any]:
    return dict(zip([titre for titre, _ in COLONNES], ligne, strict=True))


def _feuilles(lignes: list[tuple[str, ...]]) -> Iterator[Feuille]:
    def rendre() -> Iterator[Ligne]:
        yield tuple(Cellule(titre, Style.ENTETE) for titre, _ in COLONNES)
        yield from lignes

    yield Feuille("Données détenues", rendre, tuple(largeur for _, largeur in COLONNES), figer=1)


def _fiches(lignes: list[tuple[str, ...]]) -> Iterator[Fiche]:
    imprimees = tuple(_imprimee(ligne) for ligne in lignes)
    bloc = Tableau(IMPRIMEES, imprimees) if imprimees else Alerte(VIDE)
    yield Fiche(titre=TITRE, sections=(Section("Lots", (bloc,)),))


def _imprimee(ligne: tuple[str, ...]) -> tuple[str, ...]:
    nom, _, type_, description, recu_le, regle, echeance, empreinte, etat, le, par, comment = ligne
    quoi = "\n".join(texte for texte in (f"{type_}\u00a0: {description}", empreinte) if texte)
    sort = ", ".join(texte for texte in (etat, le, par, comment) if texte)
    return (nom, quoi, recu_le, regle, echeance, sort)
