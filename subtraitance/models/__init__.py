"""La sous-traitance : annuaire, contrats, autorisations, instructions, registre 30-2, demandes de droits."""

from subtraitance.models.annuaire import Certification, Logiciel, SousTraitant, SousTraitantUlterieur
from subtraitance.models.contrat import ClauseControlee, Contrat, LogicielEmploye
from subtraitance.models.demande import DemandeDroits
from subtraitance.models.demande_suites import (
    LettreDemande,
    PieceDemande,
    Prolongation,
    Reponse,
    SuspensionDemande,
    Transmission,
)
from subtraitance.models.registre_30_2 import (
    ActiviteSousTraitee,
    DonneesDetenues,
    LieuHebergement,
    RegleDetention,
    ResponsableServi,
)
from subtraitance.models.reglages import ReglagesDemandes
from subtraitance.models.suites import Autorisation, Instruction

__all__ = [
    "ActiviteSousTraitee",
    "Autorisation",
    "Certification",
    "ClauseControlee",
    "Contrat",
    "DemandeDroits",
    "DonneesDetenues",
    "Instruction",
    "LettreDemande",
    "LieuHebergement",
    "Logiciel",
    "LogicielEmploye",
    "PieceDemande",
    "Prolongation",
    "ReglagesDemandes",
    "RegleDetention",
    "Reponse",
    "ResponsableServi",
    "SousTraitant",
    "SousTraitantUlterieur",
    "SuspensionDemande",
    "Transmission",
]
