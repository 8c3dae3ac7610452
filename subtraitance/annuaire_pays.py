"""Où sont hébergées des données : les pays de l’Espace économique européen, puis les autres.

``dpd.vocabulaire.Pays`` ne porte que les pays tiers (RGPD art. 44 à 49) ; un hébergement se dit de tous.
"""

from collections.abc import Mapping
from types import MappingProxyType

from dpd.vocabulaire import Pays

# Union européenne, Islande, Liechtenstein, Norvège : codes ISO 3166-1.
EUROPE: Mapping[str, str] = MappingProxyType(
    {
        "FR": "France",
        "DE": "Allemagne",
        "AT": "Autriche",
        "BE": "Belgique",
        "BG": "Bulgarie",
        "CY": "Chypre",
        "HR": "Croatie",
        "DK": "Danemark",
        "ES": "Espagne",
        "EE": "Estonie",
        "FI": "Finlande",
        "GR": "Grèce",
        "HU": "Hongrie",
        "IE": "Irlande",
        "IS": "Islande",
        "IT": "Italie",
        "LV": "Lettonie",
        "LI": "Liechtenstein",
        "LT": "Lituanie",
        "LU": "Luxembourg",
        "MT": "Malte",
        "NO": "Norvège",
        "NL": "Pays-Bas",
        "PL": "Pologne",
        "PT": "Portugal",
        "RO": "Roumanie",
        "SK": "Slovaquie",
        "SI": "Slovénie",
        "SE": "Suède",
        "CZ": "Tchéquie",
    }
)
NOMS: Mapping[str, str] = MappingProxyType({**EUROPE, **dict(Pays.choices)})
CHOIX = [
    ("", "Je ne sais pas"),
    ("Espace économique européen", list(EUROPE.items())),
    ("Ailleurs", list(Pays.choices)),
]


def hors_europe(code: str) -> bool:
    """Vrai d’un pays tiers : y héberger des données est un transfert, à encadrer (RGPD art. 44)."""
    return bool(code) and code not in EUROPE


def lieu_dit(lieu: str, code: str) -> str:
    """« Roubaix, France », « France », ou vide si l’on n’en sait rien."""
    pays = NOMS.get(code, code)
    if lieu and pays and pays.casefold() in lieu.casefold():
        return lieu
    return ", ".join(t for t in (lieu, pays) if t)
