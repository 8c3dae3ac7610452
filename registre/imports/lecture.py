"""Relire un registre déposé : quel que soit le format, des fiches contrôlées et des constats."""

from collections import Counter
from pathlib import PurePath

from dpd.documents.lecteur import Classeur, FichierIllisible, lire
from dpd.regles.texte import normaliser
from dpd.regles.typographie import nombre
from registre.exports.communicable import NATURE
from registre.imports import cnil
from registre.imports.colonnes import trouver_l_entete
from registre.imports.controles import controler
from registre.imports.csv_ import reprendre
from registre.imports.json_ import lire_json
from registre.imports.modele import Lecture
from registre.imports.tableau import lire_tableau

FICHES_MAXIMALES = 2_000
EXTENSIONS = (".ods", ".xlsx", ".csv", ".json")
TOUT = "tout le fichier"
LIMITE_DU_CSV = (
    "Un CSV ne porte que l’essentiel\u00a0: l’archivage, la source et la raison de noter une donnée sensible "
    "restent à compléter. L’ODS, le XLSX et le JSON gardent tout."
)
LIGNES_D_IDENTITE = 15  # le bloc « À propos » tient dans le haut de la feuille


def lire_registre(nom: str, contenu: bytes) -> Lecture:
    """Les fiches du fichier. :raises FichierIllisible: s’il ne se lit pas ou ne contient aucune fiche."""
    lecture = Lecture()
    extension = PurePath(nom).suffix.lower()
    if extension not in EXTENSIONS:
        raise FichierIllisible("Choisissez un fichier ODS, XLSX, CSV ou JSON.")
    if extension == ".json":
        lire_json(contenu, lecture)
    else:
        classeur = lire(nom, contenu)
        if extension == ".csv":
            classeur = reprendre(nom, classeur, contenu)
            lecture.avertir(TOUT, LIMITE_DU_CSV)
        _lire_classeur(classeur, lecture)
    if not lecture.fiches and not lecture.erreurs:
        raise FichierIllisible(
            "Aucune fiche n’est reconnue dans ce fichier. Il faut une feuille par fiche, à la forme du "
            "modèle de la CNIL, ou une ligne par fiche sous une ligne de titres."
        )
    _controler(lecture)
    return lecture


def _lire_classeur(classeur: Classeur, lecture: Lecture) -> None:
    _identifier(classeur, lecture)
    fiches = [feuille for feuille in classeur.feuilles if cnil.est_fiche(feuille)]
    for feuille in fiches:
        cnil.lire_feuille(feuille, lecture)
    if fiches:
        _signaler_les_oubliees(classeur, lecture)
    else:
        lire_tableau(classeur, lecture)


def _identifier(classeur: Classeur, lecture: Lecture) -> None:
    """Le SIREN et la nature que le fichier dit de lui-même."""
    for feuille in classeur.feuilles[:2]:
        for ligne in feuille.lignes[:LIGNES_D_IDENTITE]:
            etiquette, valeur = (*ligne, "", "")[:2]
            if normaliser(etiquette) == "siren":
                lecture.siren = "".join(c for c in valeur if c.isdecimal())
            elif normaliser(etiquette) == "nature":
                lecture.nature = valeur


def _signaler_les_oubliees(classeur: Classeur, lecture: Lecture) -> None:
    """La liste du modèle cite parfois plus de traitements qu’il n’y a de fiches : rien n’en est repris."""
    lues = {normaliser(lue.fiche.nom) for lue in lecture.fiches}
    for feuille in classeur.feuilles:
        entete = trouver_l_entete(feuille.lignes)
        if cnil.est_fiche(feuille) or entete is None:
            continue
        rang, colonnes = entete
        noms = (
            ligne[colonnes["nom"]] for ligne in feuille.lignes[rang + 1 :] if len(ligne) > colonnes["nom"]
        )
        for nom in (nom for nom in noms if nom.strip() and normaliser(nom) not in lues):
            lecture.avertir(
                f"feuille «\u00a0{feuille.nom}\u00a0»",
                f"«\u00a0{nom}\u00a0» est dans la liste mais n’a pas de feuille\u00a0: rien n’en est repris.",
            )


def _controler(lecture: Lecture) -> None:
    if len(lecture.fiches) > FICHES_MAXIMALES:
        lecture.erreur(
            TOUT,
            f"{nombre(len(lecture.fiches))} fiches, {nombre(FICHES_MAXIMALES)} au plus. Partagez-le en deux.",
        )
        return
    if lecture.nature == NATURE:
        lecture.avertir(
            TOUT,
            "C’est une version communicable\u00a0: les mesures de sécurité en ont été retirées.",
        )
    for lue in lecture.fiches:
        for phrase in controler(lue.fiche):
            lecture.erreur(lue.lieu, phrase)
    noms = Counter(normaliser(lue.fiche.nom) for lue in lecture.fiches)
    for lue in lecture.fiches:
        if noms[normaliser(lue.fiche.nom)] > 1:
            lecture.avertir(lue.lieu, f"Le fichier contient plusieurs fiches «\u00a0{lue.fiche.nom}\u00a0».")
