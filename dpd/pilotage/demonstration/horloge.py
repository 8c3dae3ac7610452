"""Quand les faits de la démonstration ont eu lieu : à des jours ouvrés, comptés depuis l’instant donné."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dpd.regles.calendrier import Territoire, est_ouvre, fuseau


@dataclass(frozen=True, slots=True)
class Horloge:
    """``maintenant`` : un instant aware, celui où la démonstration se regarde."""

    maintenant: datetime
    territoire: Territoire

    def jour(self, jours: int) -> date:
        """Le jour ouvré qu’il était il y a tant de jours, ou le précédent.

        :raises ValueError: s’il n’est pas encore passé.
        """
        if jours < 1:
            raise ValueError("Un fait de la démonstration date au plus tard de la veille.")
        jour = self.maintenant.astimezone(fuseau(self.territoire)).date() - timedelta(days=jours)
        while not est_ouvre(jour, self.territoire):
            jour -= timedelta(days=1)
        return jour

    def instant(self, jours: int, heures: int, minutes: int = 0) -> datetime:
        """L’instant UTC de ce jour-là, à cette heure de la collectivité."""
        local = datetime.combine(self.jour(jours), time(heures, minutes), tzinfo=fuseau(self.territoire))
        return local.astimezone(UTC)
