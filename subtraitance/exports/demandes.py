"""Le registre des demandes de droits en un document ; une seule définition pour tous les formats.

Le demandeur n’y figure pas, ni ses mots : un fichier sorti du site ne s’effacerait plus à leur terme.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from dpd.comptes.entete import de_la_collectivite, de_la_structure
from dpd.comptes.models import Collectivite, Structure
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
from dpd.regles.typographie import compte
from subtraitance import listes
from subtraitance.exports.demandes_lignes import DemandeExportee, lire
from subtraitance.regles.delais_tenus import Annee
from subtraitance.statistiques import lire_delais_tenus, mediane_dite, tenus_dits

TITRE = "Registre des demandes de droits, articles 12 à 22 du RGPD"
NATURE = "Sans les demandeurs ni leurs mots"
META = {"schema": "registre-demandes/1"}
VIDE = "Aucune demande enregistrée à ce jour."
SANS_DEMANDEUR = (
    "Ni le demandeur ni ses mots ne figurent ici\u00a0: ils restent au dossier, et s’effacent à leur terme."
)
ANNEES = (
    *("Année", "Reçues", "Transmises dans les 48 heures", "Temps ouvré médian"),
    *("Répondues dans leur délai", "Jours médians", "Prolongées"),
)


def registre_de_la_collectivite(collectivite: Collectivite, *, maintenant: datetime) -> tuple[Document, int]:
    """Le document, et combien de demandes il compte ; cinq lectures quel que soit leur nombre."""
    entete_de = partial(de_la_collectivite, collectivite)
    return _document(listes.de_la_collectivite(collectivite), entete_de, maintenant, plusieurs=False)


def registre_de_la_structure(structure: Structure, *, maintenant: datetime) -> tuple[Document, int]:
    """Celles des collectivités suivies par une structure, pour son DPD."""
    entete_de = partial(de_la_structure, structure)
    return _document(listes.de_la_structure(structure), entete_de, maintenant, plusieurs=True)


def _document(requete: QuerySet, entete_de, maintenant: datetime, *, plusieurs: bool) -> tuple[Document, int]:
    demandes, annees = lire(requete), lire_delais_tenus(requete, maintenant)
    entete = entete_de(
        titre=TITRE,
        nature=NATURE,
        version=compte(len(demandes), "demande"),
        empreinte=empreinte_du_contenu({"demandes": [demande.donnees for demande in demandes]}),
        maintenant=maintenant,
    )
    document = Document(
        entete=entete,
        fiches=partial(_fiches, demandes, annees, plusieurs),
        feuilles=partial(_feuilles, demandes, annees),
        enregistrements=partial(_enregistrements, demandes),
        avertissement=SANS_DEMANDEUR,
        meta=META,
    )
    return document, len(demandes)


def _fiches(demandes: list[DemandeExportee], annees: list[Annee], plusieurs: bool) -> Iterator[Fiche]:
    if not demandes:
        yield Fiche(titre=TITRE, sections=(Section("Registre", (Alerte(VIDE),)),))
        return
    tableau = Tableau(
        tuple(Colonne(titre) for titre in ANNEES), tuple(_ligne_d_annee(annee) for annee in annees)
    )
    yield Fiche(
        titre=TITRE,
        sections=(
            Section("Délais tenus", (tableau,)),
            Section("Demandes", (_tableau(demandes, plusieurs),)),
        ),
    )


def _tableau(demandes: list[DemandeExportee], plusieurs: bool) -> Tableau:
    colonnes = (
        Colonne("N°", 1.0),
        *((Colonne("Collectivité", 1.4),) if plusieurs else ()),
        Colonne("Reçue le", 1.1),
        Colonne("Droits", 1.8),
        Colonne("Transmise", 1.3),
        Colonne("Répondre avant le", 1.1),
        Colonne("Répondue", 1.3),
        Colonne("Suite", 1.3),
    )
    lignes = tuple(
        (demande.numero, *((demande.organisme,) if plusieurs else ()), *demande.resume)
        for demande in demandes
    )
    return Tableau(colonnes, lignes)


def _ligne_d_annee(annee: Annee) -> tuple[str, ...]:
    return (
        str(annee.annee),
        str(annee.recues),
        tenus_dits(annee.transmissions),
        mediane_dite(annee.transmissions.mediane, en_heures=True),
        tenus_dits(annee.reponses),
        mediane_dite(annee.reponses.mediane),
        str(annee.prolongees),
    )


def _feuilles(demandes: list[DemandeExportee], annees: list[Annee]) -> Iterator[Feuille]:
    largeurs = (10, 12, 34, *([26] * 30))
    yield Feuille("Demandes", partial(_lignes, demandes), largeurs, figer=1)
    yield Feuille("Délais tenus", partial(_lignes_d_annees, annees), tuple([22] * len(ANNEES)), figer=1)


def _lignes(demandes: list[DemandeExportee]) -> Iterator[Ligne]:
    if not demandes:
        yield (VIDE,)
        return
    yield tuple(Cellule(titre, Style.ENTETE) for titre, _ in demandes[0].champs)
    for demande in demandes:
        yield tuple(texte for _, texte in demande.champs)


def _lignes_d_annees(annees: list[Annee]) -> Iterator[Ligne]:
    yield tuple(Cellule(titre, Style.ENTETE) for titre in ANNEES)
    for annee in annees:
        yield _ligne_d_annee(annee)


def _enregistrements(demandes: list[DemandeExportee]) -> Iterator[dict[str, Any]]:
    for demande in demandes:
        yield dict(demande.donnees)
