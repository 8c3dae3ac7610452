"""Dates, heures, nombres et mots comme on les écrit en français à l’écran et sur papier.

Les espaces insécables font partie du résultat : U+00A0 dans « 23 novembre », « 17 h 25 » et avant
« € », U+202F entre les milliers.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from dpd.regles.texte import normaliser

INSECABLE = "\u00a0"
FINE = "\u202f"

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MOIS_COURTS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juill.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
_EN_LETTRES = ("zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


def date_longue(jour: date) -> str:
    """« lundi 23 novembre 2026 », « dimanche 1er novembre 2026 »."""
    return f"{JOURS[jour.weekday()]} {_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def date_courte(jour: date) -> str:
    """« 23 nov. 2026 », pour un tableau."""
    return f"{_quantieme(jour)}{INSECABLE}{MOIS_COURTS[jour.month - 1]} {jour.year}"


def instant_long(instant: datetime) -> str:
    """« lundi 23 novembre 2026 à 17 h 25 », dans le fuseau que porte l’instant.

    ValueError si l’instant est naïf : on n’affiche pas une heure sans savoir laquelle.
    """
    return f"{date_longue(instant)} à {heure(instant)}"


def instant_court(instant: datetime) -> str:
    """« 20 nov. 2026, 11 h 05 », dans le fuseau que porte l’instant. ValueError s’il est naïf."""
    return f"{date_courte(instant)}, {heure(instant)}"


def heure(instant: datetime) -> str:
    """« 9 h 41 », dans le fuseau que porte l’instant. ValueError s’il est naïf."""
    if instant.utcoffset() is None:
        raise ValueError("L’instant à afficher doit porter son fuseau horaire.")
    return f"{instant.hour}{INSECABLE}h{INSECABLE}{instant.minute:02}"


def nombre(valeur: int | Decimal) -> str:
    """« 1 556 », « -12 », « 0,97975 » : milliers séparés d’une fine insécable, virgule décimale."""
    chiffres = format(valeur, ",d" if isinstance(valeur, int) else ",f")
    return chiffres.translate({ord(","): FINE, ord("."): ","})


def euros(montant: Decimal) -> str:
    """« 1 200,00 € » : deux décimales, arrondi au centime supérieur à partir du demi-centime."""
    return f"{nombre(montant.quantize(Decimal('0.01'), ROUND_HALF_UP))}{INSECABLE}€"


def pluriel(n: int, singulier: str, pluriel: str | None = None) -> str:
    """Le mot seul, accordé : en français le pluriel commence à deux (« 0 fiche », « 2 fiches »).

    Sans forme donnée, le pluriel ajoute un s.
    """
    return singulier if abs(n) < 2 else pluriel or f"{singulier}s"


def compte(n: int, singulier: str, pluriel_: str | None = None) -> str:
    """Le nombre et le mot accordé : « 14 fiches », « 1 556 habitants »."""
    return f"{nombre(n)}{INSECABLE}{pluriel(n, singulier, pluriel_)}"


def en_lettres(n: int) -> str:
    """« une », « trois »… jusqu’à dix, au féminin ; au-delà, en chiffres."""
    return _EN_LETTRES[n] if 0 <= n < len(_EN_LETTRES) else nombre(n)


def enumeration(mots: tuple[str, ...]) -> str:
    """« a », « a et b », « a, b et c »."""
    return " et ".join((", ".join(mots[:-1]), mots[-1])) if len(mots) > 1 else "".join(mots)


def de(nom: str) -> str:
    """Le nom précédé de « de », élidé ou contracté : « d’Auvillar », « du Fau », « des Barthes ».

    Devant h, l’usage des communes : élision devant he, hi et hy (« d’Hyères »), sinon « de Houilles ».
    """
    debut, _, suite = nom.partition(" ")
    if suite and debut.casefold() in ("le", "les"):
        return f"{'du' if debut.casefold() == 'le' else 'des'} {suite}"
    return f"d’{nom}" if _s_elide(nom) else f"de {nom}"


def _s_elide(nom: str) -> bool:
    deux = normaliser(nom)[:2]
    if deux[:1] == "h":
        return deux[1:] in ("e", "i", "y")
    if deux[:1] == "y":
        return deux[1:] not in ("a", "e", "i", "o", "u")
    return deux[:1] in ("a", "e", "i", "o", "u")


def _quantieme(jour: date) -> str:
    return "1er" if jour.day == 1 else str(jour.day)
