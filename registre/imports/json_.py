"""Relire notre JSON : chaque enregistrement porte le contenu entier de sa fiche."""

import json
from typing import Any

from dpd.documents.lecteur import TAILLE_MAXIMALE, FichierIllisible
from dpd.documents.surete import sans_controle
from registre.imports.modele import FicheLue, Lecture
from registre.regles.contenu import depuis_dict


def lire_json(contenu: bytes, lecture: Lecture) -> None:
    """Ajoute à ``lecture`` une fiche par enregistrement. :raises FichierIllisible: si ce n’en est pas un."""
    donnees = _analyser(contenu)
    document = donnees.get("document", {}) if isinstance(donnees, dict) else {}
    if isinstance(document, dict):
        lecture.siren, lecture.nature = str(document.get("siren", "")), str(document.get("nature", ""))
    for rang, enregistrement in enumerate(_enregistrements(donnees), 1):
        _lire_un(f"enregistrement {rang}", enregistrement, lecture)


def _analyser(contenu: bytes) -> Any:
    if len(contenu) > TAILLE_MAXIMALE:
        raise FichierIllisible(
            f"Ce fichier est trop gros\u00a0: {TAILLE_MAXIMALE // 1_000_000}\u00a0Mo au plus."
        )
    if not contenu.strip():
        raise FichierIllisible("Ce fichier est vide.")
    try:
        return json.loads(contenu.decode("utf-8-sig"))
    # Un JSON trop imbriqué épuise la pile ; un nombre démesuré ou un octet étranger sont des ValueError.
    except (ValueError, RecursionError) as erreur:
        raise FichierIllisible("Ce fichier n’est pas un JSON lisible. Exportez-le à nouveau.") from erreur


def _enregistrements(donnees: Any) -> list[Any]:
    lignes = donnees.get("enregistrements") if isinstance(donnees, dict) else donnees
    if not isinstance(lignes, list):
        raise FichierIllisible(
            "Ce JSON n’est pas un registre\u00a0: la liste «\u00a0enregistrements\u00a0» y manque."
        )
    return lignes


def _lire_un(lieu: str, enregistrement: Any, lecture: Lecture) -> None:
    contenu = enregistrement.get("contenu", enregistrement) if isinstance(enregistrement, dict) else None
    if not isinstance(contenu, dict):
        lecture.erreur(lieu, "Le contenu de la fiche manque.")
        return
    try:
        fiche = depuis_dict(_epurer(contenu))
    except (ValueError, RecursionError) as erreur:
        lecture.erreur(lieu, f"Contenu illisible\u00a0: {erreur}")
        return
    lecture.fiches.append(FicheLue(lieu, fiche))


def _epurer(valeur: Any) -> Any:
    """Sans les caractères qu’aucune base ni aucun fichier n’accepte."""
    if isinstance(valeur, str):
        return sans_controle(valeur)
    if isinstance(valeur, list):
        return [_epurer(element) for element in valeur]
    if isinstance(valeur, dict):
        return {sans_controle(str(cle)): _epurer(element) for cle, element in valeur.items()}
    return valeur
