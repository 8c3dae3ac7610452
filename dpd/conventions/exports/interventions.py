"""Le relevé des interventions d’une collectivité : nature, date et durée de chacune."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_collectivite
from dpd.conventions.models import Intervention
from dpd.conventions.regles.mensuel import EtatLigne
from dpd.documents.modele import Cellule, Colonne, Document, Feuille, Fiche, Ligne, Section, Style, Tableau
from dpd.regles.durees import duree_en_heures
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import MOIS, compte, date_courte

TITRE = "Interventions"
COLONNES = (
    Colonne("Nature", 1.4),
    Colonne("Date", 1.0),
    Colonne("Durée", 0.8, nombre=True),
    Colonne("Lieu", 0.9),
    Colonne("Phase", 1.1),
    Colonne("Demande d’origine", 2.2),
    Colonne("Intervenant", 1.4),
)
TITRES = (
    *("Nature", "Date", "Durée (minutes)", "Lieu", "Phase", "Demande d’origine", "Intervenant"),
    "État mensuel",
)
LARGEURS = (26, 14, 16, 16, 18, 44, 26, 16)


@dataclass(frozen=True, slots=True)
class Releve:
    """Les interventions, relisibles sans relire la base."""

    interventions: tuple[Intervention, ...]

    @property
    def minutes(self) -> int:
        return sum(i.retenues for i in self.interventions)

    def enregistrements(self) -> Iterator[dict[str, Any]]:
        for i in self.interventions:
            yield {
                "nature": i.nature,
                "date": i.le,
                "minutes": i.retenues,
                "minutes_tracees": i.minutes,
                "lieu": i.lieu,
                "phase": i.phase,
                "demande": i.demande,
                "intervenant": str(i.intervenant),
                "etat_mensuel": i.ligne_etat or "",
            }


def releve_des_interventions(collectivite, requete, *, annee: int | None, maintenant: datetime) -> Document:
    """Le document, dans l’ordre des dates ; une requête, quel que soit le nombre de lignes.

    ``requete`` : celles de ``interventions_lues.de_la_collectivite``.
    """
    releve = Releve(tuple(requete.order_by("le", "pk")))
    contenu = {"siren": collectivite.siren, "interventions": [_simple(e) for e in releve.enregistrements()]}
    entete = de_la_collectivite(
        collectivite,
        titre=f"{TITRE} {annee}" if annee else TITRE,
        nature="Traçabilité des interventions\u00a0: nature, date et durée",
        version=f"{compte(len(releve.interventions), 'intervention')}, {duree_en_heures(releve.minutes)}",
        empreinte=empreinte_du_contenu(contenu),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, releve, entete.titre),
        feuilles=partial(_feuilles, releve),
        enregistrements=releve.enregistrements,
        meta={"schema": "interventions/1"},
    )


def _simple(enregistrement: dict[str, Any]) -> dict[str, Any]:
    return {**enregistrement, "date": enregistrement["date"].isoformat()}


def _fiches(releve: Releve, titre: str) -> Iterator[Fiche]:
    """Une seule fiche, un tableau par mois."""
    par_mois: dict[tuple[int, int], list[Intervention]] = {}
    for intervention in releve.interventions:
        par_mois.setdefault((intervention.le.year, intervention.le.month), []).append(intervention)
    sections = tuple(
        Section(f"{MOIS[mois - 1].capitalize()} {annee}", (_tableau(lignes),), note=_total(lignes))
        for (annee, mois), lignes in par_mois.items()
    )
    yield Fiche(
        titre=titre,
        sections=sections,
        sous_titre="" if sections else "Aucune intervention sur cette période.",
        cartouche=(("Total", duree_en_heures(releve.minutes)),),
    )


def _tableau(lignes: list[Intervention]) -> Tableau:
    return Tableau(COLONNES, tuple(_ecrite(ligne) for ligne in lignes))


def _total(lignes: list[Intervention]) -> str:
    return duree_en_heures(sum(ligne.retenues for ligne in lignes))


def _ecrite(i: Intervention) -> tuple[str, ...]:
    duree = duree_en_heures(i.retenues)
    return (
        i.get_nature_display(),
        date_courte(i.le),
        f"{duree} (tracée\u00a0: {duree_en_heures(i.minutes)})" if i.retenues != i.minutes else duree,
        i.get_lieu_display(),
        i.get_phase_display(),
        i.demande,
        str(i.intervenant),
    )


def _feuilles(releve: Releve) -> Iterator[Feuille]:
    yield Feuille("Interventions", partial(_lignes, releve), LARGEURS, figer=1)


def _lignes(releve: Releve) -> Iterator[Ligne]:
    yield tuple(Cellule(titre, Style.ENTETE) for titre in TITRES)
    for i in releve.interventions:
        yield (
            i.get_nature_display(),
            f"{i.le:%d/%m/%Y}",
            i.retenues,
            i.get_lieu_display(),
            i.get_phase_display(),
            i.demande,
            str(i.intervenant),
            EtatLigne(i.ligne_etat).label if i.ligne_etat else "",
        )
