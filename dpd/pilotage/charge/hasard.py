"""Un hasard qui se rejoue : la même graine et la même clé donnent le même tirage, sur toute machine."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")
NOMS = (
    *("Barthélemy", "Cazaubon", "Delmas", "Étchegaray", "Fauré", "Guérin", "Héraut", "Jaurès", "Lœuilly"),
    *("Maçon", "Noël", "Œuvrard", "Pélissier", "Quéré", "Roucoules", "Saïdi", "Théodore", "Vigneault"),
)
PRENOMS = ("Aïcha", "Benoît", "Chloé", "Désirée", "Élodie", "François", "Gaël", "Hélène", "Inès", "Jérôme")


class Hasard:
    """Un tirage par sujet : en ajouter un ne change pas les autres."""

    def __init__(self, graine: int, cle: str) -> None:
        self._tirage = random.Random(f"{graine}:{cle}")  # noqa: S311 — un jeu d’essai, pas un secret

    def entier(self, mini: int, maxi: int) -> int:
        """Bornes comprises."""
        return self._tirage.randint(mini, maxi)

    def chance(self, part: float) -> bool:
        return self._tirage.random() < part

    def un(self, choix: Sequence[T]) -> T:
        return self._tirage.choice(choix)

    def selon(self, poids: Mapping[T, int]) -> T:
        """Une clé, d’autant plus souvent que son poids est grand."""
        return self._tirage.choices(list(poids), list(poids.values()))[0]

    def quelques(self, choix: Sequence[T], nombre: int) -> list[T]:
        return self._tirage.sample(choix, min(nombre, len(choix)))

    def melange(self, choix: Sequence[T]) -> list[T]:
        return self._tirage.sample(choix, len(choix))

    def passe(self, maintenant: datetime, jours: int, depuis: int = 0) -> datetime:
        """Un instant d’il y a ``depuis`` à ``jours`` jours."""
        return maintenant - timedelta(minutes=self.entier(depuis * 1440, jours * 1440))

    def personne(self) -> tuple[str, str]:
        return self.un(PRENOMS), self.un(NOMS)
