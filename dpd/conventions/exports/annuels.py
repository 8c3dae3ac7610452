"""Tous les états d’un exercice : le classeur de la structure, un état à la fois en mémoire."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet, Sum

from dpd.comptes.entete import de_la_structure
from dpd.conventions.exports.annuel import (
    NATURE,
    TITRE,
    TITRES,
    cellules_de,
    enregistrement_de,
    fiche_de,
    fige,
)
from dpd.conventions.models import EtatAnnuel
from dpd.documents.modele import Cellule, Document, Feuille, Fiche, Ligne, Paragraphe, Section, Style
from dpd.regles.empreintes import empreinte_du_contenu
from dpd.regles.typographie import compte, date_courte, euros

PAR_LECTURE = 100  # états lus à la fois
TITRES_ETATS = (
    *("N°", "Collectivité", "SIREN", "Type", "Phase", "Population totale", "Millésime", "Barème", "Total"),
    *("Figé le", "Empreinte SHA-256"),
)
LARGEURS_ETATS = (12, 36, 14, 22, 18, 18, 12, 30, 14, 14, 68)
TITRES_LIGNES = ("N°", "Collectivité", "SIREN", *TITRES)
LARGEURS_LIGNES = (12, 36, 14, 36, 44, 12, 10, 14, 14, 14)


@dataclass(frozen=True, slots=True)
class Exercice:
    """Les états figés d’une structure pour un exercice, relus à chaque passage."""

    structure: Any
    exercice: int
    fuseau: Any

    def etats(self, *differes: str) -> Iterator[EtatAnnuel]:
        etats = EtatAnnuel.objects.filter(structure=self.structure, exercice=self.exercice)
        lus = etats.select_related("collectivite", "bareme", "fige_par").defer(*differes).order_by("numero")
        return lus.iterator(PAR_LECTURE)


def etats_de_l_exercice(structure) -> QuerySet:
    """(exercice, nombre, total) de chaque exercice figé, le plus récent d’abord."""
    etats = EtatAnnuel.objects.filter(structure=structure).order_by("-exercice").values("exercice")
    return etats.annotate(nombre=Count("pk"), somme=Sum("total"))


def exercice_en_document(structure, exercice: int, *, maintenant: datetime) -> Document:
    """Le document de tous les états d’un exercice ; quatre requêtes au plus par lecture, quel qu’en soit
    le nombre."""
    siens = EtatAnnuel.objects.filter(structure=structure, exercice=exercice).order_by("numero")
    empreintes = list(siens.values_list("numero", "empreinte"))
    total = siens.aggregate(total=Sum("total", default=Decimal("0.00")))["total"]
    titre = f"États annuels des prestations {exercice}"
    entete = de_la_structure(
        structure,
        titre=titre,
        nature=NATURE,
        version=f"{compte(len(empreintes), 'état')}, {euros(total)}",
        empreinte=empreinte_du_contenu({str(numero): empreinte for numero, empreinte in empreintes}),
        maintenant=maintenant,
    )
    releve = Exercice(structure, exercice, entete.edite_le.tzinfo)
    return Document(
        entete=entete,
        fiches=partial(_fiches, releve),
        feuilles=partial(_feuilles, releve),
        enregistrements=partial(_enregistrements, releve),
        sommaire=tuple(_titre(nom) for nom in siens.values_list("collectivite__denomination", flat=True)),
        meta={"schema": "etats-annuels/1"},
    )


def _titre(denomination: str) -> str:
    return f"{TITRE}, {denomination}"


def _fiches(releve: Exercice) -> Iterator[Fiche]:
    for etat in releve.etats():
        titre = _titre(etat.collectivite.denomination)
        preuve = (Paragraphe(fige(etat, releve.fuseau)), Paragraphe(f"SHA-256\u00a0: {etat.empreinte}"))
        yield fiche_de(etat, titre, f"SIREN {etat.collectivite.siren}", Section("Figé", preuve))


def _feuilles(releve: Exercice) -> Iterator[Feuille]:
    yield Feuille("États", partial(_lignes_des_etats, releve), LARGEURS_ETATS, figer=1)
    yield Feuille("Prestations", partial(_lignes_des_prestations, releve), LARGEURS_LIGNES, figer=1)


def _lignes_des_etats(releve: Exercice) -> Iterator[Ligne]:
    yield tuple(Cellule(titre, Style.ENTETE) for titre in TITRES_ETATS)
    for etat in releve.etats("sources", "lignes"):
        yield (
            str(etat),
            etat.collectivite.denomination,
            etat.collectivite.siren,
            etat.collectivite.get_type_display(),
            etat.get_phase_display(),
            "" if etat.population is None else etat.population,
            "" if etat.millesime is None else etat.millesime,
            etat.bareme.nom,
            float(etat.total),
            date_courte(etat.fige_le.astimezone(releve.fuseau).date()),
            etat.empreinte,
        )


def _lignes_des_prestations(releve: Exercice) -> Iterator[Ligne]:
    yield tuple(Cellule(titre, Style.ENTETE) for titre in TITRES_LIGNES)
    for etat in releve.etats("sources"):
        for ligne in etat.lignes:
            yield (str(etat), etat.collectivite.denomination, etat.collectivite.siren, *cellules_de(ligne))


def _enregistrements(releve: Exercice) -> Iterator[dict[str, Any]]:
    for etat in releve.etats():
        yield enregistrement_de(etat)
