"""Les cellules auxquelles la personne a répondu « je ne sais pas », et la question à poser au DPD."""

from collections.abc import Callable

from registre.regles.contenu import Fiche, LigneDonnees


def _nom(ligne: LigneDonnees, libelle: Callable[[str], str]) -> str:
    return ligne.description or libelle(ligne.categorie)


def cellules_inconnues(fiche: Fiche, libelle: Callable[[str], str] = str) -> dict[str, str]:
    """{cellule: question en clair}, dans l’ordre de la fiche.

    ``libelle`` traduit une catégorie de données ; par défaut son code.
    """
    inconnues: dict[str, str] = {}
    rangs: dict[str, int] = {}
    for ligne in fiche.donnees:
        rangs[ligne.categorie] = rang = rangs.get(ligne.categorie, 0) + 1
        cle, nom = f"donnees.{ligne.categorie}.{rang}", _nom(ligne, libelle)
        if ligne.duree.inconnue:
            inconnues[f"{cle}.duree"] = f"Combien de temps garder\u00a0: {nom}\u202f?"
        if ligne.sort_inconnu:
            inconnues[f"{cle}.sort"] = f"Que faire au terme de la durée\u00a0: {nom}\u202f?"
    if fiche.transferts_reponse == "inconnu":
        inconnues["transferts"] = "Des données sortent-elles d’Europe\u202f?"
    return inconnues
