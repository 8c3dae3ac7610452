"""Le classeur à la forme du modèle de registre de la CNIL (ODS du 25 juillet 2019).

Tutoriel, liste des traitements, puis une feuille par fiche dans l’ordre des champs du modèle. À droite
et en dessous, des colonnes et des blocs complémentaires portent sans perte tout le reste du contenu.
"""

from collections.abc import Iterator
from functools import partial

from dpd.documents.modele import Cellule, Feuille, Ligne, Style
from registre.exports.cnil_fiche import COLONNES_D_UNE_FICHE, jour, lignes_de_fiche
from registre.exports.communicable import AVERTISSEMENT
from registre.exports.correspondance_cnil import SENSIBLES
from registre.exports.instantane import FicheExportee
from registre.exports.organisme import Organisme
from registre.exports.releve import Releve

TUTORIEL = (
    "Ce classeur suit la forme du modèle de registre de la CNIL\u00a0: une liste des traitements, puis une "
    "feuille par traitement.",
    "Chaque feuille suit l’article 30-1 du RGPD\u00a0: acteurs, finalités, sécurité, données et durées, "
    "personnes, destinataires, transferts.",
    "Les colonnes dont le titre est en gris, à droite, et les blocs du bas disent ce que le modèle ne "
    "prévoit pas\u00a0: base légale de chaque finalité, catégorie précise, durée chiffrée, sort final, "
    "prestataires.",
    "Le délai d’effacement se lit en toutes lettres. À l’import, ce sont les colonnes grises qui font foi.",
    "La colonne «\u00a0Rang\u00a0» garde l’ordre des lignes. Une ligne ajoutée à la main n’a pas de "
    "rang\u00a0: laissez-le vide. Une ligne marquée d’un tiret n’est là que pour la lecture.",
    "Pour reprendre ce classeur dans l’application\u00a0: Registre, puis Importer. Chaque feuille devient un "
    "brouillon\u202f; rien n’est écrit avant votre confirmation.",
    "L’empreinte SHA-256 de la feuille «\u00a0À propos\u00a0» permet de vérifier que le registre n’a pas "
    "changé depuis cet export.",
)
TITRES_DE_LISTE = (
    "Nom du traitement",
    "N° / REF",
    "Date de création",
    "Mise à jour",
    "Finalité principale",
    "Données sensibles\u202f?",
)
TITRES_EN_PLUS = ("État", "Service", "Éléments manquants")
CODES_SENSIBLES = frozenset(famille.cle for famille in SENSIBLES)


def feuilles_cnil(releve: Releve, organisme: Organisme) -> Iterator[Feuille]:
    """Les feuilles du classeur, une fiche à la fois."""
    yield Feuille("Tutoriel", partial(_tutoriel, organisme), (110,))
    yield Feuille(
        "Liste des traitements", partial(_liste, releve, organisme), (44, 10, 14, 14, 60, 16, 26, 20, 18)
    )
    for fiche in releve:
        nom = f"{fiche.reference} {fiche.titre}"
        yield Feuille(nom, partial(lignes_de_fiche, fiche, organisme), COLONNES_D_UNE_FICHE)


def _tutoriel(organisme: Organisme) -> Iterator[Ligne]:
    yield (Cellule("Lire ce classeur", Style.TITRE),)
    if organisme.communicable:
        yield (Cellule(AVERTISSEMENT, Style.MANQUE),)
    for phrase in TUTORIEL:
        yield (phrase,)


def _liste(releve: Releve, organisme: Organisme) -> Iterator[Ligne]:
    yield (Cellule("Liste des traitements", Style.TITRE, colonnes=4),)
    yield from _coordonnees(organisme)
    yield ()
    yield (
        *(Cellule(titre, Style.ENTETE) for titre in TITRES_DE_LISTE),
        *(Cellule(titre, Style.LIBELLE) for titre in TITRES_EN_PLUS),
    )
    for fiche in releve:
        yield _ligne_de_liste(fiche)


def _coordonnees(organisme: Organisme) -> Iterator[Ligne]:
    joindre = ", ".join(t for t in (organisme.telephone, organisme.courriel) if t)
    for libelle, valeur in (
        ("Responsable du traitement", organisme.denomination),
        ("Représentant", organisme.representant),
        ("Adresse", organisme.adresse),
        ("Téléphone, adresse électronique", joindre),
        ("Délégué à la protection des données", organisme.dpd),
        ("Coordonnées du délégué", organisme.dpd_coordonnees),
    ):
        yield (Cellule(libelle, Style.LIBELLE), Cellule(valeur, colonnes=4))


def _ligne_de_liste(fiche: FicheExportee) -> Ligne:
    contenu = fiche.contenu
    principales = [f for f in contenu.finalites if f.principale] or list(contenu.finalites)
    sensibles = any(ligne.categorie in CODES_SENSIBLES for ligne in contenu.donnees)
    return (
        fiche.titre,
        fiche.reference,
        jour(fiche.cree_le),
        jour(fiche.modifie_le),
        principales[0].libelle if principales else "",
        "Oui" if sensibles else "Non",
        fiche.etat_dit,
        contenu.service,
        Cellule(fiche.lettres, Style.MANQUE) if fiche.lettres else "",
    )
