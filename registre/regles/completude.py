"""La fiche porte-t-elle tout ce que demande le RGPD, art. 30-1, points a à g ?

Chaque critère manquant est nommé en langage simple, avec l’étape de saisie où le réparer.
« Je ne sais pas » est une réponse honnête, mais la fiche reste à compléter.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dpd.regles.typographie import FINE, INSECABLE, en_lettres, enumeration
from registre.regles.bases_legales import (
    BASES_A_TEXTE,
    BASES_LEGALES,
    CATEGORIE_NIR,
    CATEGORIES_SENSIBLES,
    EXCEPTIONS_ART9,
)
from registre.regles.conservation import SORTS_FINAUX, est_definie
from registre.regles.contenu import Fiche, LigneDonnees
from registre.regles.noms_simples import NOMS_DE_DONNEES

NOMMES_AU_PLUS = 4  # au-delà, une phrase ne se lit plus
POURQUOI, QUI, DONNEES, DESTINATAIRES, HORS_EUROPE, SECURITE, RELIRE = range(1, 8)


@dataclass(frozen=True, slots=True)
class Defaut:
    """Une chose qui manque, dite en français, et l’étape (1 à 7) où la réparer."""

    phrase: str
    etape: int


@dataclass(frozen=True, slots=True)
class Critere:
    """Un point de l’art. 30-1 : rempli quand ``defauts`` ne trouve rien."""

    lettre: str
    intitule: str
    defauts: Callable[[Fiche], Iterable[Defaut]]


@dataclass(frozen=True, slots=True)
class Manque:
    """Un critère non rempli : ``phrase`` nomme tout ce qui manque, ``etape`` la première à rouvrir."""

    lettre: str
    intitule: str
    phrase: str
    etape: int


@dataclass(frozen=True, slots=True)
class Completude:
    """``taux`` de 0 à 1 : critères remplis sur critères testés."""

    taux: float
    manquants: tuple[Manque, ...]

    @property
    def total(self) -> int:
        return len(CRITERES)

    @property
    def remplis(self) -> int:
        return self.total - len(self.manquants)

    @property
    def est_complete(self) -> bool:
        return not self.manquants


def evaluer(fiche: Fiche) -> Completude:
    """Complétude d’une fiche ; le dénominateur est la longueur de la liste testée."""
    manquants = tuple(manque for critere in CRITERES if (manque := _manque(critere, fiche)))
    return Completude((len(CRITERES) - len(manquants)) / len(CRITERES), manquants)


def lettres_manquantes(completude: Completude) -> str:
    """Les lettres des critères manquants, accolées : « cf » ; vide si rien ne manque."""
    return "".join(manque.lettre for manque in completude.manquants)


def phrase(completude: Completude) -> str:
    """« Complète », « Il manque une seule chose : … », « Il manque trois choses : … ; … ; … »."""
    phrases = [manque.phrase for manque in completude.manquants]
    if not phrases:
        return "Complète"
    combien = "une seule chose" if len(phrases) == 1 else f"{en_lettres(len(phrases))} choses"
    return f"Il manque {combien}{INSECABLE}: {f'{FINE}; '.join(phrases)}"


def nommer(ligne: LigneDonnees, fiche: Fiche) -> str:
    """Une ligne de données dans une phrase : « les coordonnées bancaires », précisée s’il y en a deux."""
    nom = NOMS_DE_DONNEES.get(ligne.categorie)
    description = ligne.description.strip()
    if nom is None:
        return f"« {description} »" if description else "une donnée sans nom"
    semblables = sum(autre.categorie == ligne.categorie for autre in fiche.donnees)
    return f"{nom} ({description})" if semblables > 1 and description else nom


def _manque(critere: Critere, fiche: Fiche) -> Manque | None:
    defauts = tuple(critere.defauts(fiche))
    if not defauts:
        return None
    phrases = tuple(dict.fromkeys(defaut.phrase for defaut in defauts))
    return Manque(critere.lettre, critere.intitule, enumeration(phrases), defauts[0].etape)


def _responsable(fiche: Fiche) -> Iterable[Defaut]:
    responsable = fiche.responsable
    for valeur, texte in (
        (responsable.denomination, "qui est responsable du fichier"),
        (responsable.coordonnees, "comment joindre le responsable"),
        (responsable.dpd, "qui est votre délégué à la protection des données"),
        (responsable.dpd_coordonnees, "comment joindre votre délégué"),
    ):
        if not valeur.strip():
            yield Defaut(texte, RELIRE)
    if fiche.coresponsables_reponse == "oui" and not fiche.coresponsables.strip():
        yield Defaut("qui sont les responsables conjoints", POURQUOI)


def _finalites(fiche: Fiche) -> Iterable[Defaut]:
    if not fiche.finalites:
        yield Defaut("à quoi sert ce fichier", POURQUOI)
    for finalite in fiche.finalites:
        libelle = finalite.libelle.strip()
        if not libelle:
            yield Defaut("à quoi sert ce fichier", POURQUOI)
        but = f"« {libelle} »" if libelle else "cette finalité"
        if finalite.base_legale not in BASES_LEGALES:
            yield Defaut(f"ce qui vous permet de tenir ce fichier pour {but}", POURQUOI)
        elif finalite.base_legale in BASES_A_TEXTE and not finalite.texte.strip():
            yield Defaut(f"le texte qui fonde {but}", POURQUOI)


def _personnes_et_donnees(fiche: Fiche) -> Iterable[Defaut]:
    if not any(ligne.categorie or ligne.precision.strip() for ligne in fiche.personnes):
        yield Defaut("de qui vous notez les données", QUI)
    if not any(ligne.categorie or ligne.description.strip() for ligne in fiche.donnees):
        yield Defaut("quelles données vous notez", DONNEES)
    for ligne in fiche.donnees:
        if ligne.categorie in CATEGORIES_SENSIBLES and ligne.exception_art9 not in EXCEPTIONS_ART9:
            yield Defaut(f"la raison précise de noter {nommer(ligne, fiche)}", DONNEES)
        if ligne.categorie == CATEGORIE_NIR and not ligne.alinea_nir.strip():
            yield Defaut("l’alinéa du décret qui permet le numéro de sécurité sociale", DONNEES)


def _destinataires(fiche: Fiche) -> Iterable[Defaut]:
    if not any(ligne.categorie or ligne.precision.strip() for ligne in fiche.destinataires):
        yield Defaut("qui reçoit les données", DESTINATAIRES)


def _transferts(fiche: Fiche) -> Iterable[Defaut]:
    if fiche.transferts_reponse not in ("aucun", "oui"):
        yield Defaut("si des données partent hors d’Europe", HORS_EUROPE)
    elif fiche.transferts_reponse == "aucun" and fiche.transferts:
        yield Defaut("si des données partent vraiment hors d’Europe, car un transfert est noté", HORS_EUROPE)
    elif fiche.transferts_reponse == "oui" and not fiche.transferts:
        yield Defaut("dans quel pays partent les données", HORS_EUROPE)
    for transfert in fiche.transferts:
        chez = transfert.destinataire.strip() or "un destinataire hors d’Europe"
        if not transfert.pays.strip():
            yield Defaut(f"dans quel pays partent les données confiées à {chez}", HORS_EUROPE)
        if not transfert.outil.strip():
            yield Defaut(f"ce qui encadre l’envoi de données à {chez}", HORS_EUROPE)


def _durees(fiche: Fiche) -> Iterable[Defaut]:
    if not fiche.donnees:
        yield Defaut("combien de temps vous gardez les données", DONNEES)
    sans_duree = [nommer(ligne, fiche) for ligne in fiche.donnees if not est_definie(ligne.duree)]
    sans_sort = [nommer(ligne, fiche) for ligne in fiche.donnees if not _a_un_sort(ligne)]
    if sans_duree and sans_duree == sans_sort:
        yield Defaut(f"combien de temps vous gardez {_liste(sans_duree)}", DONNEES)
        yield Defaut("ce que vous en faites ensuite", DONNEES)
        return
    if sans_duree:
        yield Defaut(f"combien de temps vous gardez {_liste(sans_duree)}", DONNEES)
    if sans_sort:
        yield Defaut(f"ce que deviennent ensuite {_liste(sans_sort)}", DONNEES)


def _a_un_sort(ligne: LigneDonnees) -> bool:
    return not ligne.sort_inconnu and ligne.sort_final in SORTS_FINAUX


def _securite(fiche: Fiche) -> Iterable[Defaut]:
    if not any(ligne.mesure or ligne.precision.strip() for ligne in fiche.mesures):
        yield Defaut("comment vous protégez les données", SECURITE)


def _liste(noms: list[str]) -> str:
    """« a, b et c » ; au-delà de quatre, les trois premiers « et n autres lignes »."""
    uniques = tuple(dict.fromkeys(noms))
    if len(uniques) > NOMMES_AU_PLUS:
        uniques = (*uniques[: NOMMES_AU_PLUS - 1], f"{len(uniques) - NOMMES_AU_PLUS + 1} autres lignes")
    return enumeration(uniques)


CRITERES: tuple[Critere, ...] = (
    Critere("a", "Responsable et contacts", _responsable),
    Critere("b", "Finalités et base légale", _finalites),
    Critere("c", "Personnes et données", _personnes_et_donnees),
    Critere("d", "Destinataires", _destinataires),
    Critere("e", "Hors Union européenne", _transferts),
    Critere("f", "Durées de conservation", _durees),
    Critere("g", "Sécurité", _securite),
)
