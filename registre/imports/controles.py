"""Ce qu’une fiche relue doit respecter avant d’entrer au registre, quel que soit le fichier."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from dpd.regles.texte import donnee_interdite
from dpd.regles.typographie import nombre
from registre.exports.champs import CODES, ENTIER, OUI, RUBRIQUES, SIMPLES, TEXTE, Champ, valeur_de
from registre.models import (
    Destinataire,
    DonneesTraitees,
    Finalite,
    MesureSecurite,
    PersonnesConcernees,
    Recours,
    Transfert,
    VersionTraitement,
)
from registre.regles.contenu import Fiche

NOM = Champ("Nom", "nom")
NOMBRE_MAXIMAL = 9_999  # dans l’unité choisie, comme à la saisie
LIGNES_MAXIMALES = 200  # par rubrique ; au-delà ce n’est plus une fiche, et l’écran ne suivrait pas
LONGUEUR_LIBRE = 4_000  # caractères ; un texte de plusieurs pages n’a pas sa place dans une fiche
COLONNES_DE_DUREE = {"duree.unite": "duree_unite", "duree.evenement": "duree_evenement"}
MODELES = {
    "finalites": Finalite,
    "personnes": PersonnesConcernees,
    "donnees": DonneesTraitees,
    "destinataires": Destinataire,
    "prestataires": Recours,
    "transferts": Transfert,
    "mesures": MesureSecurite,
}


def controler(fiche: Fiche) -> Iterator[str]:
    """Les phrases d’erreur ; aucune si la fiche peut être créée."""
    yield from _valeur(NOM, fiche, _longueur(VersionTraitement, "nom"))
    if not fiche.nom.strip():
        yield "Il manque le nom de la fiche."
    for champ in SIMPLES:
        limite = _longueur(VersionTraitement, "service") if champ.chemin == "service" else LONGUEUR_LIBRE
        yield from _valeur(champ, fiche, limite)
    yield from _categories(fiche)
    for rubrique in RUBRIQUES:
        lignes = getattr(fiche, rubrique.cle)
        if len(lignes) > LIGNES_MAXIMALES:
            yield f"{rubrique.titre}\u00a0: {nombre(len(lignes))} lignes, {LIGNES_MAXIMALES} au plus."
            continue
        for rang, ligne in enumerate(lignes, 1):
            for champ in rubrique.champs:
                for phrase in _valeur(champ, ligne, _longueur_de_ligne(rubrique.cle, champ.chemin)):
                    yield f"{rubrique.titre}, ligne {rang}\u00a0: {phrase}"


def _categories(fiche: Fiche) -> Iterator[str]:
    """Une personne a toujours une catégorie ; une donnée, une catégorie ou une description."""
    for rang, ligne in enumerate(fiche.personnes, 1):
        if not ligne.categorie:
            yield f"Personnes concernées, ligne {rang}\u00a0: choisissez une catégorie."
    for rang, ligne in enumerate(fiche.donnees, 1):
        if not ligne.categorie and not ligne.description.strip():
            yield f"Données et durées, ligne {rang}\u00a0: choisissez une catégorie."


def _valeur(champ: Champ, ligne: Any, limite: int) -> Iterator[str]:
    valeur = valeur_de(champ, ligne)
    if champ.nature == TEXTE:
        yield from _texte(champ, valeur, limite)
    elif champ.nature == ENTIER:
        if valeur is not None and not 0 <= valeur <= NOMBRE_MAXIMAL:
            yield f"{champ.titre}\u00a0: durée illisible, entre 0 et {nombre(NOMBRE_MAXIMAL)}."
    elif champ.nature != OUI:
        codes = valeur if isinstance(valeur, tuple) else (valeur,)
        yield from (
            f"{champ.titre}\u00a0: «\u00a0{code}\u00a0» est inconnu."
            for code in codes
            if code and code not in CODES[champ.nature]
        )


def _texte(champ: Champ, texte: str, limite: int) -> Iterator[str]:
    if len(texte) > limite:
        yield f"{champ.titre}\u00a0: {nombre(len(texte))} caractères, {nombre(limite)} au plus."
        return  # démesuré : on ne le fouille pas
    if refus := donnee_interdite(texte):
        yield f"{champ.titre}\u00a0: {refus}"


@cache
def _longueur(modele: type, colonne: str) -> int:
    return modele._meta.get_field(colonne).max_length or LONGUEUR_LIBRE


@cache
def _longueur_de_ligne(rubrique: str, chemin: str) -> int:
    modele = MODELES[rubrique]
    noms = {colonne.name for colonne in modele._meta.get_fields()}
    colonne = COLONNES_DE_DUREE.get(chemin, chemin)
    return _longueur(modele, colonne) if colonne in noms else LONGUEUR_LIBRE
