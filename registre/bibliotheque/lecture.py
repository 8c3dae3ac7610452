"""Lire la bibliothèque de modèles livrée avec l’application, et la refuser en bloc si elle est fausse.

Source : ``registre/donnees/modeles-traitements.yaml``, 71 modèles de départ établis avec leurs sources
et leur statut de preuve. Un modèle est un brouillon à instancier, jamais une fiche validée.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from registre.bibliotheque import controles, schema, traduction
from registre.regles.contenu import en_dict

FICHIER = Path(__file__).parent.parent / "donnees" / "modeles-traitements.yaml"
_MAXIMUM_MONTRE = 20  # écarts ; au-delà, le reste suivra à la relecture


class BibliothequeInvalide(ValueError):
    """La bibliothèque est refusée ; ``ecarts`` : suite de (chemin de l’élément, phrase)."""

    def __init__(self, ecarts: controles.Ecarts):
        self.ecarts = ecarts
        montres = ecarts[:_MAXIMUM_MONTRE]
        lignes = [traduction.typographier(f"{chemin} : {phrase}") for chemin, phrase in montres]
        if len(ecarts) > _MAXIMUM_MONTRE:
            lignes.append(f"et {len(ecarts) - _MAXIMUM_MONTRE} autres écarts.")
        super().__init__("\n".join(lignes))


@dataclass(frozen=True, slots=True)
class ModeleLu:
    """Un modèle prêt à enregistrer ; mêmes champs que ``ModeleTraitement`` et ``VersionModele``."""

    code: str
    domaine: str
    entites: str
    nom: str
    contenu: dict[str, Any]
    durees: list[dict[str, Any]]
    sources: dict[str, Any]
    vigilance: list[str]


@dataclass(frozen=True, slots=True)
class Bibliotheque:
    """``version`` : date d’édition, AAAA-MM-JJ."""

    version: str
    modeles: tuple[ModeleLu, ...]


class _ChargeurStrict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML sans objet arbitraire, et sans rubrique écrite deux fois : la seconde effacerait la première."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        vues = set()
        for cle, _ in node.value:
            nom = self.construct_object(cle, deep=True)
            if not isinstance(nom, Hashable):
                continue  # la classe mère le refusera
            if nom in vues:
                raise yaml.constructor.ConstructorError(
                    None, None, f"la rubrique « {nom} » est écrite deux fois", cle.start_mark
                )
            vues.add(nom)
        return super().construct_mapping(node, deep)


def lire_bibliotheque(octets: bytes) -> Bibliotheque:
    """La bibliothèque décrite par un fichier YAML en UTF-8.

    :raises BibliothequeInvalide: avec tous les écarts, chacun à son chemin ; rien n’est rendu à moitié.
    """
    donnees = _charger(octets)
    _verifier(donnees)
    donnees = traduction.typographier(donnees)
    sources = {s["id"]: traduction.source(s) for s in donnees["sources"]}
    commun = {
        "defauts": donnees.get("valeurs_par_defaut", {}),
        "avertissement": donnees.get("avertissement", []),
        "lacunes": _lacunes_par_modele(donnees.get("lacunes", {})),
    }
    return Bibliotheque(
        version=donnees["version"],
        modeles=tuple(_modele(m, sources, commun) for m in donnees["traitements"]),
    )


def _charger(octets: bytes) -> Any:
    try:
        return _lire_yaml(octets.decode("utf-8"))
    except UnicodeDecodeError as erreur:
        raise BibliothequeInvalide([(f"octet {erreur.start}", "le fichier n’est pas en UTF-8.")]) from erreur
    except yaml.YAMLError as erreur:
        repere = getattr(erreur, "problem_mark", None)
        ou = f"ligne {repere.line + 1}, colonne {repere.column + 1}" if repere else "fichier"
        cause = getattr(erreur, "problem", None) or str(erreur)
        raise BibliothequeInvalide([(ou, f"YAML illisible ({cause}).")]) from erreur


def _lire_yaml(texte: str) -> Any:
    chargeur = _ChargeurStrict(texte)
    try:
        return chargeur.get_single_data()
    finally:
        chargeur.dispose()


def _verifier(donnees: Any) -> None:
    if not isinstance(donnees, dict):
        raise BibliothequeInvalide([("fichier", "un ensemble de rubriques est attendu.")])
    ecarts: controles.Ecarts = []
    schema.version(donnees.get("version"), "version", ecarts)
    sources, modeles = donnees.get("sources"), donnees.get("traitements")
    controles.liste(schema.SOURCE)(sources, "sources", ecarts)
    declarees = controles.identifiants(sources)
    controles.liste(schema.modele(declarees), au_moins_un=True)(modeles, "traitements", ecarts)
    controles.doublons(sources, "sources", ecarts)
    controles.doublons(modeles, "traitements", ecarts)
    for rubrique, regle in schema.COMMUNES.items():
        if rubrique in donnees:
            regle(donnees[rubrique], rubrique, ecarts)
    if not ecarts:
        _verifier_l_ensemble(donnees, ecarts)
    if ecarts:
        raise BibliothequeInvalide(ecarts)


def _verifier_l_ensemble(donnees: dict[str, Any], ecarts: controles.Ecarts) -> None:
    """Ce qui ne se contrôle que sur un fichier bien formé : contradictions et renvois."""
    for modele in donnees["traitements"]:
        schema.coherence(modele, f"traitements > « {modele['id']} »", ecarts)
    objets = [f"{m['id']} : {d['objet']}" for m in donnees["traitements"] for d in m["durees"]]
    for nature, lignes in donnees.get("lacunes", {}).items():
        controles.liste(controles.parmi(objets, "objet inconnu"))(lignes, f"lacunes > {nature}", ecarts)


def _lacunes_par_modele(lacunes: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    rangees: dict[str, dict[str, list[str]]] = {}
    for nature, lignes in lacunes.items():
        for ligne in lignes:
            code, _, objet = ligne.partition(f"{traduction.INSECABLE}: ")
            rangees.setdefault(code, {nature: [] for nature in schema.LACUNES})[nature].append(objet)
    return rangees


def _modele(modele: dict[str, Any], sources: dict[str, dict[str, Any]], commun: dict[str, Any]) -> ModeleLu:
    return ModeleLu(
        code=modele["id"],
        domaine=modele["domaine"],
        entites=f"|{'|'.join(modele['entites'])}|",
        nom=modele["nom"],
        contenu=en_dict(traduction.fiche(modele)),
        durees=traduction.durees(modele, sources),
        sources=traduction.preuves(modele, sources, commun),
        vigilance=modele.get("vigilance") or [],
    )
