"""Un état mensuel sur le papier : ce qui a été présenté, contesté, répondu, retenu."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_collectivite
from dpd.conventions.mensuels_lus import Bilan, nom_du_mois
from dpd.conventions.models import LigneEtatMensuel
from dpd.conventions.regles.temps import jours_dits
from dpd.documents.modele import (
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
from dpd.regles.durees import duree_en_heures
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, date_courte, euros, instant_long, nombre

MENTION = (
    "Les journées validées par la collectivité sont la base de la facturation de la mise en place\u202f; "
    "le titre de recettes est émis par la comptabilité de la structure."
)
COLONNES = (
    Colonne("Nature", 1.5),
    Colonne("Date", 1.25),
    Colonne("Présentée", 0.9, nombre=True),
    Colonne("Retenue", 0.9, nombre=True),
    Colonne("État", 1.0),
    Colonne("Échanges", 2.6),
)
TITRES = (
    *("N°", "Nature", "Date", "Lieu", "Demande d’origine", "Minutes présentées", "Minutes retenues"),
    *("État", "Contestation", "Réponse de la structure", "Tranchée par", "Tranchée le"),
)
LARGEURS = (6, 24, 14, 16, 40, 18, 18, 14, 40, 40, 26, 20)


def etat_mensuel_en_document(collectivite, bilan: Bilan, *, maintenant: datetime) -> Document:
    """Le document d’un état, tel qu’il est à cet instant ; la base n’est pas relue."""
    mois = nom_du_mois(bilan.etat.annee, bilan.etat.mois)
    contenu = {"siren": collectivite.siren, "lignes": [_simple(e) for e in _enregistrements(bilan)]}
    entete = de_la_collectivite(
        collectivite,
        titre=f"État mensuel des interventions, {mois}",
        nature="État validé par la collectivité" if bilan.etat.valide_le else "État présenté, à valider",
        version=f"Figé le {instant_long(bilan.etat.fige_le.astimezone(collectivite.fuseau))}",
        empreinte=empreinte_du_contenu(contenu),
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, bilan, entete.titre, collectivite.fuseau),
        feuilles=partial(_feuilles, bilan, collectivite.fuseau),
        enregistrements=partial(_enregistrements, bilan),
        meta={"schema": "etat-mensuel/1"},
    )


def _enregistrements(bilan: Bilan) -> Iterator[dict[str, Any]]:
    for ligne in bilan.lignes:
        yield {
            "ordre": ligne.ordre,
            "nature": ligne.nature,
            "date": ligne.le,
            "lieu": ligne.lieu,
            "demande": ligne.demande,
            "minutes_initiales": ligne.minutes_initiales,
            "minutes": ligne.minutes,
            "etat": ligne.etat,
            "motif": ligne.motif,
            "reponse": ligne.reponse,
            "tranchee_le": ligne.tranchee_le,
        }


def _simple(enregistrement: dict[str, Any]) -> dict[str, Any]:
    dates = {nom: v.isoformat() for nom, v in enregistrement.items() if hasattr(v, "isoformat")}
    return {**enregistrement, **dates}


def _fiches(bilan: Bilan, titre: str, fuseau) -> Iterator[Fiche]:
    etat = bilan.etat
    validation = "En attente de la collectivité"
    if etat.valide_le:
        par = f", {etat.valide_par}" if etat.valide_par else ""
        validation = f"{instant_long(etat.valide_le.astimezone(fuseau))}{par}"
    yield Fiche(
        titre=titre,
        cartouche=(
            ("Figé le", date_courte(etat.fige_le.astimezone(fuseau).date())),
            ("Interventions", nombre(len(bilan.lignes))),
            ("Temps retenu", duree_en_heures(bilan.minutes)),
            ("Journées", jours_dits(bilan.jours)),
        ),
        sections=(
            Section("Interventions du mois", (Tableau(COLONNES, tuple(_ecrite(li) for li in bilan.lignes)),)),
            Section("Ce qui est retenu", (Paires(_retenu(bilan)), Paragraphe(MENTION, discret=True))),
            Section("Validation", (Paragraphe(validation),)),
        ),
    )


def _retenu(bilan: Bilan) -> tuple[tuple[str, str], ...]:
    etat = bilan.etat
    lignes = [
        ("Temps retenu", duree_en_heures(bilan.minutes)),
        ("Soit", f"{jours_dits(bilan.jours)} de {duree_en_heures(etat.minutes_par_jour)}"),
        ("Prix de la journée au barème", euros(etat.prix_jour)),
        ("Montant de base", euros(bilan.montant)),
    ]
    if bilan.contestees:
        lignes.append(("Contestées", compte(bilan.contestees, "ligne")))
    return tuple(lignes)


def _ecrite(ligne: LigneEtatMensuel) -> tuple[str, ...]:
    lieu = ligne.get_lieu_display().lower()
    echanges = (
        ligne.demande,
        f"Contestation\u00a0: {ligne.motif}" if ligne.motif else "",
        f"Réponse\u00a0: {ligne.reponse}" if ligne.reponse else "",
    )
    return (
        f"{ligne.get_nature_display()}, {lieu}",
        date_courte(ligne.le),
        duree_en_heures(ligne.minutes_initiales),
        "–" if ligne.etat == "retiree" else duree_en_heures(ligne.minutes),
        ligne.etape.label,
        "\n".join(texte for texte in echanges if texte),
    )


def _feuilles(bilan: Bilan, fuseau) -> Iterator[Feuille]:
    yield Feuille("État mensuel", partial(_lignes, bilan, fuseau), LARGEURS, figer=1)


def _lignes(bilan: Bilan, fuseau) -> Iterator[Ligne]:
    yield tuple(Cellule(titre, Style.ENTETE) for titre in TITRES)
    for ligne in bilan.lignes:
        yield (
            ligne.ordre,
            ligne.get_nature_display(),
            f"{ligne.le:%d/%m/%Y}",
            ligne.get_lieu_display(),
            ligne.demande,
            ligne.minutes_initiales,
            0 if ligne.etat == "retiree" else ligne.minutes,
            ligne.etape.label,
            ligne.motif,
            ligne.reponse,
            str(ligne.tranchee_par or ""),
            f"{ligne.tranchee_le.astimezone(fuseau):%d/%m/%Y}" if ligne.tranchee_le else "",
        )
