"""Les demandes de droits qui pressent, sur les accueils : à transmettre d’abord, puis à répondre."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from subtraitance import listes
from subtraitance.affichage_listes import DelaiVu, LigneVue, lignes_vues


@dataclass(frozen=True, slots=True)
class DemandePressee:
    """``delai`` : celui qui compte pour qui regarde ; ``a_vous`` : c’est à lui de faire le geste."""

    ligne: LigneVue
    delai: DelaiVu
    transmettre: bool
    a_vous: bool


def de_la_collectivite(collectivite, acces, maintenant: datetime, au_plus: int) -> Sequence[DemandePressee]:
    """Celles qui attendent une réponse, la plus pressée d’abord ; une lecture."""
    attendues = listes.de_la_collectivite(collectivite).filter(listes.ATTEND_REPONSE)
    lues = _lire(attendues, au_plus)
    return [
        DemandePressee(ligne, ligne.reponse, transmettre=False, a_vous=True)
        for ligne in lignes_vues(lues, acces, maintenant)
    ]


def de_la_structure(
    structure, acces, maintenant: datetime, au_plus: int, *, restreint: bool = False
) -> Sequence[DemandePressee]:
    """Celles que la structure doit transmettre, puis celles dont la réponse presse ; une lecture.

    ``restreint`` : à qui ne lit pas les dossiers, les seules transmissions à faire.
    """
    demandes = listes.de_la_structure(structure, restreint=restreint)
    attendues = listes.A_TRANSMETTRE if restreint else listes.A_TRANSMETTRE | listes.ATTEND_REPONSE
    lues = _lire(demandes.filter(attendues), au_plus, restreint=restreint)
    pressees = []
    for ligne in lignes_vues(lues, acces, maintenant):
        sienne = ligne.demande.a_transmettre
        delai = ligne.transmission if sienne else ligne.reponse
        pressees.append(DemandePressee(ligne, delai, transmettre=sienne, a_vous=sienne))
    return pressees


def _lire(requete, au_plus: int, *, restreint: bool = False):
    return listes.pour_liste(listes.trier(requete), restreint=restreint)[:au_plus]
