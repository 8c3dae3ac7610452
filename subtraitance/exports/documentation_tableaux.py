"""Les tableaux de la documentation : hébergement, instructions, sous-traitants ultérieurs, contrôle 28-3."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_structure
from dpd.comptes.models import Collectivite
from dpd.documents.modele import (
    Alerte,
    Cellule,
    Colonne,
    Document,
    Feuille,
    Fiche,
    Ligne,
    Paires,
    Section,
    Style,
    Tableau,
)
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, date_courte, instant_court
from subtraitance.documentation import (
    autorisations_de,
    chaine_de,
    clauses_de,
    instructions_de,
    lieux_de,
    pays_dit,
)
from subtraitance.models import Contrat, Instruction
from subtraitance.regles.article_28 import POINTS

Lignes = Sequence[tuple[str, ...]]
SANS_CONTROLE = "Aucun contrôle de l’article 28-3 n’est encore fait."
AUJOURDHUI = "aujourd’hui"
TIENNENT = 5  # colonnes, dans la largeur d’une page


def hebergement_en_document(collectivite: Collectivite, *, maintenant: datetime) -> Document:
    """Où sont et où ont été les données ; une lecture."""
    lignes = [
        (
            *(lieu.hebergeur, lieu.adresse, pays_dit(lieu.pays), date_courte(lieu.depuis)),
            date_courte(lieu.jusqu_au) if lieu.jusqu_au else AUJOURDHUI,
        )
        for lieu in lieux_de(collectivite.structure)
    ]
    titres = ("Hébergeur", "Lieu", "Pays", "Depuis le", "Jusqu’au")
    return _document(
        collectivite,
        "Lieux d’hébergement",
        titres,
        lignes,
        "Aucun lieu d’hébergement n’est déclaré.",
        maintenant,
    )


def instructions_en_document(collectivite: Collectivite, *, maintenant: datetime) -> Document:
    """Les instructions à la structure, les alertes et leur suite ; une lecture."""
    zone = collectivite.fuseau
    lignes = [_instruction(une, zone) for une in instructions_de(collectivite)]
    titres = (
        *("Donnée le", "Par", "Instruction", "Reçue le", "Alerte", "Alerte donnée le"),
        *("Suite du responsable", "Exécutée le"),
    )
    vide = "Aucune instruction écrite n’a été donnée."
    return _document(collectivite, "Instructions documentées", titres, lignes, vide, maintenant)


def _instruction(une: Instruction, zone) -> tuple[str, ...]:
    def dit(instant: datetime | None) -> str:
        return instant_court(instant.astimezone(zone)) if instant else ""

    suite = ""
    if une.suite_le is not None:
        sens = "Maintenue" if une.maintenue else "Retirée"
        suite = f"{sens} le {dit(une.suite_le)} par {une.suite_par}\u00a0: {une.suite}"
    return (
        *(dit(une.donnee_le), str(une.donnee_par), une.texte, dit(une.accusee_le)),
        *(une.alerte, dit(une.alertee_le), suite, dit(une.executee_le)),
    )


def autorisations_en_document(
    collectivite: Collectivite, contrats: Sequence[Contrat], *, maintenant: datetime
) -> Document:
    """La chaîne des sous-traitants ultérieurs jusqu’au bout, et ce que le responsable en a décidé."""
    zone = collectivite.fuseau
    decisions: dict[int, list[str]] = {}
    for une in autorisations_de(contrats):
        le = f" le {instant_court(une.decidee_le.astimezone(zone))}" if une.decidee_le else ""
        motif = f"\u00a0: {une.motif}" if une.motif else ""
        dite = f"{une.get_decision_display()}{le}{motif}"
        decisions.setdefault(une.ulterieur.ulterieur_id, []).append(dite)
    lignes = [
        (
            *(m.ulterieur.nom, m.ulterieur.siren, str(m.rang), m.donneur.nom, m.activite),
            *(m.ulterieur.hebergement, _jour(m.depuis), "; ".join(decisions.get(m.ulterieur.pk, ()))),
        )
        for m in chaine_de(collectivite.structure)
    ]
    titres = (
        *("Sous-traitant ultérieur", "SIREN", "Rang", "Pour", "Ce qu’il fait", "Hébergement"),
        *("Depuis le", "Votre décision"),
    )
    vide = "Aucun sous-traitant ultérieur n’est déclaré."
    titre = "Sous-traitants ultérieurs et autorisations"
    return _document(collectivite, titre, titres, lignes, vide, maintenant)


def controle_en_document(
    collectivite: Collectivite, contrats: Sequence[Contrat], *, maintenant: datetime
) -> Document:
    """Le contrat avec la structure, point par point de l’article 28, si quelqu’un l’a contrôlé."""
    lues = clauses_de(contrats)
    lignes = [
        (
            *(point.libelle, f"art. {point.article}", str(contrat)),
            *((c.get_reponse_display(), c.citation, c.reperage) if c else ("Pas encore vérifié", "", "")),
        )
        for contrat in contrats
        if contrat.pk in lues
        for point in POINTS
        for c in [lues[contrat.pk].get(point.code)]
    ]
    titres = ("Point", "Article", "Contrat", "Ce que dit le contrat", "Citation", "Où")
    titre = "Contrat avec la structure et contrôle de l’article 28-3"
    vide = SANS_CONTROLE if contrats else "Aucun contrat avec la structure n’est enregistré."
    return _document(collectivite, titre, titres, lignes, vide, maintenant)


def _jour(jour: date | None) -> str:
    return date_courte(jour) if jour else ""


def _document(
    collectivite: Collectivite,
    titre: str,
    titres: tuple[str, ...],
    lignes: Lignes,
    vide: str,
    maintenant: datetime,
) -> Document:
    """Un tableau sous l’en-tête de la structure ; les mêmes colonnes dans chaque format."""
    enregistrements: list[dict[str, Any]] = [dict(zip(titres, ligne, strict=True)) for ligne in lignes]
    entete = de_la_structure(
        collectivite.structure,
        titre=titre,
        nature=f"Documentation remise à {collectivite.denomination}",
        version=compte(len(lignes), "ligne"),
        empreinte=empreinte_du_contenu({"lignes": enregistrements}),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, titre, titres, lignes, vide),
        feuilles=partial(_feuilles, titre, titres, lignes),
        enregistrements=lambda: iter(enregistrements),
        meta={"schema": "documentation-sous-traitant/1"},
    )


def _fiches(titre: str, titres: tuple[str, ...], lignes: Lignes, vide: str) -> Iterator[Fiche]:
    """Un tableau s’il tient dans la page ; au-delà, une section par ligne."""
    if not lignes:
        sections: tuple[Section, ...] = (Section(titre, (Alerte(vide),)),)
    elif len(titres) <= TIENNENT:
        colonnes = tuple(Colonne(nom) for nom in titres)
        sections = (Section(titre, (Tableau(colonnes, tuple(lignes)),)),)
    else:
        sections = tuple(_en_section(titres, ligne) for ligne in lignes)
    yield Fiche(titre=titre, sections=sections)


def _en_section(titres: tuple[str, ...], ligne: tuple[str, ...]) -> Section:
    paires = tuple((nom, texte) for nom, texte in zip(titres, ligne, strict=True) if texte)
    return Section(ligne[0], (Paires(paires[1:]),))


def _feuilles(titre: str, titres: tuple[str, ...], lignes: Lignes) -> Iterator[Feuille]:
    def rendre() -> Iterator[Ligne]:
        yield tuple(Cellule(nom, Style.ENTETE) for nom in titres)
        yield from lignes

    yield Feuille(titre, rendre, (26,) * len(titres), figer=1)
