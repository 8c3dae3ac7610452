"""Essayer un indice attendu : ce que donnerait le montant, sans rien enregistrer."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from dpd.conventions.regles.calcul import RACCORD_ATTENDU, Calcul, calculer
from dpd.conventions.regles.indices import IndicePublie, serie_publiee
from dpd.conventions.regles.sources import Sources
from dpd.regles.typographie import MOIS, euros

INDICE_MAX = Decimal(10_000)
DIXIEME = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Essai:
    """Un indice supposé, jamais enregistré. ``resultat`` ou ``erreur``, vides tant que rien n’est tapé.

    ``en_tout`` : le total de l’exercice, quand des prestations s’ajoutent à la première.
    """

    saisie: str
    indice: str
    resultat: str = ""
    en_tout: str = ""
    erreur: str = ""


def essayer(sources: Sources, saisie: str) -> Essai | None:
    """L’essai d’un indice, s’il n’en manque qu’un."""
    manquants = [rang for rang, indice in enumerate(sources.suite) if indice is None]
    if len(manquants) != 1 or sources.base is None:
        return None
    nom = sources.attendus[manquants[0]]
    if not saisie.strip():
        return Essai("", nom)
    try:
        valeur = _lire_indice(saisie)
    except ValueError as erreur:
        return Essai(saisie[:20], nom, erreur=str(erreur))
    mois, annee = nom.split(" ")
    rang = MOIS.index(mois) + 1
    suppose = IndicePublie(
        serie_publiee(int(annee), rang), int(annee), rang, valeur, None, "Valeur d’essai, non enregistrée"
    )
    suite = tuple(suppose if i is None else i for i in sources.suite)
    return Essai(saisie.strip()[:20], nom, **_conclure(calculer(replace(sources, suite=suite))))


def _conclure(calcul: Calcul) -> dict[str, str]:
    montants = [ligne.montant for ligne in calcul.lignes]
    if not montants or any(m is None for m in montants):
        bloque = RACCORD_ATTENDU in calcul.manques
        return {"erreur": RACCORD_ATTENDU if bloque else " ".join(calcul.manques)}
    connus = [m for m in montants if m is not None]
    en_tout = euros(sum(connus, Decimal(0))) if len(connus) > 1 else ""
    return {"resultat": euros(connus[0]), "en_tout": en_tout}


def _lire_indice(saisie: str) -> Decimal:
    try:
        valeur = Decimal("".join(saisie.split()).replace(",", "."))
    except InvalidOperation as erreur:
        raise ValueError("Écrivez un nombre, par exemple 320,0.") from erreur
    if not (valeur.is_finite() and 0 < valeur < INDICE_MAX):
        raise ValueError("Un indice est un nombre strictement positif, de moins de 10\u202f000.")
    arrondie = valeur.quantize(DIXIEME)
    if not arrondie:
        raise ValueError("Un indice a une décimale\u00a0: celui-ci s’arrondit à zéro.")
    return arrondie
