"""Relire une feuille de fiche du modèle de la CNIL : la nôtre à l’identique, une autre du mieux possible."""

import re
from collections import defaultdict
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from dpd.documents.lecteur import FeuilleLue
from dpd.regles.texte import normaliser
from registre.exports.champs import PAR_CLE, SIMPLES
from registre.exports.cnil_forme import (
    AFFICHAGE_SEUL,
    BLOCS,
    COMPLEMENTS,
    DELAI,
    DESCRIPTION,
    RANG,
    VERIFICATION,
)
from registre.exports.resumes import duree_dite, nom_de_donnees
from registre.imports.cnil_libre import BlocsLibres
from registre.imports.codes import lire_champ
from registre.imports.colonnes import reconnaitre
from registre.imports.exact import cellule, lire_ligne, reperer
from registre.imports.modele import FicheLue, Illisible, Lecture
from registre.regles.contenu import Fiche

REPERES = ("finalite principale", "finalites du traitement", "finalite s du traitement")
# Début d’une étiquette d’en-tête, normalisée → bloc.
ENTETES = (
    ("description du traitement", "identite"),
    ("acteurs", "acteurs"),
    ("finalites", "finalites"),
    ("finalite s", "finalites"),
    ("categories de donnees", "donnees"),
    ("donnees sensibles", "sensibles"),
    ("categories de personnes", "personnes"),
    ("destinataires", "destinataires"),
    ("transferts", "transferts"),
    ("prestataires", "prestataires"),
    (normaliser(COMPLEMENTS), "complements"),
    (normaliser(VERIFICATION), "verification"),
)
# Début de l’étiquette d’une ligne, quand le modèle a perdu l’en-tête de son bloc.
ETIQUETTES = (
    ("finalite principale", "finalites"),
    ("sous finalite", "finalites"),
    ("mesures de securite techniques", "mesures"),
    ("mesures de securite organisationnelles", "mesures"),
)
RUBRIQUE_DE = MappingProxyType({bloc.cle: PAR_CLE[bloc.rubrique] for bloc in BLOCS})
CHAMP_DE = MappingProxyType({normaliser(champ.titre): champ for champ in SIMPLES})
TIRETS = frozenset({AFFICHAGE_SEUL, "-", "—"})
EXEMPLE = re.compile(r"(\d+ )?exemple de fiche.*")


def est_fiche(feuille: FeuilleLue) -> bool:
    """Vrai si la feuille a la forme d’une fiche du modèle."""
    return _marge(feuille) is not None


def _marge(feuille: FeuilleLue) -> int | None:
    """Le rang de la colonne des étiquettes ; None si la feuille n’est pas une fiche.

    La liste des traitements du modèle a aussi une « Finalité principale », mais comme titre de colonne.
    """
    for ligne in feuille.lignes:
        for rang, texte in enumerate(ligne):
            if normaliser(texte).startswith(REPERES) and not reconnaitre(ligne):
                return rang
    return None


def lire_feuille(feuille: FeuilleLue, lecture: Lecture) -> None:
    """Ajoute à ``lecture`` la fiche de cette feuille ; une feuille vierge ou d’exemple est passée."""
    nom, marge = f"feuille «\u00a0{feuille.nom}\u00a0»", _marge(feuille)
    if EXEMPLE.fullmatch(normaliser(feuille.nom)) and not _est_la_notre(feuille, marge):
        lecture.avertir(nom, "C’est l’exemple du modèle\u00a0: elle est ignorée.")
        return
    lecteur = _LecteurDeFiche(nom, lecture)
    for numero, ligne in enumerate(feuille.lignes, 1):
        if any(ligne):
            lecteur.ligne(
                f"{nom}, ligne {numero}", ligne[marge] if marge < len(ligne) else "", ligne[marge + 1 :]
            )
    if fiche := lecteur.fiche():
        lecture.fiches.append(FicheLue(nom, fiche))


def _est_la_notre(feuille: FeuilleLue, marge: int) -> bool:
    return any(ligne[marge] == COMPLEMENTS for ligne in feuille.lignes if marge < len(ligne))


class _LecteurDeFiche:
    """Suit la feuille de haut en bas : un en-tête ouvre un bloc, les lignes suivantes lui appartiennent."""

    def __init__(self, nom: str, lecture: Lecture):
        self.nom_de_feuille, self.lecture = nom, lecture
        self.bloc = "identite"
        self.colonnes: dict[str, int] = {}
        self.nom = ""
        self.simples: dict[str, Any] = {}
        self.exactes: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        self.libres = BlocsLibres(lecture)

    def ligne(self, lieu: str, etiquette: str, cellules: Sequence[str]) -> None:
        mot = normaliser(etiquette)
        if bloc := _entete(mot):
            self.bloc, self.colonnes = bloc, reperer(cellules)
            return
        bloc = next((bloc for debut, bloc in ETIQUETTES if mot.startswith(debut)), self.bloc)
        if bloc != self.bloc:
            self.bloc, self.colonnes = bloc, {}
        if self.bloc == "identite":
            self._identite(mot, cellules)
        elif self.bloc == "complements":
            self._complement(lieu, mot, cellules)
        elif self.bloc != "verification":
            self._ligne_de_bloc(lieu, etiquette, cellules)

    def _identite(self, mot: str, cellules: Sequence[str]) -> None:
        if mot.startswith("nom") and not self.nom:
            self.nom = next((c for c in cellules if c.strip()), "")

    def _complement(self, lieu: str, mot: str, cellules: Sequence[str]) -> None:
        champ = CHAMP_DE.get(mot)
        if champ is None:
            return
        try:
            self.simples[champ.chemin] = lire_champ(champ, cellules[0] if cellules else "")
        except Illisible as faute:
            self.lecture.erreur(lieu, f"{champ.titre}\u00a0: {faute}")

    def _ligne_de_bloc(self, lieu: str, etiquette: str, cellules: Sequence[str]) -> None:
        rang = cellule(self.colonnes, cellules, RANG).strip()
        if rang in TIRETS:
            return
        if rang and not rang.isdecimal():
            self.lecture.erreur(
                lieu, f"Rang illisible\u00a0: «\u00a0{rang}\u00a0». Écrivez un nombre, ou rien."
            )
        elif rang and self.bloc in RUBRIQUE_DE:
            self._ligne_exacte(lieu, int(rang), cellules)
        else:
            self.libres.ligne(self.bloc, lieu, etiquette, self.colonnes, cellules)

    def _ligne_exacte(self, lieu: str, rang: int, cellules: Sequence[str]) -> None:
        rubrique = RUBRIQUE_DE[self.bloc]
        ligne = lire_ligne(rubrique, self.colonnes, cellules, lieu, self.lecture)
        if ligne is None:
            return
        self.exactes[rubrique.cle].append((rang, ligne))
        if rubrique.cle == "donnees":
            self._comparer(lieu, cellules, DESCRIPTION, nom_de_donnees(ligne), "Précision")
            self._comparer(lieu, cellules, DELAI, duree_dite(ligne), "Durée (nombre)")

    def _comparer(self, lieu: str, cellules: Sequence[str], titre: str, attendu: str, qui: str) -> None:
        """Une colonne d’affichage retouchée à la main n’est pas lue : on le dit."""
        if cellule(self.colonnes, cellules, titre) != attendu:
            self.lecture.avertir(
                lieu,
                f"La colonne «\u00a0{titre}\u00a0» a été changée\u00a0: "
                f"c’est la colonne «\u00a0{qui}\u00a0» qui est lue.",
            )

    def fiche(self) -> Fiche | None:
        """La fiche lue ; None si la feuille est restée vierge, ou sans nom (l’erreur est dite)."""
        lignes = {
            cle: (
                *(ligne for _, ligne in sorted(self.exactes[cle], key=lambda r: r[0])),
                *self.libres.lignes[cle],
            )
            for cle in PAR_CLE
        }
        if not self.nom.strip():
            if any(lignes.values()) or any(self.simples.values()):
                self.lecture.erreur(self.nom_de_feuille, "Il manque le nom du traitement.")
            return None
        simples = self.simples or self.libres.simples(bool(lignes["transferts"]))
        return Fiche(nom=self.nom, **simples, **lignes)


def _entete(mot: str) -> str | None:
    """Le bloc qu’ouvre une étiquette ; une étiquette numérotée est une ligne, pas un en-tête."""
    if mot == "mesures de securite":
        return "mesures"
    if mot[-1:].isdigit():
        return None
    return next((bloc for debut, bloc in ENTETES if mot.startswith(debut)), None)
