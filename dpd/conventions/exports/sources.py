"""Dire en toutes lettres d’où vient un montant, depuis les seules sources figées."""

from datetime import date
from decimal import Decimal
from typing import Any

from dpd.conventions.enums import NatureBareme, Revision, SensForfait, SerieIndice
from dpd.conventions.regles.calcul import calculer
from dpd.conventions.regles.sources import depuis_json
from dpd.regles.typographie import FINE, INSECABLE, MOIS, compte, date_courte, euros, nombre


def _valeur(texte: str) -> str:
    """« 274,7 », « 0,97975 », « 307,0 » : sans zéro inutile, une décimale au moins."""
    entier, _, decimales = nombre(Decimal(texte)).partition(",")
    return f"{entier},{decimales.rstrip('0') or '0'}"


def formule_dite(ligne: dict[str, Any]) -> str:
    """« 1 200,00 € × 307,0 (indice de novembre 2023) ÷ … = 1 368,82 € » ; vide sans révision."""
    termes = ligne["formule"]
    if len(termes) < 2:
        return ""
    ecrits = [euros(Decimal(termes[0]["valeur"]))]
    ecrits += [f"{t['operateur']} {_valeur(t['valeur'])} ({t['libelle']})" for t in termes[1:]]
    return f"{' '.join(ecrits)} = {euros(Decimal(ligne['prix_revise']))}, arrondi au centime"


def calcul_montre(lignes: list[dict[str, Any]], sources: dict[str, Any]) -> tuple[str, ...]:
    """Les étapes du calcul, dans l’ordre : la tranche, la phase, la révision, le total."""
    refait = calculer(depuis_json(sources))
    etapes = []
    if refait.tranche is not None:
        etapes.append(
            f"Population totale de {compte(sources['population'], 'habitant')}\u00a0: tranche de "
            f"{nombre(refait.tranche.minimum)} à {nombre(refait.tranche.maximum)} habitants, bornes incluses."
        )
    etapes += [_etape(ligne) for ligne in lignes]
    total = euros(sum((Decimal(ligne["montant"]) for ligne in lignes), Decimal("0.00")))
    return (*etapes, f"Total\u00a0: {total}, pour l’exercice entier, sans prorata.")


def _etape(ligne: dict[str, Any]) -> str:
    formule = formule_dite(ligne)
    prix = f"{formule}." if formule else f"{euros(Decimal(ligne['prix_revise']))}, sans révision."
    quantite = Decimal(ligne["quantite"])
    produit = ""
    if quantite != 1:
        produit = (
            f" {nombre(quantite.normalize())} × {euros(Decimal(ligne['prix_revise']))} = "
            f"{euros(Decimal(ligne['montant']))}."
        )
    return f"{ligne['libelle']}\u00a0: {prix}{produit}"


def sources_dites(sources: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """(libellé, valeur) de chaque source, sans celles qui n’ont pas servi."""
    lignes = (
        ("Barème", _bareme(sources)),
        ("Population totale", _population(sources)),
        ("Grille, en habitants et en euros", _grille(sources)),
        ("Forfait", _montant(sources["forfait"], sources["forfait_libelle"])),
        ("Lecture du forfait", SensForfait(sources["sens"]).label if sources["sens"] else ""),
        ("Prix de la journée", _journee(sources)),
        ("Journées retenues", _nombre(sources["jours"])),
        ("Journées comprises dans le forfait", _nombre(sources["jours_inclus"])),
        ("Révision", Revision(sources["revision"]).label),
        ("Indice d’origine", _indice(sources["base"])),
        *((f"Indice de {nom}", _indice(indice)) for nom, indice in _suite(sources)),
        ("Règle de raccord", _raccord(sources["raccord"])),
    )
    return tuple((libelle, valeur) for libelle, valeur in lignes if valeur)


def _bareme(sources: dict[str, Any]) -> str:
    nature = NatureBareme(sources["nature"]).label.lower()
    return ", ".join(t for t in (f"{sources['bareme']} ({nature})", sources["source"]) if t)


def _journee(sources: dict[str, Any]) -> str:
    return _montant(sources["cout_journee"]) if sources["nature"] == NatureBareme.FORFAIT_JOURNEES else ""


def _suite(sources: dict[str, Any]):
    return zip(sources["attendus"], sources["suite"], strict=True)


def _population(sources: dict[str, Any]) -> str:
    if sources["nature"] != NatureBareme.TRANCHES or sources["population"] is None:
        return ""
    suite = f", {sources['population_source']}" if sources["population_source"] else ""
    habitants = compte(sources["population"], "habitant")
    return f"{habitants}, millésime {sources['millesime']}{suite}"


def _grille(sources: dict[str, Any]) -> str:
    """Chaque tranche, prix de la mise en place puis de l’accompagnement, en euros."""
    return f"{FINE}; ".join(
        f"{nombre(t['minimum'])} à {nombre(t['maximum'])}{INSECABLE}: "
        f"{_entier(t['mise_en_place'])} puis {_entier(t['accompagnement'])}"
        for t in sources["grille"]
    )


def _entier(texte: str) -> str:
    """« 400 », « 400,50 » : les centimes ne s’écrivent que s’il y en a."""
    montant = Decimal(texte)
    return nombre(int(montant) if montant == montant.to_integral_value() else montant)


def _montant(texte: str | None, precision: str = "") -> str:
    if texte is None:
        return ""
    return ", ".join(t for t in (precision, euros(Decimal(texte))) if t)


def _nombre(texte: str | None) -> str:
    return "" if texte is None else nombre(Decimal(texte).normalize())


def _indice(indice: dict[str, Any] | None) -> str:
    if indice is None:
        return ""
    serie = SerieIndice(indice["serie"]).label.lower()
    mois = f"{MOIS[indice['mois'] - 1]} {indice['annee']}"
    publie = f", publié le {_date(indice['publie_le'])}" if indice["publie_le"] else ""
    return f"{_valeur(indice['valeur'])} ({mois}, {serie}){publie}, {indice['source']}"


def _date(iso: str) -> str:
    return date_courte(date.fromisoformat(iso))


def _raccord(raccord: dict[str, Any] | None) -> str:
    if raccord is None:
        return ""
    return f"coefficient {_valeur(raccord['coefficient'])}"
