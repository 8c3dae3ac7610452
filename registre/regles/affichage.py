"""L’état d’une fiche tel qu’on le montre : un mot, une forme, une icône."""

from datetime import date
from typing import NamedTuple


class EtatAffiche(NamedTuple):
    """``ton`` : fait, attention, accent, brouillon ou vide ; ``icone`` : nom dans le jeu d’icônes."""

    cle: str
    libelle: str
    ton: str
    icone: str


BROUILLON = EtatAffiche("brouillon", "Brouillon", "brouillon", "pencil")
A_COMPLETER = EtatAffiche("a_completer", "À compléter", "attention", "circle-half")
A_TRANSMETTRE = EtatAffiche("a_transmettre", "À transmettre", "accent", "send")
AVIS_ATTENDU = EtatAffiche("avis_attendu", "Avis du DPD attendu", "attention", "hourglass-split")
ADOPTION_ATTENDUE = EtatAffiche("adoption_attendue", "Adoption attendue", "attention", "hourglass-split")
A_RELIRE = EtatAffiche("a_relire", "À relire", "accent", "arrow-repeat")
ADOPTEE = EtatAffiche("adoptee", "Adoptée", "fait", "check-circle-fill")
ABROGEE = EtatAffiche("abrogee", "Abrogée", "", "clock-history")
INCOMPLETE = EtatAffiche("incomplete", "Incomplète", "attention", "circle-half")  # s’ajoute à l’état

ETATS_AFFICHES = (
    A_COMPLETER,
    BROUILLON,
    A_TRANSMETTRE,
    AVIS_ATTENDU,
    ADOPTION_ATTENDUE,
    A_RELIRE,
    ADOPTEE,
    ABROGEE,
)
SEUIL_BROUILLON = 4  # au-delà de trois éléments manquants, la fiche est encore une ébauche

_PAR_ETAT = {
    "transmise": AVIS_ATTENDU,
    "avis_rendu": ADOPTION_ATTENDUE,
    "remplacee": ABROGEE,
    "abrogee": ABROGEE,
    "retiree": ABROGEE,
}


def etat_affiche(etat: str, manquantes: str, relire_avant: date | None, jour: date) -> EtatAffiche:
    """L’état à montrer au ``jour`` dit, d’après l’état du parcours, les manques et la date de revue."""
    if etat == "brouillon":
        if not manquantes:
            return A_TRANSMETTRE
        return A_COMPLETER if len(manquantes) < SEUIL_BROUILLON else BROUILLON
    if etat == "adoptee":
        return A_RELIRE if relire_avant is not None and relire_avant <= jour else ADOPTEE
    return _PAR_ETAT[etat]


def complement_affiche(etat: str, manquantes: str) -> EtatAffiche | None:
    """Ce que l’état tait : une fiche adoptée, ou en route pour l’être, à qui il manque un élément.

    Adopter une fiche incomplète est permis ; le registre n’en est pas moins à compléter (art. 30-1). Un
    brouillon le dit déjà, une fiche abrogée n’est plus à compléter.
    """
    return INCOMPLETE if manquantes and etat in ("transmise", "avis_rendu", "adoptee") else None
