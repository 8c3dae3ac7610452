"""Lire un barème : où il en est, ce que son sens veut dire en euros, ce qu’il donnerait."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dpd.conventions.affichage_formules import quantite
from dpd.conventions.enums import NatureBareme, SensForfait
from dpd.conventions.models import Bareme, Forfait
from dpd.conventions.regles.calcul import calculer
from dpd.conventions.regles.sources import Sources
from dpd.conventions.regles.tarifs import Phase, verifier_grille
from dpd.conventions.tarification import Tarification
from dpd.regles.typographie import euros, nombre

NATURES = (
    (
        NatureBareme.TRANCHES,
        "Un prix par tranche d’habitants, l’année de la mise en place puis les suivantes. Au-delà de la "
        "grille, un devis à la journée.",
    ),
    (
        NatureBareme.FORFAIT_JOURNEES,
        "Un forfait par an et un prix par jour. Vous direz comment l’un et l’autre se lisent ensemble.",
    ),
    (
        NatureBareme.FORFAIT_DEVIS,
        "Des forfaits au choix de la collectivité\u202f; ce qui n’y est pas se demande sur devis.",
    ),
    (NatureBareme.GRATUIT, "Le service n’a pas de prix propre\u00a0: il est compris dans une cotisation."),
)
# De quoi montrer les trois sens sur les mêmes nombres, quand le barème n’a pas encore les siens.
FORFAIT, JOURNEE, JOURS, INCLUS = Decimal(2000), Decimal(200), Decimal(12), Decimal(10)
JOURS_MONTRES = (Decimal(0), Decimal(5), Decimal(10), Decimal(20))
POPULATIONS_MAX = 12
POPULATION_MAX = 10_000_000


@dataclass(frozen=True, slots=True)
class Situation:
    """``ton`` et ``icone`` d’une étiquette, et le barème qu’elle décrit."""

    bareme: Bareme
    libelle: str
    ton: str
    icone: str


def situer(bareme: Bareme, jour: date) -> Situation:
    """Où en est un barème à une date."""
    if not bareme.publie:
        return Situation(bareme, "Brouillon", "brouillon", "pencil")
    if bareme.en_vigueur_du > jour:
        return Situation(bareme, "Publié, à venir", "accent", "calendar3")
    if bareme.en_vigueur_au is not None and bareme.en_vigueur_au < jour:
        return Situation(bareme, "Remplacé", "", "clock-history")
    return Situation(bareme, "En vigueur", "fait", "check-circle-fill")


@dataclass(frozen=True, slots=True)
class ExempleDeSens:
    sens: str
    libelle: str
    phrase: str
    retenu: bool


def exemples_de_sens(bareme: Bareme) -> list[ExempleDeSens]:
    """Ce que donne chaque lecture du forfait et des journées, sur les mêmes nombres."""
    if bareme.nature != NatureBareme.FORFAIT_JOURNEES:
        return []
    premier = _premier_forfait(bareme)
    forfait = premier.montant if premier and premier.montant is not None else FORFAIT
    journee = bareme.cout_journee if bareme.cout_journee is not None else JOURNEE
    inclus = bareme.jours_inclus if bareme.jours_inclus is not None else INCLUS
    return [
        ExempleDeSens(
            sens.value,
            sens.label,
            _dire_le_sens(sens, forfait, journee, inclus),
            bareme.sens_forfait == sens,
        )
        for sens in SensForfait
    ]


def _premier_forfait(bareme: Bareme) -> Forfait | None:
    return next(iter(bareme.forfaits.all()), None) if bareme.pk else None


def _dire_le_sens(sens: SensForfait, forfait: Decimal, journee: Decimal, inclus: Decimal) -> str:
    calcul = calculer(_a_la_journee(sens.value, forfait, journee, inclus, JOURS))
    morceaux = " + ".join(
        euros(ligne.prix_base)
        if ligne.unite == "an"
        else f"{quantite(ligne.quantite, ligne.unite)} × {euros(ligne.prix_base)}"
        for ligne in calcul.lignes
    )
    compris = f", dont {quantite(inclus, 'jour')} compris" if sens is SensForfait.INCLUS else ""
    total = euros(calcul.total) if calcul.total is not None else ""
    return f"Pour {quantite(JOURS, 'jour')} dans l’année{compris}\u00a0: {morceaux} = {total}."


def _a_la_journee(sens: str, forfait: Decimal, journee: Decimal, inclus: Decimal, jours: Decimal) -> Sources:
    return Sources(
        exercice=0,
        nature=NatureBareme.FORFAIT_JOURNEES.value,
        phase=Phase.MISE_EN_PLACE,
        bareme="",
        source="",
        forfait=forfait,
        cout_journee=journee,
        sens=sens,
        jours_inclus=inclus,
        jours=jours,
    )


@dataclass(frozen=True, slots=True)
class LigneApercu:
    cle: str
    tranche: str
    mise_en_place: str
    accompagnement: str


@dataclass(frozen=True, slots=True)
class Apercu:
    """``saisie`` : ce qu’on a demandé ; ``attend`` : un prix de base, étoilé, attend encore son indice."""

    exercice: int
    lignes: tuple[LigneApercu, ...]
    saisie: str
    attend: bool


def apercu(bareme: Bareme, jour: date, saisie: str = "") -> Apercu | None:
    """Les montants pour quelques populations, ou quelques nombres de jours ; rien s’il n’y en a pas.

    ``saisie`` : des populations tapées, douze au plus ; sans elle, une par tranche et une au-delà.
    """
    exercice = max(jour.year, bareme.en_vigueur_du.year)
    if bareme.nature == NatureBareme.FORFAIT_JOURNEES:
        return _apercu_des_journees(bareme, exercice)
    if bareme.nature != NatureBareme.TRANCHES:
        return None
    try:
        grille = verifier_grille([t.tranche for t in bareme.tranches.all()])
    except ValueError:
        return None
    populations = lire_populations(saisie) or [(t.minimum + t.maximum) // 2 for t in grille] + [
        grille[-1].maximum + 1
    ]
    tarification = Tarification(bareme.structure, exercice, ())
    lignes = tuple(_ligne_de_population(tarification, bareme, p) for p in populations)
    return Apercu(exercice, lignes, saisie[:200], any("*" in x.accompagnement for x in lignes))


def _ligne_de_population(tarification: Tarification, bareme: Bareme, population: int) -> LigneApercu:
    calculs = [tarification.simuler(bareme, population, phase) for phase in Phase]
    tranche = calculs[0].tranche
    dite = f"{nombre(tranche.minimum)} à {nombre(tranche.maximum)}" if tranche else "hors grille"
    mise_en_place, accompagnement = (_montant(c) for c in calculs)
    return LigneApercu(nombre(population), dite, mise_en_place, accompagnement)


def _montant(calcul) -> str:
    """Le montant révisé, ou le prix de base suivi d’une étoile tant qu’un indice manque."""
    if calcul.sur_devis:
        return "sur devis"
    if calcul.total is not None:
        return euros(calcul.total)
    return f"{euros(calcul.lignes[0].montant_de_base)}*"


def _apercu_des_journees(bareme: Bareme, exercice: int) -> Apercu | None:
    premier = _premier_forfait(bareme)
    if bareme.cout_journee is None or not bareme.sens_forfait:
        return None
    forfait = premier.montant if premier else None
    lignes = []
    for jours in JOURS_MONTRES:
        sources = _a_la_journee(
            bareme.sens_forfait,
            forfait if forfait is not None else Decimal(0),
            bareme.cout_journee,
            bareme.jours_inclus or Decimal(0),
            jours,
        )
        total = calculer(sources).total
        montant = euros(total) if total is not None else ""
        lignes.append(LigneApercu(quantite(jours, "jour"), "", montant, montant))
    return Apercu(exercice, tuple(lignes), "", attend=False)


def lire_populations(saisie: str) -> Sequence[int]:
    """Les nombres d’habitants tapés, séparés par des virgules, des points-virgules ou des retours."""
    morceaux = re.split(r"[;,\n]+", saisie[:200])
    nombres = ["".join(m.split()) for m in morceaux]
    lus = [int(n) for n in nombres if n.isascii() and n.isdecimal() and len(n) <= 8]
    return [n for n in lus if n <= POPULATION_MAX][:POPULATIONS_MAX]
