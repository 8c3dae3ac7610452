"""Refuse une couverture insuffisante, en nommant les fichiers et les lignes.

Usage : ``python outils/couverture.py couverture.json`` (le rapport de ``coverage json``, branches
comprises). Les règles de droit et les gestes sont couverts en entier ; le tout, lignes et branches, à 90 %.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

EN_ENTIER = re.compile(r"(^|/)(regles/.+|actions/.+|actions(_\w+)?)\.py$")
SEUIL_TOTAL = 90.0


def exige_en_entier(chemin: str) -> bool:
    """Vrai pour ``*/regles/*.py``, ``actions.py``, ``actions_*.py`` et ``actions/*.py``."""
    return EN_ENTIER.search(chemin.replace("\\", "/")) is not None


def manques(fichier: dict[str, Any]) -> str:
    """Les lignes et les branches jamais passées, en clair."""
    lignes = [str(ligne) for ligne in fichier["missing_lines"]]
    branches = [
        f"{depart}→{'sortie' if cible < 0 else cible}" for depart, cible in fichier["missing_branches"]
    ]
    return ", ".join(
        f"{nom} {' '.join(valeurs)}"
        for nom, valeurs in (("lignes", lignes), ("branches", branches))
        if valeurs
    )


def taux_du_total(rapport: dict[str, Any]) -> dict[str, float]:
    totaux = rapport["totals"]
    return {"lignes": totaux["percent_statements_covered"], "branches": totaux["percent_branches_covered"]}


def fautes(rapport: dict[str, Any]) -> list[str]:
    """Une phrase par exigence non tenue ; vide si tout va bien.

    :raises ValueError: si le rapport ne mesure pas les branches ou ne contient aucun fichier.
    """
    if not rapport["meta"]["branch_coverage"]:
        raise ValueError("Le rapport ne mesure pas les branches : lancez coverage avec --branch.")
    fichiers = rapport["files"]
    if not any(map(exige_en_entier, fichiers)):
        raise ValueError(
            "Le rapport ne contient ni règles ni actions : ce n’est pas celui de toute la suite."
        )
    trouvees = [
        f"{chemin} : {manques(fichier)}"
        for chemin, fichier in sorted(fichiers.items())
        if exige_en_entier(chemin) and (fichier["missing_lines"] or fichier["missing_branches"])
    ]
    for mesure, taux in taux_du_total(rapport).items():
        if taux < SEUIL_TOTAL:
            trouvees.append(f"total : {taux:.2f} % des {mesure}, il en faut {SEUIL_TOTAL:.0f} %")
    return trouvees


def principal(chemin: Path) -> int:
    rapport = json.loads(chemin.read_text("utf-8"))
    trouvees = fautes(rapport)
    for faute in trouvees:
        print(f"Couverture insuffisante — {faute}", file=sys.stderr)
    if not trouvees:
        totaux = ", ".join(f"{taux:.1f} % des {mesure}" for mesure, taux in taux_du_total(rapport).items())
        print(f"Couverture : règles et actions en entier ; au total, {totaux}.")
    return 1 if trouvees else 0


if __name__ == "__main__":
    sys.exit(principal(Path(sys.argv[1])))
