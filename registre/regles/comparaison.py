"""Ce qui change d’une fiche à une autre, en français, ligne par ligne.

Sert à l’historique (qui, quand, avant, après) et aux modèles vivants (ce que propose la version
suivante). Une ligne est la même d’un côté et de l’autre quand elle parle de la même chose (même
catégorie, même destinataire…) ; l’ordre des lignes ne compte pas. Seul ce qui se lit est comparé :
deux durées « à déterminer » ne font pas un écart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registre.regles.contenu import Fiche
from registre.regles.lecture import FINALITES, Libelle, LigneLue, lire_fiche


@dataclass(frozen=True, slots=True)
class Ecart:
    """Un changement : ``avant`` vide pour un ajout, ``apres`` vide pour un retrait."""

    rubrique: str
    intitule: str
    avant: str
    apres: str

    @property
    def nature(self) -> str:
        """« ajout », « retrait » ou « changement »."""
        if not self.avant:
            return "ajout"
        return "changement" if self.apres else "retrait"


def comparer(avant: Fiche, apres: Fiche, libelle: Libelle) -> tuple[Ecart, ...]:
    """Les écarts entre deux contenus, dans l’ordre des rubriques ; vide s’ils se lisent pareil.

    ``libelle(vocabulaire, code)`` donne le libellé d’un code ; vocabulaires demandés :
    categories_donnees, categories_personnes, destinataires, sous_traitants, mesures_securite, pays,
    outils_transfert.
    """
    rubriques_apres = lire_fiche(apres, libelle)
    return tuple(
        ecart
        for rubrique, lignes in lire_fiche(avant, libelle).items()
        for ecart in _ecarts(rubrique, lignes, rubriques_apres[rubrique])
    )


def _ecarts(rubrique: str, avant: list[LigneLue], apres: list[LigneLue]) -> Iterator[Ecart]:
    paires, retirees, ajoutees = _apparier(avant, apres)
    if rubrique == FINALITES and len(retirees) == len(ajoutees) == 1:
        # Une finalité n’a que sa phrase pour identité : seule à bouger, elle a été reformulée.
        paires.append((retirees.pop(), ajoutees.pop()))
    for une, autre in paires:
        yield from _details(rubrique, une, autre)
    for ligne in retirees:
        yield Ecart(rubrique, ligne.nom, ligne.resume, "")
    for ligne in ajoutees:
        yield Ecart(rubrique, ligne.nom, "", ligne.resume)


def _details(rubrique: str, une: LigneLue, autre: LigneLue) -> Iterator[Ecart]:
    for nom, valeur in une.details.items():
        if valeur != autre.details[nom]:
            yield Ecart(rubrique, f"{autre.nom}, {nom}" if nom else autre.nom, valeur, autre.details[nom])


def _apparier(
    avant: list[LigneLue], apres: list[LigneLue]
) -> tuple[list[tuple[LigneLue, LigneLue]], list[LigneLue], list[LigneLue]]:
    """Les lignes de même clé deux à deux, les identiques d’abord ; puis celles restées seules."""
    paires: list[tuple[LigneLue, LigneLue]] = []
    ajoutees = list(apres)
    seules = []
    for une in avant:
        if une in ajoutees:
            ajoutees.remove(une)
        else:
            seules.append(une)
    retirees = []
    for une in seules:
        autre = next((ligne for ligne in ajoutees if ligne.cle == une.cle), None)
        if autre is None:
            retirees.append(une)
        else:
            ajoutees.remove(autre)
            paires.append((une, autre))
    return paires, retirees, ajoutees
