"""Le registre des violations en un document (RGPD art. 33-5) ; une seule définition pour cinq formats."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_collectivite, de_la_structure
from dpd.comptes.models import Collectivite, Structure
from dpd.documents.modele import (
    Alerte,
    AvisDecision,
    Cellule,
    Colonne,
    Document,
    Entete,
    Feuille,
    Fiche,
    Ligne,
    Paires,
    Section,
    Style,
    Tableau,
)
from dpd.regles.typographie import compte
from violations import listes
from violations.exports.registre_lecture import lire
from violations.exports.registre_releve import Releve, ViolationExportee

TITRE = "Registre des violations de données, article 33-5 du RGPD"
NATURE = "Extrait intégral, à usage interne et pour la CNIL"
META = {"schema": "registre-violations/1"}
SANS_AVIS = "Le DPD n’a pas encore rendu d’avis."
SANS_DECISION = "Le responsable de traitement n’a pas encore décidé."
VIDE = "Aucune violation enregistrée à ce jour."
LARGEURS = {"N°": 10, "SIREN": 12, "Violation": 44, "Ce qui s’est passé": 60}
# Clé de la suite : nom de la feuille, titres et largeurs de ses colonnes.
DETAILS = {
    "decisions": (
        "Avis et décisions",
        (("Le", 34), ("Quoi", 16), ("Sens", 34), ("Motif", 60), ("Par", 24)),
    ),
    "chronologie": ("Chronologie", (("Le", 34), ("Quoi", 26), ("Ce qui s’est passé", 70), ("Par", 24))),
}
COLONNES_CHRONOLOGIE = (Colonne("Le", 1.5), Colonne("Ce qui s’est passé", 3), Colonne("Par", 1.1))


def registre_de_la_collectivite(collectivite: Collectivite, *, maintenant: datetime) -> Document:
    """Toutes les violations d’une collectivité ; neuf lectures quel que soit leur nombre."""
    releve = Releve(lire(listes.de_la_collectivite(collectivite)), maintenant)
    return _document(releve, partial(de_la_collectivite, collectivite), maintenant)


def registre_de_la_structure(structure: Structure, *, maintenant: datetime) -> Document:
    """Celles des collectivités suivies par une structure, pour son DPD."""
    releve = Releve(lire(listes.de_la_structure(structure)), maintenant)
    return _document(releve, partial(de_la_structure, structure), maintenant)


def _document(releve: Releve, entete_de, maintenant: datetime) -> Document:
    entete: Entete = entete_de(
        titre=TITRE,
        nature=NATURE,
        version=compte(len(releve), "violation"),
        empreinte=releve.empreinte,
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, releve),
        feuilles=partial(_feuilles, releve),
        enregistrements=partial(_enregistrements, releve),
        sommaire=releve.titres,
        meta=META,
    )


def _fiches(releve: Releve) -> Iterator[Fiche]:
    if not len(releve):
        yield Fiche(titre=TITRE, sections=(Section("Registre", (Alerte(VIDE),)),))
    for exportee in releve:
        yield Fiche(
            titre=exportee.titre,
            sous_titre=exportee.organisme,
            reference=f"violation n°\u00a0{exportee.numero}",
            cartouche=tuple((li, te) for li, te in exportee.rubriques[0][1][4:] if te),
            sections=tuple(_sections(exportee)),
        )


def _sections(exportee: ViolationExportee) -> Iterator[Section]:
    for titre, lignes in exportee.rubriques[1:]:
        remplies = tuple((libelle, texte) for libelle, texte in lignes if texte)
        if titre == "Avis du DPD":
            avis = _en_paragraphes(remplies) or (SANS_AVIS,)
        elif titre == "Décisions du responsable":
            decision = _en_paragraphes(remplies) or (SANS_DECISION,)
            bloc = AvisDecision(("Avis du DPD", *avis), ("Décision du responsable de traitement", *decision))
            yield Section("Avis et décision", (bloc,))
        elif remplies:
            yield Section(titre, (Paires(remplies),))
    lignes = tuple((le, texte, par) for le, _, texte, par in exportee.suites["chronologie"])
    yield Section("Chronologie", (Tableau(COLONNES_CHRONOLOGIE, lignes),))


def _en_paragraphes(lignes: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(f"{libelle}\u00a0: {texte}" for libelle, texte in lignes)


def _feuilles(releve: Releve) -> Iterator[Feuille]:
    yield Feuille("Violations", partial(_lignes, releve), tuple(_largeurs(releve)), figer=1)
    for cle, (nom, colonnes) in DETAILS.items():
        largeurs = (10, 34, 44, *(largeur for _, largeur in colonnes))
        yield Feuille(nom, partial(_lignes_de_detail, releve, cle), largeurs, figer=1)


def _largeurs(releve: Releve) -> Iterator[int]:
    for exportee in releve:
        yield from (LARGEURS.get(libelle, 26) for _, lignes in exportee.rubriques for libelle, _ in lignes)
        return


def _lignes(releve: Releve) -> Iterator[Ligne]:
    """Une ligne par violation ; l’en-tête est celui de la première, toutes ont les mêmes rubriques."""
    entete = False
    for exportee in releve:
        champs = [champ for _, lignes in exportee.rubriques for champ in lignes]
        if not entete:
            yield tuple(Cellule(libelle, Style.ENTETE) for libelle, _ in champs)
            entete = True
        yield tuple(texte for _, texte in champs)
    if not entete:
        yield (VIDE,)


def _lignes_de_detail(releve: Releve, cle: str) -> Iterator[Ligne]:
    titres = ("N°", "Organisme", "Violation", *(titre for titre, _ in DETAILS[cle][1]))
    yield tuple(Cellule(titre, Style.ENTETE) for titre in titres)
    for exportee in releve:
        for ligne in exportee.suites[cle]:
            yield (exportee.numero, exportee.organisme, exportee.titre, *ligne)


def _enregistrements(releve: Releve) -> Iterator[dict[str, Any]]:
    for exportee in releve:
        yield dict(exportee.donnees)
