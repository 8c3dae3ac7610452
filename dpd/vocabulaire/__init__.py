"""Les vocabulaires fermés du RGPD, partagés par tous les livres ; une valeur stockée ne change jamais."""

from dpd.vocabulaire.conservation import SortFinal, UniteDuree
from dpd.vocabulaire.destinataires import CategorieDestinataire, TypePrestataire
from dpd.vocabulaire.donnees import ENCADREE, SENSIBLE, VIGILANCE, CategorieDonnees
from dpd.vocabulaire.fondements import BaseLegale, ExceptionArt9, NatureDestinataire, OutilTransfert
from dpd.vocabulaire.mesures import FICHES_CNIL_2024, NIVEAUX_SECURITE, MesureSecurite
from dpd.vocabulaire.pays import ADEQUATION, Pays
from dpd.vocabulaire.personnes import VULNERABLES, CategoriePersonnes

__all__ = [
    "ADEQUATION",
    "ENCADREE",
    "FICHES_CNIL_2024",
    "NIVEAUX_SECURITE",
    "SENSIBLE",
    "VIGILANCE",
    "VULNERABLES",
    "BaseLegale",
    "CategorieDestinataire",
    "CategorieDonnees",
    "CategoriePersonnes",
    "ExceptionArt9",
    "MesureSecurite",
    "NatureDestinataire",
    "OutilTransfert",
    "Pays",
    "SortFinal",
    "TypePrestataire",
    "UniteDuree",
]
