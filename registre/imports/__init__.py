"""Le registre qui entre : classeurs à la forme de la CNIL, tableaux et JSON, relus puis confirmés."""

from registre.imports.lecture import EXTENSIONS, FICHES_MAXIMALES, lire_registre
from registre.imports.modele import Constat, FicheLue, Lecture

__all__ = ["EXTENSIONS", "FICHES_MAXIMALES", "Constat", "FicheLue", "Lecture", "lire_registre"]
