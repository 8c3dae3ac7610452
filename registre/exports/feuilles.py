"""Le classeur courant (XLSX, CSV) : une ligne par fiche, puis le détail de chaque rubrique."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from dpd.documents.modele import Cellule, Feuille, Ligne, Style
from dpd.regles.typographie import date_courte
from registre.exports.champs import RUBRIQUES, SIMPLES, Rubrique, ecrire
from registre.exports.communicable import MESURES_RETIREES
from registre.exports.instantane import FicheExportee
from registre.exports.organisme import Organisme
from registre.exports.releve import Releve
from registre.exports.resumes import resumer
from registre.lecture import aipd_dite

LARGEUR_TEXTE, LARGEUR_COURTE = 34, 18
NUMERO, NOM = "N°", "Fiche"


class Colonne(NamedTuple):
    titre: str
    valeur: Callable[[FicheExportee], str | int | Cellule]
    largeur: int = LARGEUR_TEXTE


def feuilles_registre(releve: Releve, organisme: Organisme) -> Iterator[Feuille]:
    """La feuille « Registre », puis une feuille par rubrique."""
    largeurs = tuple(colonne.largeur for colonne in COLONNES)
    yield Feuille("Registre", partial(_lignes_du_registre, releve), largeurs, figer=1)
    for rubrique in RUBRIQUES:
        largeurs = (6, LARGEUR_TEXTE, *(LARGEUR_COURTE for _ in rubrique.champs))
        retirees = organisme.communicable and rubrique.cle == "mesures"
        lignes = partial(_mesures_retirees if retirees else _lignes_de_detail, releve, rubrique)
        yield Feuille(rubrique.titre, lignes, largeurs, figer=1)


def _lignes_du_registre(releve: Releve) -> Iterator[Ligne]:
    yield tuple(Cellule(colonne.titre, Style.ENTETE) for colonne in COLONNES)
    for fiche in releve:
        yield tuple(colonne.valeur(fiche) for colonne in COLONNES)


def _titres_de_detail(rubrique: Rubrique) -> Ligne:
    titres = (NUMERO, NOM, *(champ.titre for champ in rubrique.champs))
    return tuple(Cellule(titre, Style.ENTETE) for titre in titres)


def _lignes_de_detail(releve: Releve, rubrique: Rubrique) -> Iterator[Ligne]:
    yield _titres_de_detail(rubrique)
    for fiche, lignes in releve.details(rubrique.cle):
        for ligne in lignes:
            yield (fiche.reference, fiche.titre, *(ecrire(champ, ligne) for champ in rubrique.champs))


def _mesures_retirees(releve: Releve, rubrique: Rubrique) -> Iterator[Ligne]:
    """D’un registre communicable, une ligne par fiche dit seulement que ses mesures n’y sont pas."""
    yield _titres_de_detail(rubrique)
    for repere in releve.reperes:
        yield (repere.reference, repere.titre, Cellule(MESURES_RETIREES, Style.DISCRET))


def _resume(rubrique: str) -> Callable[[FicheExportee], str]:
    return lambda fiche: resumer(fiche.contenu, rubrique)


def _mesures(fiche: FicheExportee) -> str | Cellule:
    if fiche.communicable:
        return Cellule(MESURES_RETIREES, Style.DISCRET)
    return resumer(fiche.contenu, "mesures")


def _manques(fiche: FicheExportee) -> str | Cellule:
    phrases = "\n".join(f"{manque.lettre}\u00a0: {manque.phrase}" for manque in fiche.manquants)
    return Cellule(phrases, Style.MANQUE) if phrases else ""


def _adoptee_le(fiche: FicheExportee) -> str:
    return date_courte(fiche.adoptee_le.date()) if fiche.adoptee_le else ""


# Les titres se relisent à l’import : les changer, c’est ajouter l’ancien à ``registre.imports.colonnes``.
COLONNES: tuple[Colonne, ...] = (
    Colonne(NUMERO, lambda f: f.reference, 6),
    Colonne("Nom de la fiche", lambda f: f.titre),
    Colonne("Service", lambda f: f.contenu.service, LARGEUR_COURTE),
    Colonne("État", lambda f: f.etat_dit, LARGEUR_COURTE),
    Colonne("Version", lambda f: f.numero, 8),
    Colonne("Adoptée le", _adoptee_le, LARGEUR_COURTE),
    Colonne("Base légale principale", lambda f: f.base_principale, LARGEUR_COURTE),
    Colonne("Finalités", _resume("finalites"), 50),
    Colonne("Personnes concernées", _resume("personnes")),
    Colonne("Données", _resume("donnees"), 50),
    Colonne("Durées de conservation", _resume("durees"), 50),
    Colonne("Destinataires", _resume("destinataires")),
    Colonne("Prestataires", _resume("prestataires")),
    Colonne("Transferts hors UE", _resume("transferts")),
    Colonne("Mesures de sécurité", _mesures, 50),
    Colonne("Analyse d’impact", lambda f: aipd_dite(f.contenu)[0], LARGEUR_COURTE),
    Colonne("Éléments manquants", _manques),
    Colonne("Empreinte SHA-256", lambda f: f.empreinte, 66),
    *(
        Colonne(champ.titre, lambda f, champ=champ: ecrire(champ, f.contenu), LARGEUR_COURTE)
        for champ in SIMPLES
        if champ.chemin != "service"
    ),
)
