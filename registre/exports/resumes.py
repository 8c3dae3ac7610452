"""Une rubrique entière dans une cellule, une ligne de texte par ligne de la fiche.

Ces résumés se lisent d’un coup d’œil et se relisent à l’import (``registre.imports``).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dpd.regles.typographie import INSECABLE
from registre.exports.champs import mot
from registre.regles.conservation import libelle_duree
from registre.regles.contenu import Fiche, LigneDonnees

DEUX_POINTS = f"{INSECABLE}: "
A_DETERMINER = "à déterminer"


def avec(nom: str, precision: str) -> str:
    """« nom : précision », ou ce qui des deux est rempli."""
    return f"{nom}{DEUX_POINTS}{precision}" if nom and precision else nom or precision


def nom_de_donnees(ligne: LigneDonnees) -> str:
    return avec(mot("categories_donnees", ligne.categorie), ligne.description)


def duree_dite(ligne: LigneDonnees) -> str:
    """La durée en une phrase, vide si elle n’est pas connue."""
    dite = libelle_duree(ligne.duree)
    return "" if dite == A_DETERMINER else dite


def _finalites(fiche: Fiche) -> list[str]:
    return [
        f"{ligne.libelle} [{avec(mot('bases_legales', ligne.base_legale), ligne.texte)}]"
        if ligne.base_legale or ligne.texte
        else ligne.libelle
        for ligne in fiche.finalites
    ]


def _personnes(fiche: Fiche) -> list[str]:
    return [avec(mot("categories_personnes", p.categorie), p.precision) for p in fiche.personnes]


def _donnees(fiche: Fiche) -> list[str]:
    return [nom_de_donnees(ligne) for ligne in fiche.donnees]


def _durees(fiche: Fiche) -> list[str]:
    """Une durée par donnée, dans le même ordre, avec son sort final."""
    lignes = []
    for ligne in fiche.donnees:
        sort = "" if ligne.sort_inconnu else mot("sorts_finaux", ligne.sort_final)
        duree = duree_dite(ligne) or A_DETERMINER
        lignes.append(f"{duree}, puis {sort}" if sort else duree)
    return lignes


def _destinataires(fiche: Fiche) -> list[str]:
    return [avec(mot("destinataires", d.categorie), d.precision) for d in fiche.destinataires]


def _prestataires(fiche: Fiche) -> list[str]:
    return [avec(p.nom, mot("sous_traitants", p.type)) for p in fiche.prestataires]


def _transferts(fiche: Fiche) -> list[str]:
    if not fiche.transferts:
        return [mot("reponses_transferts", fiche.transferts_reponse)]
    return [
        avec(
            f"{t.destinataire} ({mot('pays', t.pays)})" if t.pays else t.destinataire,
            ", ".join(partie for partie in (mot("outils_transfert", t.outil), t.lien) if partie),
        )
        for t in fiche.transferts
    ]


def _mesures(fiche: Fiche) -> list[str]:
    return [avec(mot("mesures_securite", m.mesure), m.precision) for m in fiche.mesures]


RESUMES: Mapping[str, Callable[[Fiche], list[str]]] = MappingProxyType(
    {
        "finalites": _finalites,
        "personnes": _personnes,
        "donnees": _donnees,
        "durees": _durees,
        "destinataires": _destinataires,
        "prestataires": _prestataires,
        "transferts": _transferts,
        "mesures": _mesures,
    }
)


def resumer(fiche: Fiche, rubrique: str) -> str:
    """La rubrique en une cellule ; un retour à la ligne dans un texte y devient une espace."""
    return "\n".join([ligne.replace("\n", " ") for ligne in RESUMES[rubrique](fiche)])
