"""Un état tel qu’on le montre : un mot, une forme, une icône."""

from typing import NamedTuple


class Etiquette(NamedTuple):
    """Ce que lit la balise ``etat``. ``ton`` : fait, attention, accent, urgence, brouillon ou vide."""

    libelle: str
    ton: str
    icone: str
