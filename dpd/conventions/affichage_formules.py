"""La formule d’un prix, telle qu’on la montre et telle qu’on la dit."""

from dataclasses import dataclass
from decimal import Decimal

from dpd.conventions.regles.calcul import Ligne, Terme
from dpd.regles.typographie import MOIS, MOIS_COURTS, euros, nombre

DITS = {"": "", "×": "multiplié par ", "÷": "divisé par "}


@dataclass(frozen=True, slots=True)
class TermeAffiche:
    operateur: str
    valeur: str
    libelle: str
    inconnue: bool = False


@dataclass(frozen=True, slots=True)
class Formule:
    """``phrase`` : la même chose, pour qui l’entend."""

    termes: tuple[TermeAffiche, ...]
    phrase: str


def formule(ligne: Ligne, origine: str, *, conclue: bool = False) -> Formule:
    """La formule d’une ligne ; ``origine`` nomme son premier terme, ``conclue`` ajoute « = prix »."""
    premier, *suivants = ligne.formule
    prix = premier.valeur or Decimal(0)
    termes = [TermeAffiche("", euros(prix), origine)]
    termes += [TermeAffiche(t.operateur, _valeur(t), abreger(t.libelle), t.valeur is None) for t in suivants]
    phrases = [euros(prix), *(_dire(t) for t in suivants)]
    if conclue and ligne.prix_revise is not None:
        termes.append(TermeAffiche("=", euros(ligne.prix_revise), "arrondi au centime"))
        phrases.append(f"égale {euros(ligne.prix_revise)}")
    return Formule(tuple(termes), ", ".join(phrases))


def abreger(libelle: str) -> str:
    """« indice de novembre 2026 » devient « indice nov. 2026 »."""
    for long, court in zip(MOIS, MOIS_COURTS, strict=True):
        libelle = libelle.replace(f"indice de {long} ", f"indice {court} ")
        libelle = libelle.replace(f"indice d’{long} ", f"indice {court} ")
    return libelle


def decimales(valeur: Decimal) -> str:
    """« 307,0 », « 0,97975 » : les zéros que la base ajoute à un coefficient ne se montrent pas."""
    entier, _, fraction = format(valeur, "f").partition(".")
    utile = fraction.rstrip("0") if len(fraction) > 1 else fraction
    return nombre(Decimal(f"{entier}.{utile}" if utile else entier))


def quantite(valeur: Decimal, unite: str) -> str:
    """« 1 an », « 2,5 jours »."""
    pluriel = "s" if abs(valeur) >= 2 else ""
    ecrite = nombre(valeur.normalize() if valeur % 1 else valeur.to_integral_value())
    return f"{ecrite}\u00a0{unite}{pluriel}"


def _valeur(terme: Terme) -> str:
    return "?" if terme.valeur is None else decimales(terme.valeur)


def _dire(terme: Terme) -> str:
    verbe = DITS[terme.operateur]
    if terme.valeur is None:
        return f"{verbe}l’{terme.libelle}, encore inconnu"
    return f"{verbe}{decimales(terme.valeur)} ({terme.libelle})"
