"""L’état annuel d’une collectivité sur le papier : les prestations, le calcul montré, les sources."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from dpd.comptes.entete import de_la_collectivite
from dpd.conventions.exports.sources import calcul_montre, sources_dites
from dpd.conventions.models import EtatAnnuel
from dpd.conventions.regles.tarifs import arrondir
from dpd.conventions.regles.temps import jours_dits
from dpd.documents.modele import (
    Cellule,
    Colonne,
    Document,
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
from dpd.regles.typographie import INSECABLE, date_courte, euros, instant_long, nombre

TITRE = "État annuel des prestations"
NATURE = "Base de la facturation"
MENTION = (
    "Cet état est la base de la facturation\u202f; le titre de recettes est émis par la comptabilité de la "
    "structure."
)
COLONNES = (
    Colonne("Prestation", 2.6),
    Colonne("Quantité", 0.9, nombre=True),
    Colonne("Prix de base", 1.1, nombre=True),
    Colonne("Prix révisé", 1.1, nombre=True),
    Colonne("Total", 1.1, nombre=True),
)
TITRES = ("Prestation", "Détail", "Quantité", "Unité", "Prix de base", "Prix révisé", "Total")
LARGEURS = (36, 44, 12, 10, 14, 14, 14)


def quantite_dite(ligne: dict[str, Any]) -> str:
    """« 1 an », « 3,5 jours »."""
    quantite = Decimal(ligne["quantite"])
    if ligne["unite"] == "jour":
        return jours_dits(quantite)
    return f"{nombre(quantite.normalize())}{INSECABLE}{ligne['unite']}"


def etat_annuel_en_document(collectivite, etat: EtatAnnuel, *, maintenant: datetime) -> Document:
    """Le document d’un état figé ; tout vient de l’état, rien n’est relu ni recalculé."""
    entete = de_la_collectivite(
        collectivite,
        titre=f"{TITRE} {etat.exercice}",
        nature=NATURE,
        version=f"N° {etat}, figé le {instant_long(etat.fige_le.astimezone(collectivite.fuseau))}",
        empreinte=etat.empreinte,
        maintenant=maintenant,
    )
    return Document(
        entete=entete,
        fiches=partial(_fiches, etat, entete.titre, collectivite.fuseau),
        feuilles=partial(_feuilles, etat),
        enregistrements=partial(_enregistrements, etat),
        meta={"schema": "etat-annuel/1"},
    )


def _fiches(etat: EtatAnnuel, titre: str, fuseau) -> Iterator[Fiche]:
    yield fiche_de(etat, titre, f"Prestations souscrites par la collectivité. {fige(etat, fuseau)}")


def fiche_de(etat: EtatAnnuel, titre: str, sous_titre: str, *suite: Section) -> Fiche:
    """La page d’un état, seule ou parmi celles de toute la structure."""
    prestations = (Tableau(COLONNES, (*(_ecrite(li) for li in etat.lignes), _total(etat))),)
    calcul = calcul_montre(etat.lignes, etat.sources)
    return Fiche(
        titre=titre,
        sous_titre=sous_titre,
        reference=f"état n°{INSECABLE}{etat}",
        cartouche=(
            ("État", f"n°{INSECABLE}{etat}"),
            ("Exercice", str(etat.exercice)),
            ("Phase", etat.get_phase_display()),
            ("Total", euros(etat.total)),
        ),
        sections=(
            Section("Prestations", (*prestations, Paragraphe(MENTION, discret=True))),
            Section("Le calcul", (Liste(calcul, numerotee=True),)),
            Section("Les sources de ce jour-là", (Paires(sources_dites(etat.sources)),)),
            *suite,
        ),
    )


def fige(etat: EtatAnnuel, fuseau) -> str:
    """« Figé le 5 janv. 2027 par Gilles Comptable. »"""
    return f"Figé le {date_courte(etat.fige_le.astimezone(fuseau).date())} par {etat.fige_par}."


def _ecrite(ligne: dict[str, Any]) -> tuple[str, ...]:
    return (
        "\n".join(texte for texte in (ligne["libelle"], ligne["detail"]) if texte),
        quantite_dite(ligne),
        *(euros(Decimal(ligne[nom])) for nom in ("prix_base", "prix_revise", "montant")),
    )


def _total(etat: EtatAnnuel) -> tuple[str, ...]:
    montants = (arrondir(Decimal(li["quantite"]) * Decimal(li["prix_base"])) for li in etat.lignes)
    base = sum(montants, Decimal("0.00"))
    return ("Total", "", euros(base), "", euros(etat.total))


def _feuilles(etat: EtatAnnuel) -> Iterator[Feuille]:
    yield Feuille(f"État {etat}", partial(_lignes, etat), LARGEURS, figer=1)
    yield Feuille("Sources", partial(_lignes_de_sources, etat), (44, 60))


def _lignes(etat: EtatAnnuel) -> Iterator[Ligne]:
    yield tuple(Cellule(titre, Style.ENTETE) for titre in TITRES)
    for ligne in etat.lignes:
        yield cellules_de(ligne)
    yield (Cellule("Total", Style.LIBELLE), "", "", "", "", "", float(etat.total))


def cellules_de(ligne: dict[str, Any]) -> Ligne:
    """Une prestation dans un classeur ; les montants y sont des nombres, pour qu’ils s’additionnent."""
    return (
        ligne["libelle"],
        ligne["detail"],
        float(ligne["quantite"]),
        ligne["unite"],
        *(float(ligne[nom]) for nom in ("prix_base", "prix_revise", "montant")),
    )


def _lignes_de_sources(etat: EtatAnnuel) -> Iterator[Ligne]:
    for libelle, valeur in sources_dites(etat.sources):
        yield (Cellule(libelle, Style.LIBELLE), valeur)
    for rang, etape in enumerate(calcul_montre(etat.lignes, etat.sources), 1):
        yield (Cellule(f"Calcul, {rang}", Style.LIBELLE), etape)


def _enregistrements(etat: EtatAnnuel) -> Iterator[dict[str, Any]]:
    yield enregistrement_de(etat)


def enregistrement_de(etat: EtatAnnuel) -> dict[str, Any]:
    """L’état entier, sources comprises : de quoi le rejouer ailleurs."""
    return {
        "numero": str(etat),
        "exercice": etat.exercice,
        "collectivite": etat.collectivite.siren,
        "phase": etat.phase,
        "population": etat.population,
        "millesime": etat.millesime,
        "lignes": etat.lignes,
        "total": etat.total,
        "sources": etat.sources,
        "fige_le": etat.fige_le,
        "empreinte": etat.empreinte,
    }
