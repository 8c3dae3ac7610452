"""Les délais que sait compter le calculateur, leur règle dite en clair et le texte qui la porte.

Sources : RGPD art. 12-3, 33-1 et 33-2 ; règlement (CEE, Euratom) 1182/71, art. 3 ; clauses des conventions
de sous-traitance pour les 24 heures, les 48 heures ouvrées et les jours ouvrés.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Delai(StrEnum):
    HEURES_24 = "24_heures"
    HEURES_72 = "72_heures"
    HEURES_48_OUVREES = "48_heures_ouvrees"
    UN_MOIS = "1_mois"
    TROIS_MOIS = "3_mois"
    JOURS_OUVRES_15 = "15_jours_ouvres"
    PREAVIS = "preavis"


@dataclass(frozen=True, slots=True)
class Regle:
    """``en_heures`` : le départ est un instant, sinon un jour ; ``source`` : le texte qui le dit."""

    libelle: str
    phrase: str
    source: str
    en_heures: bool = False


REGLES: Mapping[Delai, Regle] = MappingProxyType(
    {
        Delai.HEURES_24: Regle(
            "24 heures réelles\u00a0: le prestataire prévient la collectivité d’une violation",
            "Toutes les heures comptent, nuits, week-ends et jours fériés compris. Rien n’est reporté.",
            "Convention de sous-traitance, si elle le dit\u202f; à défaut, "
            "«\u00a0dans les meilleurs délais\u00a0» (RGPD, art. 33-2)",
            en_heures=True,
        ),
        Delai.HEURES_72: Regle(
            "72 heures réelles\u00a0: notifier une violation à la CNIL",
            "Toutes les heures comptent, nuits, week-ends et jours fériés compris. Rien n’est reporté.",
            "RGPD, art. 33-1",
            en_heures=True,
        ),
        Delai.HEURES_48_OUVREES: Regle(
            "48 heures, hors week-ends et jours fériés\u00a0: transmettre une demande à la collectivité",
            "On compte 24 heures par jour, du lundi au vendredi hors jours fériés. Une demande reçue un jour "
            "fermé part à 0 h du premier jour ouvré.",
            "Convention, si elle dit «\u00a048 heures, non compris jours fériés et week-end\u00a0»\u202f; à "
            "défaut, délai retenu par la structure",
            en_heures=True,
        ),
        Delai.UN_MOIS: Regle(
            "Un mois\u00a0: répondre à une demande de droits",
            "Le jour de réception ne compte pas. Le délai finit au même quantième, ou au dernier jour du "
            "mois\u202f; si ce jour est fermé, au premier jour ouvré qui suit.",
            "RGPD, art. 12-3\u202f; règlement 1182/71, art. 3",
        ),
        Delai.TROIS_MOIS: Regle(
            "Trois mois\u00a0: répondre à une demande prolongée",
            "Les trois mois partent de la réception, pas de la première échéance. Le demandeur doit en être "
            "averti dans le premier mois, avec les motifs.",
            "RGPD, art. 12-3\u202f; règlement 1182/71, art. 3",
        ),
        Delai.JOURS_OUVRES_15: Regle(
            "15 jours ouvrés\u00a0: détruire un dossier de certificat",
            "Du lundi au vendredi hors jours fériés\u202f; le jour de réception ne compte pas. Le samedi est "
            "ouvrable en droit du travail, pas ici.",
            "Convention de sous-traitance, «\u00a0quinze jours ouvrés maximum\u00a0»",
        ),
        Delai.PREAVIS: Regle(
            "Préavis à rebours\u00a0: dénoncer avant le terme d’une convention",
            "On remonte du terme, au même quantième. Si ce jour est fermé, on agit le dernier jour ouvré "
            "d’avant\u202f; un préavis n’est jamais reporté.",
            "La convention elle-même\u202f; l’avancée au jour ouvré d’avant est une prudence",
        ),
    }
)
