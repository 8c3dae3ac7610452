"""Ce qu’une personne change à une fiche complétée : l’oubli d’une durée, le doute, un ajout."""

from collections.abc import Callable
from dataclasses import replace

from registre.regles.contenu import Duree, Fiche, LigneDonnees


def _derniere(fiche: Fiche, ligne: LigneDonnees) -> Fiche:
    return replace(fiche, donnees=(*fiche.donnees[:-1], ligne))


def oublier_une_duree(fiche: Fiche) -> Fiche:
    """La dernière donnée n’a ni durée ni sort final : il manque le point f."""
    return _derniere(fiche, replace(fiche.donnees[-1], duree=Duree(), archivage="", sort_final=""))


def je_ne_sais_pas(fiche: Fiche) -> Fiche:
    """« Je ne sais pas » sur la durée de la dernière donnée : la question part au délégué."""
    return _derniere(fiche, replace(fiche.donnees[-1], duree=Duree(inconnue=True)))


def douter_du_sort(fiche: Fiche) -> Fiche:
    """« Je ne sais pas » sur la durée et sur le sort final de la dernière donnée."""
    ligne = replace(fiche.donnees[-1], duree=Duree(inconnue=True), sort_final="", sort_inconnu=True)
    return _derniere(fiche, ligne)


def douter_de_l_europe(fiche: Fiche) -> Fiche:
    """« Je ne sais pas » si des données sortent d’Europe."""
    return replace(fiche, transferts_reponse="inconnu", transferts=())


def rester_en_europe(fiche: Fiche) -> Fiche:
    return replace(fiche, transferts_reponse="aucun", transferts=())


def avec(**rubriques) -> Callable[[Fiche], Fiche]:
    """La retouche qui remplace des rubriques entières."""
    return lambda fiche: replace(fiche, **rubriques)


def puis(*retouches: Callable[[Fiche], Fiche]) -> Callable[[Fiche], Fiche]:
    """Plusieurs retouches, l’une après l’autre."""

    def retoucher(fiche: Fiche) -> Fiche:
        for retouche in retouches:
            fiche = retouche(fiche)
        return fiche

    return retoucher


def preciser_les_personnes(*precisions: str) -> Callable[[Fiche], Fiche]:
    """Ajoute une précision à chaque catégorie de personnes, dans l’ordre de la fiche."""

    def retoucher(fiche: Fiche) -> Fiche:
        lignes = [
            replace(p, precision=precision) for p, precision in zip(fiche.personnes, precisions, strict=False)
        ]
        return replace(fiche, personnes=(*lignes, *fiche.personnes[len(lignes) :]))

    return retoucher
