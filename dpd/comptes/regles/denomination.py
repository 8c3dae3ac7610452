"""Comment s’appelle une collectivité, d’après son nom au référentiel.

La dénomination est celle qu’on écrit sur un document remis à la CNIL ; le nom court est celui d’une
liste. Noms sources : Code officiel géographique (INSEE), liste des EPCI à fiscalité propre (DGCL).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from dpd.comptes.enums import TypeCollectivite
from dpd.regles.texte import normaliser
from dpd.regles.typographie import INSECABLE, de

# CGCT art. L.5214-1, L.5215-1, L.5216-1 ; une métropole porte sa nature dans son nom.
NATURES_EPCI: Mapping[str, str] = MappingProxyType(
    {
        "CC": "Communauté de communes",
        "CA": "Communauté d’agglomération",
        "CU": "Communauté urbaine",
    }
)
# Code de l’action sociale et des familles art. L.123-4 ; code de l’éducation art. L.212-10.
LIEES: Mapping[object, tuple[str, str]] = MappingProxyType(
    {
        TypeCollectivite.CCAS: ("Centre communal d’action sociale", "CCAS"),
        TypeCollectivite.CAISSE_ECOLES: ("Caisse des écoles", "Caisse des écoles"),
    }
)
_ARTICLE = re.compile(r"^(?:de la |de l’|du |des |de |d’)")
_ABREGES: Mapping[str, str] = MappingProxyType({"st": "saint", "ste": "sainte", "sts": "saints"})


def nom_affiche(nom: str) -> str:
    """Le nom de la source avec l’apostrophe et les guillemets qu’on imprime."""
    sans_doubles = nom.replace("''", '"').replace("'", "’")
    return re.sub(r'\s*"([^"]+)"', rf" «{INSECABLE}\1{INSECABLE}»", sans_doubles).strip()


def cle_de_recherche(nom: str) -> str:
    """La clé sous laquelle un nom se cherche : sans accents, « St » et « Ste » en toutes lettres."""
    return " ".join(_ABREGES.get(mot, mot) for mot in normaliser(nom).split())


def denomination_commune(nom: str) -> str:
    """« Commune de Montpezat-de-Quercy », « Commune d’Auvillar », « Commune du Fau »."""
    return f"Commune {de(nom)}"


def denomination_liee(type_: str, nom_commune: str) -> tuple[str, str]:
    """(dénomination, nom court) d’un établissement rattaché à une commune.

    ValueError si ce type d’organisme ne se rattache pas à une commune.
    """
    if type_ not in LIEES:
        raise ValueError(f"« {type_} » ne se rattache pas à une commune.")
    longue, courte = LIEES[type_]
    return f"{longue} {de(nom_commune)}", f"{courte} {de(nom_commune)}"


def denomination_epci(nature: str, nom: str) -> tuple[str, str]:
    """(dénomination, nom court) d’une intercommunalité.

    « CC du Quercy Caussadais » devient « Communauté de communes du Quercy Caussadais » et « Quercy
    Caussadais » ; une métropole garde son nom.
    """
    affiche = nom_affiche(nom)
    if nature not in NATURES_EPCI or not affiche.startswith(f"{nature} "):
        return affiche, affiche
    propre = affiche.removeprefix(f"{nature} ").strip()
    return f"{NATURES_EPCI[nature]} {propre}", _ARTICLE.sub("", propre)
