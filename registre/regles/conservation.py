"""Combien de temps une donnée est gardée, et ce qu’elle devient ensuite.

La durée du RGPD (art. 5-1 e, 30-1 f), la durée d’utilité administrative et le sort final (code du
patrimoine, art. L.212-2) sont trois notions séparées. Une échéance atteinte n’efface rien : aucune
archive publique n’est éliminée sans visa du directeur des Archives départementales (R.212-14).
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from dpd.regles.calendrier import exiger_date
from dpd.regles.mois import meme_quantieme
from dpd.regles.typographie import INSECABLE, nombre, pluriel
from registre.regles.contenu import PERMANENTE, Duree

SORTS_FINAUX: Mapping[str, str] = MappingProxyType(
    {
        "E": "Élimination, avec visa des Archives",  # code du patrimoine, R.212-14
        "T": "Tri",  # avec les Archives : une partie conservée, le reste éliminé sous visa
        "C": "Versement aux Archives",  # conservation définitive, L.212-11 et suivants
        "X": "Effacement technique",  # copies et flux sans caractère d’archives
        "R": "Restitution à la personne",
    }
)

_UNITES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"jour": ("jour", "jours"), "mois": ("mois", "mois"), "annee": ("an", "ans")}
)
_ISO = re.compile(r"P(?:(?P<a>\d+)Y)?(?:(?P<m>\d+)M)?|P(?P<s>\d+)W|P(?P<j>\d+)D", re.ASCII)


def est_definie(duree: Duree) -> bool:
    """Vrai si la durée est chiffrée ou permanente ; « je ne sais pas » ne l’est pas."""
    if duree.inconnue:
        return False
    return duree.unite == PERMANENTE or (duree.unite in _UNITES and duree.nombre is not None)


def echeance_conservation(regle: Duree, evenement: date | None) -> date | None:
    """Le jour où la durée s’achève, comptée depuis l’événement de départ.

    Mois et années civils : même quantième, sinon dernier jour du mois. None si la durée est
    permanente ou inconnue, ou si l’événement n’a pas eu lieu. ValueError si l’événement n’est pas une
    date, si la durée est négative ou démesurée.
    """
    if evenement is None or not est_definie(regle) or regle.nombre is None:
        return None
    exiger_date(evenement, "L’événement de départ")
    if regle.nombre < 0:
        raise ValueError("Une durée de conservation ne peut pas être négative.")
    if regle.unite != "jour":
        return meme_quantieme(evenement, regle.nombre * (12 if regle.unite == "annee" else 1))
    try:
        return evenement + timedelta(days=regle.nombre)
    except OverflowError:
        raise ValueError("Durée de conservation démesurée.") from None


def lire_duree_iso(texte: str) -> Duree:
    """La durée écrite en ISO 8601 : « P13M », « P10Y », « P30D », « P2W », « P1Y6M » (18 mois).

    ValueError si elle est illisible ou mêle jours et mois.
    """
    lu = _ISO.fullmatch(texte.strip().upper())
    if lu is None or not any(lu.groups()):
        raise ValueError(f"Durée illisible : « {texte} ». Écrivez par exemple P13M, P10Y ou P30D.")
    annees, mois, semaines, jours = (int(partie) if partie else 0 for partie in lu.group("a", "m", "s", "j"))
    if lu["s"] or lu["j"]:
        return Duree(jours + 7 * semaines, "jour")
    return Duree(12 * annees + mois, "mois") if lu["m"] else Duree(annees, "annee")


def libelle_duree(duree: Duree) -> str:
    """« 13 mois après le dernier prélèvement », « jusqu’au départ », « sans limite », « à déterminer ».

    Un nombre nul se lit « jusqu’à » l’événement, ou « effacement immédiat » sans événement.
    """
    if not est_definie(duree):
        return "à déterminer"
    if duree.unite == PERMANENTE or duree.nombre is None:
        return "sans limite"
    evenement = duree.evenement.strip()
    if duree.nombre == 0:
        return _jusqu_a(evenement) if evenement else "effacement immédiat"
    mesure = f"{nombre(duree.nombre)}{INSECABLE}{pluriel(duree.nombre, *_UNITES[duree.unite])}"
    return f"{mesure} après {evenement}" if evenement else mesure


def _jusqu_a(evenement: str) -> str:
    article, _, suite = evenement.partition(" ")
    contracte = {"le": "au", "les": "aux"}.get(article)
    return f"jusqu’{contracte} {suite}" if contracte and suite else f"jusqu’à {evenement}"
