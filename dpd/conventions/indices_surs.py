"""Les valeurs d’indice livrées avec l’application : celles dont la source est sûre, et elles seules."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from dpd.conventions.regles.indices import IndicePublie

_FICHIER = Path(__file__).resolve().parent / "donnees" / "syntec.yaml"


@cache
def valeurs_sures() -> tuple[IndicePublie, ...]:
    """Les valeurs du fichier, chacune avec sa source ; la date de publication manque quand on l’ignore."""
    lues = yaml.safe_load(_FICHIER.read_text("utf-8"))
    return tuple(
        IndicePublie(
            serie=v["serie"],
            annee=v["annee"],
            mois=v["mois"],
            valeur=Decimal(v["valeur"]),
            publie_le=v["publie_le"],
            source=" ; ".join(t for t in (v["source"], v.get("note", "")) if t),
        )
        for v in lues["valeurs"]
    )
