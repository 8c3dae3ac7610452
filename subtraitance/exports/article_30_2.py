"""Le registre de l’article 30-2 en un document : les lettres a à d, à rien de plus, pour cinq formats.

Ni finalité, ni durée, ni date : l’article ne les demande pas à un sous-traitant.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_structure
from dpd.comptes.models import Collectivite, Structure
from dpd.documents.modele import (
    Alerte,
    Cellule,
    Colonne,
    Document,
    Feuille,
    Fiche,
    Ligne,
    Paires,
    Paragraphe,
    Section,
    Style,
    Tableau,
)
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte
from subtraitance.registre_30_2_lu import Acteur, ActiviteLue, Registre, lire_registre

TITRE = "Registre des activités sous-traitées, article 30-2 du RGPD"
NATURE = "Extrait intégral"
META = {"schema": "registre-art30-2/1"}
VIDE = "Aucune activité n’est exercée aujourd’hui pour le compte d’un responsable."
SANS_RESPONSABLE = "Aucun responsable à ce jour."
# La lettre de l’article ouvre chaque titre : une colonne sans lettre serait de trop.
COLONNES = (
    *(("a) Sous-traitant", 34), ("a) Coordonnées du sous-traitant", 40), ("a) DPD du sous-traitant", 34)),
    ("a) Autres sous-traitants", 40),
    *(("a) Responsable du traitement", 34), ("a) SIREN du responsable", 14)),
    *(("a) Coordonnées du responsable", 40), ("a) Représentant du responsable", 26)),
    ("a) DPD du responsable", 34),
    ("b) Catégories de traitements", 60),
    ("c) Transferts et garanties", 40),
    ("d) Mesures de sécurité", 60),
)
IMPRIMEES = (
    Colonne("Responsable du traitement", 1.4),
    Colonne("Coordonnées", 1.6),
    Colonne("Représentant", 1.0),
    Colonne("DPD", 1.2),
)


def registre_en_document(structure: Structure, *, maintenant: datetime) -> Document:
    """Tout le registre ; quatre requêtes, quel que soit le nombre de responsables servis."""
    return _document(structure, lire_registre(structure), NATURE, maintenant)


def fiche_en_document(collectivite: Collectivite, *, maintenant: datetime) -> Document:
    """Ce qui concerne ce responsable seul : la fiche à lui communiquer sur sa demande."""
    registre = lire_registre(collectivite.structure, collectivite)
    nature = f"Fiche communiquée à {collectivite.denomination}"
    return _document(collectivite.structure, registre, nature, maintenant)


def _document(structure: Structure, registre: Registre, nature: str, maintenant: datetime) -> Document:
    activites = compte(len(registre.activites), "activité")
    entete = de_la_structure(
        structure,
        titre=TITRE,
        nature=nature,
        version=f"{activites}, {compte(registre.responsables, 'responsable servi', 'responsables servis')}",
        empreinte=empreinte_du_contenu({"activites": list(_enregistrements(registre))}),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, registre),
        feuilles=partial(_feuilles, registre),
        enregistrements=partial(_enregistrements, registre),
        sommaire=tuple(activite.nom for activite in registre.activites),
        meta=META,
    )


def _enregistrements(registre: Registre) -> Iterator[dict[str, Any]]:
    """Un enregistrement par catégorie de traitements ; ses clés sont les lettres de l’article."""
    for activite in registre.activites:
        yield {
            "a": {
                "sous_traitant": asdict(registre.sous_traitant),
                "autres_sous_traitants": [asdict(acteur) for acteur in activite.sous_traitants],
                "responsables": [asdict(acteur) for acteur in activite.responsables],
            },
            "b": {"nom": activite.nom, "categories": activite.categories},
            "c": activite.transferts,
            "d": activite.securite,
        }


def _feuilles(registre: Registre) -> Iterator[Feuille]:
    largeurs = tuple(largeur for _, largeur in COLONNES)
    yield Feuille("Article 30-2", partial(_lignes, registre), largeurs, figer=1)


def _lignes(registre: Registre) -> Iterator[Ligne]:
    """Une ligne par responsable et par activité ; une activité sans responsable garde la sienne."""
    yield tuple(Cellule(titre, Style.ENTETE) for titre, _ in COLONNES)
    lui = registre.sous_traitant
    for activite in registre.activites:
        debut = (lui.nom, lui.coordonnees, lui.dpd, "; ".join(map(_en_une_ligne, activite.sous_traitants)))
        suite = (_categories(activite), activite.transferts, activite.securite)
        for r in activite.responsables:
            yield (*debut, r.nom, r.siren, r.coordonnees, r.representant, r.dpd, *suite)
        if not activite.responsables:
            yield (*debut, SANS_RESPONSABLE, "", "", "", "", *suite)
    if not registre.activites:
        yield (lui.nom, lui.coordonnees, lui.dpd, *([""] * 5), "", VIDE, "", "")


def _categories(activite: ActiviteLue) -> str:
    return f"{activite.nom}\u00a0: {activite.categories}"


def _en_une_ligne(acteur: Acteur) -> str:
    parties = (acteur.nom, acteur.siren, acteur.coordonnees, acteur.dpd and f"DPD\u00a0: {acteur.dpd}")
    return ", ".join(partie for partie in parties if partie)


def _fiches(registre: Registre) -> Iterator[Fiche]:
    if not registre.activites:
        sections = (_sous_traitant(registre, ()), Section("Catégories de traitements", (Alerte(VIDE),), "b"))
        yield Fiche(titre=TITRE, sections=sections)
    for activite in registre.activites:
        yield Fiche(titre=activite.nom, sections=tuple(_sections(registre, activite)))


def _sections(registre: Registre, activite: ActiviteLue) -> Iterator[Section]:
    yield _sous_traitant(registre, activite.sous_traitants)
    lignes = tuple((r.nom, r.coordonnees, r.representant, r.dpd) for r in activite.responsables)
    bloc = Tableau(IMPRIMEES, lignes) if lignes else Alerte(SANS_RESPONSABLE)
    yield Section("Responsables du traitement", (bloc,), "a", manque=not lignes)
    yield Section("Catégories de traitements", _paragraphes(activite.categories), "b")
    yield Section("Transferts et garanties", _paragraphes(activite.transferts), "c")
    yield Section("Mesures de sécurité, en général", _paragraphes(activite.securite), "d")


def _sous_traitant(registre: Registre, autres: tuple[Acteur, ...]) -> Section:
    lui = registre.sous_traitant
    lignes = [("Sous-traitant", lui.nom), ("Coordonnées", lui.coordonnees), ("DPD", lui.dpd)]
    lignes += [("Autre sous-traitant", _en_une_ligne(acteur)) for acteur in autres]
    return Section("Sous-traitant", (Paires(tuple((nom, texte) for nom, texte in lignes if texte)),), "a")


def _paragraphes(texte: str) -> tuple[Paragraphe, ...]:
    return tuple(Paragraphe(ligne) for ligne in texte.splitlines() if ligne.strip())
