"""La lettre de mission ou l’arrêté du référent : un texte à relire, à corriger, à faire signer.

Rien n’y est inventé : ce que l’application ne sait pas reste entre crochets.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from dpd.comptes.enums import FonctionContact
from dpd.comptes.models import Collectivite
from dpd.conventions.etapes import Choix, TenueRegistre, choix_du
from dpd.conventions.models import Convention
from dpd.conventions.regles.en_clair import le_jour
from dpd.documents.modele import Bloc, Document, Entete, Fiche, Liste, Paragraphe, Section
from dpd.regles.empreintes import empreinte_du_contenu

DOSSIER = Path(__file__).parent / "donnees"
PUCE = "– "
TITRE_MAX = 40  # « Article 5 », pas une phrase qui commence par ce mot


class Nature(StrEnum):
    LETTRE = "lettre"
    ARRETE = "arrete"

    @property
    def titre(self) -> str:
        return "Lettre de mission" if self is Nature.LETTRE else "Arrêté de nomination"


FICHIERS = {Nature.LETTRE: "lettre_de_mission.txt", Nature.ARRETE: "arrete_de_nomination.txt"}
PREAMBULES = {Nature.LETTRE: "Objet", Nature.ARRETE: "Visas"}
REGISTRE = {
    TenueRegistre.REFERENT: {"registre": "Tenir le registre", "registre_tiers": "tient le registre"},
    TenueRegistre.DPD: {
        "registre": "Aider le DPD à tenir le registre",
        "registre_tiers": "aide le DPD à tenir le registre",
    },
}


def texte_propose(nature: Nature, collectivite: Collectivite, convention: Convention | None) -> str:
    """Le texte prérempli ; un contact, une date ou un titre inconnus laissent leurs crochets."""
    choix = choix_du(convention.modele.etapes) if convention else Choix()
    referent = collectivite.contacts.filter(fonction=FonctionContact.REFERENT, jusqu_au__isnull=True).first()
    titre = collectivite.responsable_titre
    valeurs = {
        "mot": choix.mots["referent"],
        "nom": referent.nom if referent else "[Prénom et nom]",
        "Denomination": _avec_article(collectivite.denomination),
        "titre": f"[Le, La] {titre}" if titre else "[Le maire, la présidente]",
        "denomination": collectivite.denomination,
        "dpd": collectivite.dpd,
        "structure": collectivite.structure.nom,
        "representant": collectivite.representant or "[Prénom et nom, titre]",
        **_convention_dite(convention),
        **REGISTRE[TenueRegistre(choix.registre)],
    }
    return (DOSSIER / FICHIERS[nature]).read_text("utf-8").format_map(valeurs).strip() + "\n"


def _convention_dite(convention: Convention | None) -> dict[str, str]:
    deliberation = (convention.deliberation if convention else "") or "[numéro et date]"
    if convention is None or convention.date_effet is None:
        return {"convention": "[date]", "deliberation": deliberation}
    return {
        "convention": f"en vigueur depuis le {le_jour(convention.date_effet)}",
        "deliberation": deliberation,
    }


def _avec_article(denomination: str) -> str:
    """« La commune de Montpezat » se lit mieux que « Commune de Montpezat » ; sinon, tel quel."""
    feminin = denomination.startswith(("Commune ", "Communauté ", "Caisse "))
    return f"La c{denomination[1:]}" if feminin else denomination


def document(nature: Nature, collectivite: Collectivite, texte: str, maintenant: datetime) -> Document:
    """Le texte mis en page ; chaque titre numéroté ou « Article » ouvre une section."""
    sections = tuple(_sections(nature, texte))
    entete = Entete(
        titre=nature.titre,
        organisme=collectivite.denomination,
        siren=collectivite.siren,
        responsable=collectivite.representant,
        dpd=collectivite.dpd,
        nature="Projet, à relire et à signer",
        edite_le=maintenant.astimezone(collectivite.fuseau),
        version="",
        empreinte=empreinte_du_contenu({"texte": texte}),
    )
    fiche = Fiche(titre=nature.titre, sections=sections, reference=nature.titre.lower())
    return Document(entete, lambda: iter((fiche,)), lambda: iter(()), lambda: iter(()))


def _est_titre(ligne: str) -> bool:
    numero, point, _ = ligne.partition(". ")
    return (ligne.startswith("Article ") and len(ligne) < TITRE_MAX) or (bool(point) and numero.isdecimal())


def _sections(nature: Nature, texte: str) -> Iterator[Section]:
    titre, lignes = PREAMBULES[nature], []
    for ligne in (ligne.strip() for ligne in texte.splitlines()):
        if _est_titre(ligne):
            yield Section(titre, tuple(_blocs(lignes)))
            titre, lignes = ligne, []
        elif ligne:
            lignes.append(ligne)
    yield Section(titre, tuple(_blocs(lignes)))


def _blocs(lignes: list[str]) -> Iterator[Bloc]:
    """Les puces qui se suivent font une liste, le reste des paragraphes."""
    for en_liste, suite in groupby(lignes, key=lambda ligne: ligne.startswith(PUCE)):
        if en_liste:
            yield Liste(tuple(ligne.removeprefix(PUCE) for ligne in suite))
        else:
            yield from (Paragraphe(ligne) for ligne in suite)
