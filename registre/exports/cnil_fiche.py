"""La feuille d’une fiche : les blocs du modèle de la CNIL, et leurs compléments."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from dpd.documents.modele import Cellule, Ligne, Style
from registre.exports.champs import SIMPLES, ecrire, mot
from registre.exports.cnil_forme import (
    ACTEURS,
    AFFICHAGE_SEUL,
    BLOCS,
    COLONNES_ACTEURS,
    COMPLEMENTS,
    DATE_CREATION,
    DATE_MISE_A_JOUR,
    NOM,
    RANG,
    REFERENCE,
    TITRE,
    VERIFICATION,
    Bloc,
)
from registre.exports.communicable import AVERTISSEMENT, MESURES_RETIREES
from registre.exports.correspondance_cnil import (
    AUTRES,
    ORDINAIRES,
    SENSIBLES,
    SOUS_TRAITANT,
    TECHNIQUES,
    Famille,
    famille_de,
    type_de_destinataire,
    type_de_mesure,
)
from registre.exports.instantane import FicheExportee
from registre.exports.organisme import Organisme
from registre.exports.resumes import avec, duree_dite, nom_de_donnees
from registre.lecture import TRANSFERTS, coresponsables_dits

COLONNES_D_UNE_FICHE = (44, 50, 34, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 8)
Rangee = tuple[int, Any]  # rang à partir de 1, ligne de la fiche

_COURRIEL = re.compile(r"\S+@\S+")
_VILLE = re.compile(r"(\d{5}) (.+)", re.ASCII)
_TELEPHONE = re.compile(r"[+\d][\d .\u00a0\u202f()-]{8,}")


def jour(instant: datetime) -> str:
    """« 23/11/2026 »."""
    return f"{instant:%d/%m/%Y}"


def lignes_de_fiche(fiche: FicheExportee, organisme: Organisme) -> Iterator[Ligne]:
    """Toute la feuille, de haut en bas."""
    yield (Cellule(TITRE, Style.TITRE, colonnes=3),)
    if fiche.communicable:
        yield (Cellule(AVERTISSEMENT, Style.MANQUE, colonnes=3),)
    yield (_libelle(NOM), Cellule(fiche.titre, colonnes=2))
    yield (_libelle(REFERENCE), fiche.reference)
    yield (_libelle(DATE_CREATION), jour(fiche.cree_le))
    yield (_libelle(DATE_MISE_A_JOUR), jour(fiche.modifie_le))
    yield from _acteurs(fiche, organisme)
    for bloc in BLOCS:
        yield ()
        yield _entete(bloc)
        yield from LIGNES[bloc.cle](fiche, bloc)
    yield from _complements(fiche)


@cache
def _libelle(texte: str) -> Cellule:
    return Cellule(texte, Style.LIBELLE)


@cache
def _entete(bloc: Bloc) -> Ligne:
    return (
        *(Cellule(titre, Style.ENTETE) for titre in (bloc.titre, *bloc.affichage)),
        *(
            Cellule(champ.titre, Style.ENTETE if champ.titre in bloc.du_modele else Style.LIBELLE)
            for champ in bloc.champs
        ),
        Cellule(RANG, Style.LIBELLE),
    )


def _ligne(bloc: Bloc, libelle: str, affichage: tuple[str, ...], rangee: Rangee) -> Ligne:
    rang, ligne = rangee
    return (libelle, *affichage, *(ecrire(champ, ligne) for champ in bloc.champs), rang)


def _pour_lecture(bloc: Bloc, *textes: str) -> Ligne:
    """Une ligne que l’import ignore."""
    vides = ("",) * (len(bloc.affichage) + len(bloc.champs) + 1 - len(textes))
    return (*textes, *vides, AFFICHAGE_SEUL)


def _acteurs(fiche: FicheExportee, organisme: Organisme) -> Iterator[Ligne]:
    qui = fiche.contenu.responsable
    yield ()
    yield tuple(Cellule(titre, Style.ENTETE) for titre in (ACTEURS, *COLONNES_ACTEURS))
    yield ("Responsable du traitement", qui.denomination, *_adresse(qui.coordonnees))
    yield ("Délégué à la protection des données", qui.dpd, *_adresse(qui.dpd_coordonnees))
    yield ("Représentant", qui.representant)
    yield ("Responsable(s) conjoint(s)", coresponsables_dits(fiche.contenu))


@lru_cache(maxsize=64)  # tout un registre a le même responsable, à quelques adoptions près
def _adresse(coordonnees: str) -> tuple[str, ...]:
    """Les six colonnes d’un acteur, démêlées d’une seule phrase."""
    parties = [partie for partie in coordonnees.split(", ") if partie]
    courriels = [p for p in parties if _COURRIEL.fullmatch(p)]
    telephones = [p for p in parties if _TELEPHONE.fullmatch(p)]
    villes = [v for p in parties if (v := _VILLE.fullmatch(p))]
    connues = {*courriels, *telephones, *(ville[0] for ville in villes)}
    adresse = ", ".join(p for p in parties if p not in connues)
    postal, ville, pays = (*villes[0].groups(), "France") if villes else ("", "", "")
    return adresse, postal, ville, pays, ", ".join(telephones), ", ".join(courriels)


def _finalites(fiche: FicheExportee, bloc: Bloc) -> Iterator[Ligne]:
    """La principale d’abord, comme le veut le modèle ; le rang garde l’ordre de la fiche."""
    rangees = list(enumerate(fiche.contenu.finalites, 1))
    rangees.sort(key=lambda rangee: not rangee[1].principale)
    for place, rangee in enumerate(rangees):
        yield _ligne(bloc, f"Sous-finalité {place}" if place else "Finalité principale", (), rangee)


def _mesures(fiche: FicheExportee, bloc: Bloc) -> Iterator[Ligne]:
    if fiche.communicable:
        yield _pour_lecture(bloc, TECHNIQUES, MESURES_RETIREES)
    for rangee in enumerate(fiche.contenu.mesures, 1):
        yield _ligne(bloc, type_de_mesure(rangee[1].mesure), (), rangee)


def _donnees(familles: tuple[Famille, ...]):
    def lignes(fiche: FicheExportee, bloc: Bloc) -> Iterator[Ligne]:
        rangees = list(enumerate(fiche.contenu.donnees, 1))
        for famille in familles:
            siennes = [rangee for rangee in rangees if famille_de(rangee[1].categorie) == famille]
            for rangee in siennes:
                affichage = (nom_de_donnees(rangee[1]), duree_dite(rangee[1]))
                yield _ligne(bloc, famille.libelle, affichage, rangee)
            if not siennes and famille != AUTRES:
                yield (famille.libelle,)

    return lignes


def _numerotees(cle: str, libelle: str):
    def lignes(fiche: FicheExportee, bloc: Bloc) -> Iterator[Ligne]:
        for rangee in enumerate(getattr(fiche.contenu, cle), 1):
            yield _ligne(bloc, f"{libelle} {rangee[0]}", (), rangee)

    return lignes


def _destinataires(fiche: FicheExportee, bloc: Bloc) -> Iterator[Ligne]:
    rang = 0
    for rang, ligne in enumerate(fiche.contenu.destinataires, 1):
        visible = avec(mot("destinataires", ligne.categorie), ligne.precision)
        yield _ligne(
            bloc, f"Destinataire {rang}", (type_de_destinataire(ligne.nature), visible), (rang, ligne)
        )
    for suite, ligne in enumerate(fiche.contenu.prestataires, rang + 1):
        visible = avec(ligne.nom, mot("sous_traitants", ligne.type))
        yield _pour_lecture(bloc, f"Destinataire {suite}", SOUS_TRAITANT, visible)


def _transferts(fiche: FicheExportee, bloc: Bloc) -> Iterator[Ligne]:
    if not fiche.contenu.transferts:
        phrase = TRANSFERTS.get(fiche.contenu.transferts_reponse, "")
        yield _pour_lecture(bloc, "Organisme destinataire 1", phrase)
    yield from _numerotees("transferts", "Organisme destinataire")(fiche, bloc)


LIGNES = {
    "finalites": _finalites,
    "mesures": _mesures,
    "donnees": _donnees((*ORDINAIRES, AUTRES)),
    "sensibles": _donnees(SENSIBLES),
    "personnes": _numerotees("personnes", "Catégorie de personnes"),
    "destinataires": _destinataires,
    "transferts": _transferts,
    "prestataires": _numerotees("prestataires", "Prestataire"),
}


def _complements(fiche: FicheExportee) -> Iterator[Ligne]:
    yield ()
    yield (_libelle(COMPLEMENTS),)
    for champ in SIMPLES:
        yield (_libelle(champ.titre), Cellule(ecrire(champ, fiche.contenu), colonnes=2))
    yield ()
    yield (_libelle(VERIFICATION),)
    for libelle, valeur in (
        ("État", fiche.etat_dit),
        ("Version", str(fiche.numero)),
        ("Éléments obligatoires", fiche.elements_dits),
        ("Empreinte SHA-256 de la fiche", fiche.empreinte),
    ):
        yield (_libelle(libelle), Cellule(valeur, colonnes=2))
