"""Lire un texte libre : le chercher sans accents, y refuser un numéro qui n’a rien à y faire.

Le registre décrit des catégories de données, jamais celles d’une personne. Un numéro de sécurité
sociale (loi du 6 janvier 1978, art. 30) ou de carte bancaire saisi dans un champ libre est refusé ;
un SIREN, un SIRET ou un IBAN n’est pris ni pour l’un ni pour l’autre.
"""

import re
import unicodedata
from collections.abc import Iterator

from dpd.regles.numeros import est_carte, est_iban, est_nir, est_siren, est_siret

_FIN_DU_LATIN = 0x2100  # au-delà : idéogrammes, symboles, trop nombreux pour être gardés
_LIGATURES = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"}
_SIGNES = r"[ \t.\-\u00a0\u2009\u202f]"  # ce qu’on met entre deux groupes d’un même numéro
_ESPACE = _SIGNES + "{0,2}"
_DEBUT, _FIN = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"

_GROUPES = re.compile(rf"{_DEBUT}\d+(?:{_SIGNES}{{1,2}}\d+)*{_FIN}", re.ASCII)
_IBAN = re.compile(rf"{_DEBUT}[A-Z]{{2}}\d\d(?:{_ESPACE}[A-Z0-9]){{11,30}}", re.ASCII | re.IGNORECASE)
_SIRENE = re.compile(
    rf"{_DEBUT}\d{{3}}{_ESPACE}\d{{3}}{_ESPACE}\d{{3}}(?:{_ESPACE}\d{{5}})?{_FIN}",
    re.ASCII,
)
# Sexe, année, mois, département et commune (deux découpes outre-mer), ordre, clé facultative.
_NIR = re.compile(
    rf"(?={_DEBUT}(\d{_ESPACE}\d\d{_ESPACE}\d\d{_ESPACE}"
    rf"(?:(?:\d\d|2[AB]){_ESPACE}\d{{3}}|\d{{3}}{_ESPACE}\d\d){_ESPACE}\d{{3}}(?:{_ESPACE}\d\d)?){_FIN})",
    re.ASCII | re.IGNORECASE,
)
LONGUEUR_SANS_CLE = 13  # un NIR, avant les deux chiffres de sa clé
_DISPOSITIONS_DE_CARTE = ((4, 6, 5), (4, 6, 4))  # American Express, Diners

MESSAGE_NIR = (
    "Ce texte contient un numéro de sécurité sociale. Retirez-le : le registre décrit des catégories "
    "de données, jamais celles d’une personne."
)
MESSAGE_CARTE = (
    "Ce texte contient un numéro de carte bancaire. Retirez-le : le registre décrit des catégories "
    "de données, jamais celles d’une personne."
)


def normaliser(texte: str) -> str:
    """Le texte en minuscules sans accents ni ponctuation, mots séparés d’une espace.

    Deux textes se ressemblent pour la recherche s’ils se normalisent pareil : « L’Œuvre  sociale »
    et « l oeuvre sociale ». Idempotente.
    """
    plat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", texte).casefold())
    return " ".join(plat.translate(_A_PLAT).split())


class _Plat(dict[int, str]):
    """Ce que devient chaque caractère ; rempli au premier besoin, l’alphabet latin seul est gardé."""

    def __missing__(self, code: int) -> str:
        caractere = chr(code)
        if unicodedata.combining(caractere):
            plat = ""
        else:
            plat = _LIGATURES.get(caractere, caractere if caractere.isalnum() else " ")
        if code < _FIN_DU_LATIN:
            self[code] = plat
        return plat


_A_PLAT = _Plat()


def contient_nir(texte: str) -> bool:
    """Vrai si le texte porte un numéro de sécurité sociale : treize signes plausibles, clé comprise ou non.

    Espaces, points et tirets admis aux coupures d’usage ; Corse 2A et 2B comprises. Une clé fausse
    n’innocente pas : après une faute de frappe, le numéro se reconnaît encore. Coupés ailleurs, quinze
    chiffres peuvent être deux dates ou trois codes de commune : seule une clé juste convainc alors.
    """
    reste = _sans_numeros_permis(texte)
    if any(_est_nir_a_la_cle_pres(trouve[1]) for trouve in _NIR.finditer(reste)):
        return True
    suites = (_serrer(suite[0]) for suite in _GROUPES.finditer(reste))
    return any(len(suite) == 15 and est_nir(suite) for suite in suites)


def _est_nir_a_la_cle_pres(ecrit: str) -> bool:
    """Le numéro est plausible, sans être trois codes de cinq chiffres ni une carte, que sa clé désigne."""
    numero = _serrer(ecrit)
    trois_codes = tuple(map(len, re.findall(r"\w+", ecrit))) == (5, 5, 5)
    return est_nir(numero[:LONGUEUR_SANS_CLE]) and not trois_codes and not est_carte(numero)


def contient_carte_bancaire(texte: str) -> bool:
    """Vrai si le texte porte un numéro de carte de paiement (13 à 19 chiffres, réseau connu, Luhn)."""
    return any(est_carte(numero) for numero in _numeros_groupes(_sans_numeros_permis(texte)))


def donnee_interdite(texte: str) -> str | None:
    """La phrase à afficher si le texte porte un numéro interdit dans un champ libre, sinon None."""
    if contient_nir(texte):
        return MESSAGE_NIR
    if contient_carte_bancaire(texte):
        return MESSAGE_CARTE
    return None


def _sans_numeros_permis(texte: str) -> str:
    return _SIRENE.sub(_effacer_sirene, _IBAN.sub(_effacer_iban, texte))


def _effacer_sirene(trouve: re.Match[str]) -> str:
    numero = _serrer(trouve[0])
    return "#" if est_siret(numero) or est_siren(numero) else trouve[0]


def _effacer_iban(trouve: re.Match[str]) -> str:
    """Efface l’IBAN sans le mot qui le suit, que rien ne distingue de sa fin sinon la clé."""
    suite = trouve[0]
    fins = [m.end() for m in re.finditer(r"[A-Z0-9]+", suite, re.ASCII | re.IGNORECASE)]
    fin = next((fin for fin in reversed(fins) if est_iban(_serrer(suite[:fin]))), 0)
    return "#" + suite[fin:] if fin else suite


def _numeros_groupes(texte: str) -> Iterator[str]:
    """Les suites de chiffres disposées comme sur une carte : d’un bloc, par quatre, 4-6-5 ou 4-6-4."""
    for suite in _GROUPES.finditer(texte):
        blocs = re.findall(r"\d+", suite[0], re.ASCII)
        for debut in range(len(blocs)):
            for fin in range(debut + 1, min(debut + 5, len(blocs)) + 1):
                tranche = blocs[debut:fin]
                if _est_disposition_de_carte(tuple(len(bloc) for bloc in tranche)):
                    yield "".join(tranche)


def _est_disposition_de_carte(longueurs: tuple[int, ...]) -> bool:
    par_quatre = set(longueurs[:-1]) == {4} and longueurs[-1] <= 4
    return len(longueurs) == 1 or par_quatre or longueurs in _DISPOSITIONS_DE_CARTE


def _serrer(texte: str) -> str:
    return "".join(c for c in texte if c.isalnum()).upper()
