"""L’annuaire des prestataires de la structure, et ce que chaque collectivité y rattache."""

from subtraitance.models.annuaire import Logiciel, SousTraitant
from subtraitance.models.contrat import Contrat, LogicielEmploye

__all__ = ["Contrat", "Logiciel", "LogicielEmploye", "SousTraitant"]
