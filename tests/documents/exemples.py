"""Des documents d’exemple, sans base de données : la fiche de la maquette, un registre, des pièges."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from dpd.documents import pdf
from dpd.documents.modele import (
    Alerte,
    AvisDecision,
    Bloc,
    Cellule,
    Colonne,
    Document,
    Entete,
    Feuille,
    Fiche,
    Ligne,
    Liste,
    Paires,
    Paragraphe,
    Section,
    Style,
    Tableau,
)

EMPREINTE = "3f9a51c27be0d4a819c6e2f580b73d41a5c8f0162d97be3460f1a9c7e48b5d02"

EDITION = "lundi 23\u00a0novembre 2026 à 9\u00a0h\u00a045"
ENTETE = Entete(
    titre="Registre des activités de traitement",
    organisme="Commune de Montpezat-de-Quercy",
    siren="218201317",
    responsable="Bernard Lacaze, maire",
    dpd="Centre de gestion de Tarn-et-Garonne",
    nature="Extrait intégral",
    edite_le=datetime(2026, 11, 23, 9, 45, tzinfo=ZoneInfo("Europe/Paris")),
    version="Registre au 23 novembre 2026",
    empreinte=EMPREINTE,
    auteur="Commune de Montpezat-de-Quercy",
)

# Ce qu’un tableur exécuterait, ou ce qui casserait un XML ou un PDF écrit sans précaution.
FORMULES = ("=1+1", '=HYPERLINK("http://exemple.fr")', "+33 5 63", "-12", "@SUM(A1)", "\t=1", "  =1+1")
HOSTILES = (
    *FORMULES,
    "a < b & c > d",
    "</text:p><b>gras</b>",
    "<para><font color='red'>rouge</font></para>",
    "]]> \"guillemets\" 'apostrophes'",
    "deux  espaces   et\tune tabulation",
    " espace devant",
    "première ligne\nseconde ligne\n\nquatrième",
    "(parenthèse \\ contre-oblique)",
    "L’Haÿ-les-Roses, Œuvre, ÿ Ÿ → ✓ ≥",
)


def fiche(titre: str = "Cantine et garderie périscolaires", *blocs: Bloc) -> Fiche:
    """La fiche de la maquette, ou une fiche dont l’unique section porte les blocs donnés."""
    if blocs:
        return Fiche(titre, (Section("Section", blocs),), reference="fiche n° 1")
    return Fiche(
        titre,
        sous_titre="Inscrire et accueillir les enfants à la cantine, facturer les familles.",
        reference="fiche n° 5, version 3",
        cartouche=(("Fiche", "n° 5, version 3"), ("État", "Brouillon, non adopté")),
        sections=(
            Section("Responsable et contacts", (Paires((("Responsable", "Bernard Lacaze"),)),), "a"),
            Section(
                "Données et durées de conservation",
                (
                    Tableau(
                        (Colonne("Données", 2), Colonne("Durée"), Colonne("Sort final")),
                        (
                            ("Identité et coordonnées", "Année scolaire", "Élimination"),
                            ("Coordonnées bancaires", "À préciser", "À préciser"),
                        ),
                        legende="Par catégorie",
                    ),
                    Alerte("À compléter : durée des coordonnées bancaires."),
                ),
                "f",
                manque=True,
                note="et sort final",
            ),
            Section("Mesures de sécurité", (Liste(("Armoire fermée à clé", "Sauvegarde")),), "g"),
            Section("Analyse d’impact", (Paragraphe("Dispensée."), Liste(("Un", "Deux"), numerotee=True))),
            Section(
                "Avis et décision", (AvisDecision(("Le DPD conseille", "Favorable"), ("Le maire décide",)),)
            ),
        ),
    )


def lignes(nombre: int) -> Iterator[Ligne]:
    yield (Cellule("Registre", Style.TITRE, colonnes=3),)
    yield tuple(Cellule(titre, Style.ENTETE) for titre in ("Fiche", "Finalité", "Nombre"))
    for rang in range(nombre):
        yield (f"Fiche {rang}", Cellule("Facturer les familles", Style.DISCRET), rang)


def registre(nombre: int, sommaire: bool | tuple[str, ...] = True, **changements: Any) -> Document:
    """Un registre de tant de fiches, avec une feuille et autant d’enregistrements.

    ``sommaire`` : celui des fiches, aucun, ou un autre.
    """
    titres = tuple(f"Traitement numéro {rang}" for rang in range(1, nombre + 1))
    valeurs: dict[str, Any] = {
        "entete": ENTETE,
        "fiches": lambda: (fiche(titre) for titre in titres),
        "feuilles": lambda: iter((Feuille("Registre", lambda: lignes(nombre), (12, 40, 10), figer=2),)),
        "enregistrements": lambda: (
            {"reference": rang, "nom": titre} for rang, titre in enumerate(titres, 1)
        ),
        "sommaire": sommaire if isinstance(sommaire, tuple) else titres if sommaire else (),
    }
    return Document(**(valeurs | changements))


def d_une_fiche(contenu: Fiche | None = None, **changements: Any) -> Document:
    return registre(1, sommaire=False, **({"fiches": lambda: iter((contenu or fiche(),))} | changements))


def de_cellules(*textes: str) -> Document:
    """Un classeur d’une seule colonne, une cellule par texte."""
    contenu = tuple((texte,) for texte in textes)
    return registre(0, feuilles=lambda: iter((Feuille("Textes", lambda: iter(contenu)),)))


def en_pdf(document: Document) -> BytesIO:
    sortie = BytesIO()
    pdf.ecrire(document, sortie)
    sortie.seek(0)
    return sortie
