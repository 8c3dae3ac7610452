"""Relire un tableau d’une ligne par fiche : notre classeur XLSX ou CSV, ou celui qu’on tenait avant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dpd.documents.lecteur import Classeur, FeuilleLue
from dpd.regles.texte import normaliser
from registre.exports.champs import PAR_CLE, RUBRIQUES, SIMPLES, Rubrique
from registre.exports.communicable import MESURES_RETIREES
from registre.exports.feuilles import NUMERO
from registre.exports.resumes import RESUMES, resumer
from registre.imports.codes import lire_champ
from registre.imports.colonnes import trouver_l_entete
from registre.imports.exact import cellule, lire_ligne, reperer
from registre.imports.modele import FicheLue, Illisible, Lecture
from registre.imports.resumes import Resumes
from registre.regles.contenu import Fiche

Details = Mapping[str, Mapping[str, Sequence[Any]]]  # rubrique → numéro de fiche → lignes


def lire_tableau(classeur: Classeur, lecture: Lecture) -> bool:
    """Ajoute à ``lecture`` une fiche par ligne ; faux si aucune feuille n’est un tableau de fiches."""
    for feuille in classeur.feuilles:
        entete = trouver_l_entete(feuille.lignes)
        if entete is not None:
            _lire_feuille(feuille, *entete, _details(classeur, lecture), lecture)
            return True
    return False


def _lire_feuille(
    feuille: FeuilleLue, rang: int, colonnes: dict[str, int], details: Details, lecture: Lecture
) -> None:
    numeros: set[str] = set()
    for numero, ligne in enumerate(feuille.lignes[rang + 1 :], rang + 2):
        if not any(c.strip() for c in ligne):
            continue
        valeurs = {cle: ligne[place] if place < len(ligne) else "" for cle, place in colonnes.items()}
        numeros.add(valeurs.get("numero", "").strip())
        _lire_fiche(f"ligne {numero}", valeurs, details, lecture)
    for rubrique, lignes in details.items():
        for orphelin in sorted(set(lignes) - numeros):
            lecture.erreur(
                f"feuille «\u00a0{PAR_CLE[rubrique].titre}\u00a0»",
                f"La fiche n°\u00a0{orphelin or '?'} manque dans la feuille «\u00a0{feuille.nom}\u00a0».",
            )


def _lire_fiche(lieu: str, valeurs: dict[str, str], details: Details, lecture: Lecture) -> None:
    nom = valeurs["nom"]
    if not nom.strip():
        lecture.erreur(lieu, "Il manque le nom de la fiche.")
        return
    numero = valeurs.get("numero", "").strip()
    resumes = Resumes(lieu, valeurs, lecture)
    rubriques = {
        cle: tuple(details[cle].get(numero, ())) if cle in details else tuple(resumes.lire(cle))
        for cle in PAR_CLE
    }
    fiche = Fiche(nom=nom, **{**resumes.simples(), **_simples(lieu, valeurs, lecture)}, **rubriques)
    _comparer(lieu, fiche, valeurs, details, lecture)
    lecture.fiches.append(FicheLue(lieu, replace(fiche, description=resumes.completer(fiche.description))))


def _simples(lieu: str, valeurs: Mapping[str, str], lecture: Lecture) -> dict[str, Any]:
    lues: dict[str, Any] = {}
    for champ in SIMPLES:
        if champ.chemin not in valeurs:
            continue
        try:
            lues[champ.chemin] = lire_champ(champ, valeurs[champ.chemin])
        except Illisible as faute:
            lecture.erreur(lieu, f"{champ.titre}\u00a0: {faute}")
    return lues


def _comparer(
    lieu: str, fiche: Fiche, valeurs: Mapping[str, str], details: Details, lecture: Lecture
) -> None:
    """Un résumé retouché à la main n’est pas lu quand la feuille de détail existe : on le dit."""
    for cle in RESUMES:
        rubrique = "donnees" if cle == "durees" else cle
        if rubrique not in details or cle not in valeurs or _est_retiree(valeurs[cle]):
            continue
        if valeurs[cle] != resumer(fiche, cle):
            titre = PAR_CLE[rubrique].titre
            lecture.avertir(
                lieu,
                f"«\u00a0{titre}\u00a0» a été changé ici\u00a0: la feuille de ce nom est lue à la place.",
            )


def _details(classeur: Classeur, lecture: Lecture) -> Details:
    """Les feuilles de détail de notre classeur : une par rubrique, chaque ligne sous son numéro de fiche."""
    par_titre = {normaliser(rubrique.titre): rubrique for rubrique in RUBRIQUES}
    return {
        rubrique.cle: lignes
        for feuille in classeur.feuilles
        if (rubrique := par_titre.get(normaliser(feuille.nom)))
        and (lignes := _lignes_de_detail(feuille, rubrique, lecture)) is not None
    }


def _lignes_de_detail(
    feuille: FeuilleLue, rubrique: Rubrique, lecture: Lecture
) -> Mapping[str, Sequence[Any]] | None:
    colonnes = reperer(feuille.lignes[0]) if feuille.lignes else {}
    if normaliser(NUMERO) not in colonnes or normaliser(rubrique.champs[0].titre) not in colonnes:
        return None
    lignes: dict[str, list[Any]] = defaultdict(list)
    for rang, cellules in enumerate(feuille.lignes[1:], 2):
        if not any(c.strip() for c in cellules) or any(_est_retiree(c) for c in cellules):
            continue
        lieu = f"feuille «\u00a0{feuille.nom}\u00a0», ligne {rang}"
        ligne = lire_ligne(rubrique, colonnes, cellules, lieu, lecture)
        if ligne is not None:
            lignes[cellule(colonnes, cellules, NUMERO).strip()].append(ligne)
    return lignes


def _est_retiree(texte: str) -> bool:
    return texte == MESURES_RETIREES
