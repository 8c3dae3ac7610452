"""Les heures d’un dossier : celles de la collectivité, et celles de son DPD s’il vit à une autre heure."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from dpd.comptes.models import Collectivite
from dpd.comptes.models.structure import TERRITOIRES
from dpd.regles.calendrier import Territoire, fuseau
from violations.regles.durees import quand, quand_court


@dataclass(frozen=True, slots=True)
class Heures:
    """``dpd`` : le fuseau de la structure ; les deux se montrent quand leurs pendules diffèrent."""

    fuseau: tzinfo
    dpd: tzinfo
    nom: str

    def quand(self, instant: datetime) -> str:
        """« lundi 23 novembre, 17 h 25 »."""
        return quand(instant, self.fuseau)

    def court(self, instant: datetime) -> str:
        """« Mercredi 18 nov., 22 h 00 »."""
        return quand_court(instant, self.fuseau)

    def chez_le_dpd(self, instant: datetime) -> str:
        """« lundi 23 novembre, 21 h 25 pour le DPD » ; vide si c’est la même heure."""
        if instant.astimezone(self.fuseau).utcoffset() == instant.astimezone(self.dpd).utcoffset():
            return ""
        return f"{quand(instant, self.dpd)} pour le DPD"

    @property
    def legale(self) -> str:
        """« Heure légale : Guyane (America/Cayenne) »."""
        return f"Heure légale\u00a0: {self.nom} ({self.fuseau})"


def heures_de(collectivite: Collectivite) -> Heures:
    """Les pendules d’une collectivité, sa structure déjà lue."""
    return Heures(
        fuseau=collectivite.fuseau,
        dpd=fuseau(Territoire(collectivite.structure.territoire)),
        nom=dict(TERRITOIRES)[collectivite.territoire],
    )
