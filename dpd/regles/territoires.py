"""Du code INSEE d’une commune au territoire dont elle suit le calendrier et l’heure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from dpd.regles.calendrier import Territoire

_FORME = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)

# Code officiel géographique (INSEE), départements et collectivités d’outre-mer.
PREFIXES: Mapping[str, Territoire] = MappingProxyType(
    {
        # Aucun référentiel ne dit quelles communes ont un temple : la plupart n’en ont pas, et un jour de
        # moins à compter n’a jamais mis personne en retard. La fiche de la collectivité le corrige.
        "57": Territoire.ALSACE_MOSELLE_SANS_TEMPLE,
        "67": Territoire.ALSACE_MOSELLE_SANS_TEMPLE,
        "68": Territoire.ALSACE_MOSELLE_SANS_TEMPLE,
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


def territoires_possibles(code_insee: str) -> frozenset[Territoire]:
    """Ceux qu’une commune peut se donner : le sien, et en Alsace-Moselle celui du Vendredi saint férié.

    ValueError comme :func:`territoire_de`.
    """
    sien = territoire_de(code_insee)
    if sien == Territoire.ALSACE_MOSELLE_SANS_TEMPLE:
        return frozenset({sien, Territoire.ALSACE_MOSELLE})
    return frozenset({sien})


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
