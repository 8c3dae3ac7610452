"""Les cellules auxquelles la personne a répondu « je ne sais pas », et la question à poser au DPD."""

from registre.regles.contenu import Fiche, LigneDonnees
from registre.regles.noms_simples import NOMS_DE_DONNEES


def _nom(ligne: LigneDonnees) -> str:
    nom = NOMS_DE_DONNEES.get(ligne.categorie, ligne.categorie)
    return f"{nom} ({ligne.description})" if ligne.description else nom


def cellules_inconnues(fiche: Fiche) -> dict[str, str]:
    """{cellule: question en clair}, dans l’ordre de la fiche."""
    inconnues: dict[str, str] = {}
    rangs: dict[str, int] = {}
    for ligne in fiche.donnees:
        rangs[ligne.categorie] = rang = rangs.get(ligne.categorie, 0) + 1
        cle, nom = f"donnees.{ligne.categorie}.{rang}", _nom(ligne)
        if ligne.duree.inconnue:
            inconnues[f"{cle}.duree"] = f"Combien de temps garder {nom}\u202f?"
        if ligne.sort_inconnu:
            inconnues[f"{cle}.sort"] = f"Que deviennent ensuite {nom}\u202f?"
    if fiche.transferts_reponse == "inconnu":
        inconnues["transferts"] = "Des données sortent-elles d’Europe\u202f?"
    return inconnues
