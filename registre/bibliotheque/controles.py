"""Des règles de forme qui se combinent : chaque écart porte son chemin dans le fichier et une phrase.

Une règle reçoit une valeur, son chemin et la liste des écarts à compléter ; elle ne lève rien, pour que
tout le fichier soit lu et que son auteur corrige en une fois.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Ecarts = list[tuple[str, str]]
Regle = Callable[[Any, str, Ecarts], None]

_IDENTIFIANT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def texte(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
    if not isinstance(valeur, str) or not valeur.strip():
        ecarts.append((chemin, "un texte est attendu."))


def texte_court(maximum: int) -> Regle:
    def regle(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
        texte(valeur, chemin, ecarts)
        if isinstance(valeur, str) and len(valeur) > maximum:
            ecarts.append((chemin, f"{len(valeur)} signes, {maximum} au plus."))

    return regle


def identifiant(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
    if not isinstance(valeur, str) or not _IDENTIFIANT.fullmatch(valeur) or len(valeur) > 80:
        ecarts.append(
            (chemin, "un identifiant est attendu : minuscules, chiffres et tirets, 80 signes au plus.")
        )


def indifferent(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
    """Une rubrique connue, dont l’application n’a pas l’usage."""


def parmi(permis: Iterable[str], quoi: str) -> Regle:
    """``quoi`` nomme l’écart : « catégorie de données inconnue »."""
    valeurs = frozenset(permis)

    def regle(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
        if not isinstance(valeur, str) or valeur not in valeurs:
            ecarts.append((chemin, f"{quoi} : « {valeur} »."))

    return regle


def ou_rien(regle: Regle) -> Regle:
    """``null`` veut dire « non établi », et se garde."""

    def facultative(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
        if valeur is not None:
            regle(valeur, chemin, ecarts)

    return facultative


def liste(regle: Regle, *, au_moins_un: bool = False) -> Regle:
    attendu = "une liste non vide est attendue." if au_moins_un else "une liste est attendue."

    def regle_de_liste(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
        if not isinstance(valeur, list) or (au_moins_un and not valeur):
            ecarts.append((chemin, attendu))
            return
        for rang, element in enumerate(valeur, 1):
            regle(element, f"{chemin} > {_nom(element) or rang}", ecarts)

    return regle_de_liste


def rubriques(requises: Mapping[str, Regle], facultatives: Mapping[str, Regle] | None = None) -> Regle:
    """Un ensemble de rubriques nommées ; une rubrique inconnue est sans doute une faute de frappe."""
    toutes = {**requises, **(facultatives or {})}

    def regle(valeur: Any, chemin: str, ecarts: Ecarts) -> None:
        if not isinstance(valeur, dict):
            ecarts.append((chemin, "un ensemble de rubriques est attendu."))
            return
        ecarts.extend((f"{chemin} > {cle}", "rubrique manquante.") for cle in requises if cle not in valeur)
        for cle, contenu in valeur.items():
            if cle in toutes:
                toutes[cle](contenu, f"{chemin} > {cle}", ecarts)
            else:
                ecarts.append((f"{chemin} > {cle}", "rubrique inconnue."))

    return regle


def identifiants(elements: Any) -> list[str]:
    """Les identifiants lisibles d’une liste, même mal formée."""
    candidats = elements if isinstance(elements, list) else []
    return [e["id"] for e in candidats if isinstance(e, dict) and isinstance(e.get("id"), str)]


def doublons(elements: Any, chemin: str, ecarts: Ecarts) -> None:
    """Un identifiant ne sert qu’une fois."""
    ecarts.extend(
        (f"{chemin} > « {ident} »", f"identifiant employé {nb} fois, il doit être unique.")
        for ident, nb in Counter(identifiants(elements)).items()
        if nb > 1
    )


def _nom(element: Any) -> str:
    if not isinstance(element, dict):
        return ""
    trouve = element.get("id") or element.get("objet") or element.get("libelle") or element.get("ref")
    return f"« {trouve} »" if isinstance(trouve, str) else ""
