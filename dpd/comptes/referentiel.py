"""Le référentiel livré avec l’application : le charger, y chercher une commune ou une intercommunalité.

Fichiers embarqués : voir ``donnees/LISEZMOI.md``, qui dit leur source, leur licence et leur date.
"""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from dpd.comptes.models.referentiel import PROPOSITIONS_MAX, Commune, EntreeReferentiel, Epci
from dpd.comptes.regles.denomination import cle_de_recherche, nom_affiche
from dpd.comptes.regles.millesime import entree_en_vigueur

DONNEES = Path(__file__).resolve().parent / "donnees"
SOURCE = "INSEE / DGCL, Etalab découpage administratif 6.0.0, Licence Ouverte 2.0"
# Le LISEZMOI des données dit « en vigueur au 1er janvier 2026 », donc millésime 2023.
MILLESIME = 2023
LETTRES_MIN = 3
LOT = 1000

POPULATION = ("population_municipale", "population_totale", "millesime", "en_vigueur_au", "source")
IDENTITE_COMMUNE = (
    *("nom", "recherche", "departement", "region"),
    *("siren", "code_postal", "epci_siren", "epci_nom"),
)
IDENTITE_EPCI = ("nom", "recherche", "type", "nombre_communes")


def est_charge() -> bool:
    return Commune.objects.exists()


@transaction.atomic
def charger() -> tuple[int, int]:
    """Charge ou rafraîchit tout le référentiel ; rend (nombre de communes, nombre d’intercommunalités).

    Sans effet au second passage. Une population plus récente, importée depuis, n’est jamais remplacée
    par celle d’un millésime plus ancien ; une commune disparue de la source est retirée.
    """
    return (
        _ecrire(Commune, _communes(), IDENTITE_COMMUNE),
        _ecrire(Epci, _epcis(), IDENTITE_EPCI),
    )


def _ecrire(modele, entrees: Iterator[EntreeReferentiel], identite: tuple[str, ...]) -> int:
    champs = identite + POPULATION
    connues = {ligne[0]: ligne[1:] for ligne in modele.objects.values_list("pk", *champs)}
    rang = champs.index("millesime")
    changees, rafraichies, vues = [], [], set()
    for entree in entrees:
        vues.add(entree.pk)
        avant = connues.get(entree.pk)
        recente = avant is not None and (avant[rang] or 0) > MILLESIME
        compares = identite if recente else champs
        if avant is None or avant[: len(compares)] != tuple(getattr(entree, c) for c in compares):
            (rafraichies if recente else changees).append(entree)
    _enregistrer(modele, changees, champs)
    _enregistrer(modele, rafraichies, identite)
    disparues = sorted(connues.keys() - vues)
    for debut in range(0, len(disparues), LOT):
        modele.objects.filter(pk__in=disparues[debut : debut + LOT]).delete()
    return len(vues)


def _enregistrer(modele, entrees: list[EntreeReferentiel], champs: tuple[str, ...]) -> None:
    modele.objects.bulk_create(
        entrees,
        batch_size=LOT,
        update_conflicts=True,
        unique_fields=[modele._meta.pk.name],
        update_fields=champs,
    )


def _communes() -> Iterator[Commune]:
    with gzip.open(DONNEES / "communes.csv.gz", "rt", encoding="utf-8", newline="") as fichier:
        for ligne in csv.DictReader(fichier, delimiter=";"):
            commune = Commune(
                code_insee=ligne["code_insee"],
                nom=nom_affiche(ligne["nom"]),
                departement=ligne["code_departement"],
                region=ligne["code_region"],
                siren=ligne["siren"],
                code_postal=ligne["code_postal"],
                epci_siren=ligne["epci_siren"],
                epci_nom=nom_affiche(ligne["epci_nom"]),
                **_population(ligne),
            )
            commune.indexer()
            yield commune


def _epcis() -> Iterator[Epci]:
    with (DONNEES / "epci.csv").open(encoding="utf-8", newline="") as fichier:
        for ligne in csv.DictReader(fichier, delimiter=";"):
            epci = Epci(
                siren=ligne["siren"],
                nom=nom_affiche(ligne["nom"]),
                type=ligne["type"],
                nombre_communes=int(ligne["nombre_communes"]),
                **_population(ligne),
            )
            epci.indexer()
            yield epci


def _population(ligne: dict[str, str]) -> dict:
    """Une population vide dans la source reste vide, et n’a alors ni millésime ni date."""
    if not ligne["population_totale"]:
        return {}
    return {
        "population_municipale": int(ligne["population_municipale"]),
        "population_totale": int(ligne["population_totale"]),
        "millesime": MILLESIME,
        "en_vigueur_au": entree_en_vigueur(MILLESIME),
        "source": SOURCE,
    }


def proposer_communes(texte: str, departement: str = "") -> list[Commune]:
    """Les communes qui répondent à « mon », « 82270 », « 82131 » ou « saint antonin 82 », dix au plus.

    Dès trois lettres ou chiffres ; un nom plus court (« Y », « Eu ») se trouve écrit en entier. D’abord
    celles dont le nom commence ainsi, puis celles du département de la structure, puis les plus peuplées.
    """
    mots = _mots(texte)
    codes = [mot.upper() for mot in mots if mot[0].isdigit()]
    nom = " ".join(mot for mot in mots if not mot[0].isdigit())
    requete = Commune.objects.all()
    if len("".join(mots)) < LETTRES_MIN:
        requete = requete.filter(recherche=nom) if nom and not codes else requete.none()
    elif nom:
        requete = requete.dont_le_nom(nom)
    for code in codes:
        requete = requete.filter(
            Q(code_insee__startswith=code) | Q(code_postal__startswith=code) | Q(siren=code)
        )
    return _classer(requete, _d_abord(recherche__startswith=nom), _d_abord(departement=departement))


def proposer_epcis(texte: str, departement: str = "") -> list[Epci]:
    """Les intercommunalités dont un mot du nom commence ainsi, ou de ce SIREN ; dix au plus.

    D’abord celles du département de la structure.
    """
    cle = " ".join(_mots(texte))
    if len(cle) < LETTRES_MIN:
        return []
    requete = Epci.objects.filter(pk=cle) if cle.isdigit() else Epci.objects.dont_le_nom(cle)
    ici = Commune.objects.filter(epci_siren=OuterRef("pk"), departement=departement)
    return _classer(requete, _d_abord(Exists(ici)), _d_abord(recherche__startswith=cle))


def _mots(texte: str) -> list[str]:
    """Les mots cherchés ; un numéro tapé par groupes (« 218 201 317 ») n’en fait qu’un."""
    mots = cle_de_recherche(texte).split()
    return ["".join(mots)] if mots and all(mot.isdigit() for mot in mots) else mots


def _d_abord(*conditions, **egalites):
    return Case(When(*conditions, **egalites, then=Value(0)), default=Value(1), output_field=IntegerField())


def _classer(requete, *avant) -> list:
    """Les dix premières : les critères donnés, puis la population."""
    poids = Coalesce(F("population_totale"), Value(0))
    return list(requete.order_by(*avant, poids.desc(), "nom", "pk")[:PROPOSITIONS_MAX])
