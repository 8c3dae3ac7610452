"""Ce qu’il y a à faire, dans l’ordre où il faut le faire, avec qui décide."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from registre.listes import fiches_courantes
from registre.models import VersionTraitement
from registre.regles.affichage import EtatAffiche, etat_affiche

MAX_TACHES = 6
MINUTES = {
    "adoption_attendue": 5,
    "a_completer": 10,
    "a_transmettre": 2,
    "a_relire": 10,
    "brouillon": 20,
}


@dataclass(frozen=True, slots=True)
class Tache:
    """Une action, un bouton ; ``decide`` dit qui tranche quand ce n’est pas la personne connectée."""

    version: VersionTraitement
    etat: EtatAffiche
    minutes: int


ORDRE = ("adoption_attendue", "a_transmettre", "a_completer", "a_relire", "brouillon")


def taches_de(collectivite, jour: date, *, tient: bool = True) -> list[Tache]:
    """Les fiches qui demandent un geste, les plus proches du but d’abord ; une requête.

    ``tient`` : la personne tient le registre ; sinon, seules les décisions attendues lui reviennent.
    """
    requete = (
        fiches_courantes(collectivite)
        .filter(Q(etat__in=["brouillon", "avis_rendu"]) | Q(etat="adoptee", relire_avant__lte=jour))
        .defer("contenu", "recherche")
        .select_related("traitement")
        .order_by("nb_manques", "modifie_le")
    )
    taches = []
    for version in requete:
        etat = etat_affiche(version.etat, version.manquantes, version.relire_avant, jour)
        if etat.cle in MINUTES and (tient or etat.cle == "adoption_attendue"):
            taches.append(Tache(version, etat, MINUTES[etat.cle]))
    return sorted(taches, key=lambda t: ORDRE.index(t.etat.cle))
