"""Du code INSEE d’une commune au territoire dont elle suit le calendrier et l’heure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from dpd.regles.calendrier import Territoire

_FORME = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)

# Code officiel géographique (INSEE), départements et collectivités d’outre-mer.
PREFIXES: Mapping[str, Territoire] = MappingProxyType(
    {
        "57": Territoire.ALSACE_MOSELLE,
        "67": Territoire.ALSACE_MOSELLE,
        "68": Territoire.ALSACE_MOSELLE,
        "971": Territoire.GUADELOUPE,
        "972": Territoire.MARTINIQUE,
        "973": Territoire.GUYANE,
        "974": Territoire.REUNION,
        "975": Territoire.SAINT_PIERRE_ET_MIQUELON,
        "976": Territoire.MAYOTTE,
        "977": Territoire.SAINT_BARTHELEMY,
        "978": Territoire.SAINT_MARTIN,
        "986": Territoire.WALLIS_ET_FUTUNA,
        "987": Territoire.POLYNESIE,
        "988": Territoire.NOUVELLE_CALEDONIE,
    }
)


def territoire_de(code_insee: str) -> Territoire:
    """Territoire d’une commune d’après son code INSEE à cinq caractères (« 82131 », « 2A004 »).

    Tout le reste suit le calendrier national, y compris les terres australes (984) et Clipperton
    (989), qui n’ont pas d’habitants. ValueError si le code n’a pas la forme attendue ou désigne
    l’étranger (99).
    """
    code = code_insee.strip().upper()
    if not _FORME.fullmatch(code) or code[:2] in ("00", "96", "99"):
        raise ValueError(f"Code INSEE de commune inconnu : « {code_insee} ».")
    return PREFIXES.get(code[:3]) or PREFIXES.get(code[:2]) or Territoire.METROPOLE
