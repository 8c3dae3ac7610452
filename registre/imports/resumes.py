"""Relire une rubrique tenue dans une seule cellule, une ligne de texte par ligne de la fiche."""

import re
from collections.abc import Mapping
from typing import Any

from registre.exports.communicable import MESURES_RETIREES
from registre.imports.codes import chercher, lire_base_legale
from registre.imports.libre import Rangement
from registre.imports.modele import Illisible, Lecture
from registre.imports.mots import deviner, est_neant, separer
from registre.regles.contenu import (
    LigneDestinataire,
    LigneDonnees,
    LigneFinalite,
    LignePrestataire,
    LigneTransfert,
)

_FINALITE = re.compile(r"(?P<libelle>.*?)\s*\[(?P<fondement>[^\[\]]*)\]", re.DOTALL)
_TRANSFERT = re.compile(r"(?P<qui>[^()]*)\((?P<pays>[^()]*)\)\s*(?::\s*(?P<suite>.*))?", re.DOTALL)
_SORT = re.compile(r"(?P<duree>.*), puis (?P<sort>.*)", re.DOTALL)
A_DETERMINER = ("à déterminer", "à préciser")


class Resumes:
    """Les cellules d’une fiche, lues à la demande ; ``completer`` rend ce qui n’a pu être rangé."""

    def __init__(self, lieu: str, valeurs: Mapping[str, str], lecture: Lecture):
        self.lieu, self.valeurs, self.lecture = lieu, valeurs, lecture
        self.rangement = Rangement(lecture)

    def lire(self, rubrique: str) -> list[Any]:
        """Les lignes de la rubrique ; vide si la colonne manque."""
        return getattr(self, f"_{rubrique}")()

    def completer(self, description: str) -> str:
        return "\n".join(t for t in (description, *self.rangement.a_ranger) if t)

    def simples(self) -> dict[str, str]:
        """La réponse sur les transferts, si la colonne dédiée manque."""
        texte = self.valeurs.get("transferts", "")
        if not texte.strip():
            return {}
        reponse = chercher("reponses_transferts", texte)
        return {"transferts_reponse": reponse or ("aucun" if est_neant(texte) else "oui")}

    def _lignes(self, cle: str) -> list[str]:
        return [ligne.strip() for ligne in self.valeurs.get(cle, "").split("\n") if ligne.strip()]

    def _finalites(self) -> list[LigneFinalite]:
        """« libellé [base : texte] » ; la colonne « Base légale » vaut pour la première qui n’en dit rien."""
        lignes: list[LigneFinalite] = []
        for texte in self._lignes("finalites"):
            trouve = _FINALITE.fullmatch(texte)
            libelle, fondement = (trouve["libelle"], trouve["fondement"]) if trouve else (texte, "")
            base, source = self._fondement(fondement)
            if not fondement and not lignes:
                base = self._base(self.valeurs.get("base", ""))
            lignes.append(LigneFinalite(libelle, base, source, not lignes))
        return lignes

    def _fondement(self, texte: str) -> tuple[str, str]:
        avant, deux_points, apres = texte.partition(":")
        base = chercher("bases_legales", avant)
        if base and deux_points:
            return base, apres.strip()
        base = chercher("bases_legales", texte)
        return (base, "") if base else ("", texte)

    def _base(self, texte: str) -> str:
        try:
            return lire_base_legale(texte)
        except Illisible as faute:
            self.lecture.erreur(self.lieu, str(faute))
            return ""

    def _personnes(self) -> list[Any]:
        lues = (self.rangement.personnes(self.lieu, texte) for texte in self._lignes("personnes"))
        return [ligne for ligne in lues if ligne]

    def _donnees(self) -> list[LigneDonnees]:
        textes = [texte for texte in self._lignes("donnees") if not est_neant(texte)]
        delais = self._delais(len(textes))
        return [self._donnee(texte, delai) for texte, delai in zip(textes, delais, strict=True)]

    def _delais(self, nombre: int) -> list[str]:
        """Une durée par donnée : la même pour toutes s’il n’y en a qu’une, sinon dans le même ordre."""
        delais = self._lignes("durees")
        if len(delais) == 1:
            return delais * nombre
        if delais and len(delais) != nombre:
            self.lecture.avertir(
                self.lieu,
                f"{len(delais)} durées pour {nombre} données\u00a0: elles sont gardées dans la description.",
            )
            self.rangement.a_ranger += [f"Durée\u00a0: {delai}" for delai in delais]
        return delais if len(delais) == nombre else [""] * nombre

    def _donnee(self, texte: str, delai: str) -> LigneDonnees:
        code, description = separer("categories_donnees", texte)
        if not code:
            code = deviner("categories_donnees", texte) or "identite"
            self.rangement.douter(self.lieu, texte, "categories_donnees", code)
        duree, sort = _duree_et_sort(delai)
        return self.rangement.donnees(self.lieu, code, description, duree, sort)

    def _destinataires(self) -> list[LigneDestinataire]:
        lues = [self.rangement.destinataire(self.lieu, "", texte) for texte in self._lignes("destinataires")]
        return [ligne for ligne in lues if isinstance(ligne, LigneDestinataire)]

    def _prestataires(self) -> list[LignePrestataire]:
        lues = (self.rangement.prestataire(self.lieu, texte) for texte in self._lignes("prestataires"))
        return [ligne for ligne in lues if ligne]

    def _mesures(self) -> list[Any]:
        textes = [texte for texte in self._lignes("mesures") if texte != MESURES_RETIREES]
        return [ligne for texte in textes for ligne in self.rangement.mesures(self.lieu, texte)]

    def _transferts(self) -> list[Any]:
        if chercher("reponses_transferts", self.valeurs.get("transferts", "")):
            return []
        lues = (self._transfert(texte) for texte in self._lignes("transferts"))
        return [ligne for ligne in lues if ligne]

    def _transfert(self, texte: str) -> LigneTransfert | None:
        trouve = _TRANSFERT.fullmatch(texte)
        if trouve is None:
            return self.rangement.transfert(self.lieu, texte, "", "", "")
        outil, lien = _outil_et_lien(trouve["suite"] or "")
        return self.rangement.transfert(self.lieu, trouve["qui"].strip(), trouve["pays"], outil, lien)


def _outil_et_lien(texte: str) -> tuple[str, str]:
    if chercher("outils_transfert", texte):
        return texte, ""
    outil, _, lien = texte.partition(", ")
    return (outil, lien.strip()) if chercher("outils_transfert", outil) else ("", texte.strip())


def _duree_et_sort(texte: str) -> tuple[str, str]:
    """« durée, puis sort » ; ce qui est « à déterminer » est vide."""
    trouve = _SORT.fullmatch(texte)
    sort = chercher("sorts_finaux", trouve["sort"]) if trouve else None
    duree = trouve["duree"] if trouve and sort else texte
    return "" if duree.strip().lower() in A_DETERMINER else duree, sort or ""
