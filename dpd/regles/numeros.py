"""Reconnaître un numéro à sa seule forme : clés de contrôle et plages publiques.

Chaque fonction reçoit le numéro serré, en chiffres et capitales, sans espace.
"""

import re

# Sexe (3, 4, 7, 8 : numéros provisoires), année, mois (20-42, 50-99 : acte incomplet), lieu, ordre.
# Lieu : 01-95, 2A, 2B, 96 (anciens protectorats), 97-98 (outre-mer), 99 (étranger). INSEE, RNIPP.
_NIR = re.compile(
    r"[1-478]\d\d(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)"
    r"(?:0[1-9]|[1-9]\d|2[AB])(?!000)\d{3}(?!000)\d{3}(?:\d\d)?",
    re.ASCII,
)

# Réseaux de cartes (ISO/IEC 7812, plages publiques) : premier et dernier préfixe, longueurs.
_RESEAUX: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),  # Mastercard
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14,)),  # Diners Club
    ("3095", "3095", (14,)),
    ("36", "36", (14,)),
    ("38", "39", (14,)),
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("6011", "6011", (16, 19)),  # Discover
    ("644", "659", (16, 19)),
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    ("50", "50", (13, 14, 15, 16, 17, 18, 19)),  # Maestro
    ("56", "58", (13, 14, 15, 16, 17, 18, 19)),
    ("60", "69", (13, 14, 15, 16, 17, 18, 19)),
)

_LA_POSTE, _SIEGE_DE_LA_POSTE = "356000000", "35600000000048"


def cle_luhn(chiffres: str) -> bool:
    """Vrai si la somme de Luhn est un multiple de dix (ISO/IEC 7812-1, annexe B)."""
    somme = sum(
        int(c) if rang % 2 == 0 else sum(divmod(2 * int(c), 10)) for rang, c in enumerate(chiffres[::-1])
    )
    return somme % 10 == 0


def est_siren(numero: str) -> bool:
    """Neuf chiffres, clé de Luhn (INSEE, répertoire Sirene)."""
    return _que_des_chiffres(numero, 9) and cle_luhn(numero)


def est_siret(numero: str) -> bool:
    """Quatorze chiffres : un SIREN, un établissement, clé de Luhn.

    Exception de La Poste : hors le siège, la somme des chiffres est un multiple de cinq (INSEE).
    """
    if not (_que_des_chiffres(numero, 14) and est_siren(numero[:9])):
        return False
    if numero.startswith(_LA_POSTE) and numero != _SIEGE_DE_LA_POSTE:
        return sum(map(int, numero)) % 5 == 0
    return cle_luhn(numero)


def est_iban(numero: str) -> bool:
    """Pays, clé et compte, reste 1 modulo 97 (ISO 13616)."""
    if not re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", numero, re.ASCII):
        return False
    return int("".join(str(int(c, 36)) for c in numero[4:] + numero[:4])) % 97 == 1


def est_nir(numero: str) -> bool:
    """Treize signes plausibles, ou quinze dont la clé est juste (97 moins le reste modulo 97)."""
    if not _NIR.fullmatch(numero):
        return False
    if len(numero) == 13:
        return True
    corps = int(numero[:13].replace("2A", "19").replace("2B", "18"))
    return 97 - corps % 97 == int(numero[13:])


def est_carte(numero: str) -> bool:
    """De 13 à 19 chiffres, préfixe et longueur d’un réseau connu, clé de Luhn."""
    longueur = len(numero)
    connu = any(
        bas <= numero[: len(bas)] <= haut and longueur in longueurs for bas, haut, longueurs in _RESEAUX
    )
    return connu and _que_des_chiffres(numero, longueur) and cle_luhn(numero)


def _que_des_chiffres(numero: str, longueur: int) -> bool:
    return len(numero) == longueur and numero.isascii() and numero.isdigit()
