"""Lire un délai écrit en toutes lettres : « 5 ans après le départ », « jusqu’à la fin du contrat »."""

import re

from dpd.regles.texte import normaliser
from registre.regles.conservation import lire_duree_iso
from registre.regles.contenu import PERMANENTE, Duree

NOMBRES = (
    *("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze"),
)
LONGUEUR_MAXIMALE = 300  # un texte plus long n’est pas un délai
UNITES = {"jour": "jour", "semaine": "semaine", "moi": "mois", "an": "annee", "annee": "annee"}
SANS_LIMITE = frozenset(
    {"sans limite", "illimite", "illimitee", "permanente", "definitive", "conservation definitive"}
)
IMMEDIAT = frozenset({"effacement immediat", "suppression immediate", "immediat"})

_MESURE = re.compile(
    r"(?P<nombre>[\d \u00a0\u202f]*\d|[^\W\d_]+)[ \u00a0\u202f]*"
    r"(?P<unite>jours?|semaines?|mois|ans?|ann[ée]es?)"
    r"(?:[ \u00a0\u202f]+(?P<lien>après|apres|à compter|a compter|à partir|a partir|suivant|dès|des|depuis)"
    r"[ \u00a0\u202f]+(?P<evenement>.+))?",
    re.IGNORECASE,
)
_JUSQUE = re.compile(r"jusqu['’](?P<article>au|aux|à|a)[ \u00a0\u202f]+(?P<evenement>.+)", re.IGNORECASE)
_SUITE = re.compile(r"\bpuis\b|[;,\n]", re.IGNORECASE)  # le délai se prolonge : il en dit davantage
_DU, _DES, _DE = re.compile(r"du ", re.I), re.compile(r"des ", re.I), re.compile(r"de |d['’]", re.I)


def lire_duree(texte: str) -> Duree | None:
    """La durée que dit un texte libre ; None s’il en dit autre chose, ou davantage."""
    propre = texte.strip().rstrip(".").strip()
    if len(propre) > LONGUEUR_MAXIMALE:
        return None
    plat = normaliser(propre)
    if plat in SANS_LIMITE:
        return Duree(unite=PERMANENTE)
    if plat in IMMEDIAT:
        return Duree(0, "jour")
    if jusque := _JUSQUE.fullmatch(propre):
        article = {"au": "le ", "aux": "les "}.get(jusque["article"].lower(), "")
        return Duree(0, "jour", article + jusque["evenement"])
    return _mesure(propre) or _iso(propre)


def _mesure(texte: str) -> Duree | None:
    trouve = _MESURE.fullmatch(texte)
    nombre = _nombre(trouve["nombre"]) if trouve else None
    if trouve is None or nombre is None or _SUITE.search(trouve["evenement"] or ""):
        return None
    unite = UNITES[normaliser(trouve["unite"]).rstrip("s")]
    evenement = _evenement(trouve["lien"] or "", trouve["evenement"] or "")
    return Duree(nombre * 7, "jour", evenement) if unite == "semaine" else Duree(nombre, unite, evenement)


def _nombre(texte: str) -> int | None:
    mot = normaliser(texte).replace(" ", "")
    if mot.isdecimal():
        return int(mot) if len(mot) <= 4 else None
    return NOMBRES.index(mot) if mot in NOMBRES else 1 if mot == "une" else None


def _evenement(lien: str, texte: str) -> str:
    """« à compter du départ » parle du « départ » : l’événement suit toujours « après »."""
    if normaliser(lien) not in ("a compter", "a partir"):
        return texte
    if _DU.match(texte):
        return f"le {texte[3:]}"
    if _DES.match(texte):
        return f"les {texte[4:]}"
    return _DE.sub("", texte, count=1) if _DE.match(texte) else texte


def _iso(texte: str) -> Duree | None:
    try:
        return lire_duree_iso(texte)
    except ValueError:
        return None
