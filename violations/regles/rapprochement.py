"""Ce qui désigne une collectivité touchée par un incident, du plus sûr au moins sûr.

Un registre se remplit à la main : « SAS Logi-Quercy » y devient « logi quercy ». Deux noms se rapprochent
par leurs mots, formes juridiques ôtées ; un nom trop court n’est jamais cherché dans une fiche.
"""

from enum import Enum, auto

from dpd.regles.texte import normaliser

FORMES_JURIDIQUES = frozenset({"sas", "sasu", "sa", "sarl", "eurl", "snc", "scop", "sca", "gie", "ste"})
LONGUEUR_MINIMALE = 3


class Indice(Enum):
    """``sur`` : assez pour cocher d’avance. ``LOGICIEL_NON_NOTE`` : un contrat qui en nomme d’autres."""

    STRUCTURE = auto()
    LOGICIEL = auto()
    CONTRAT = auto()
    FICHE_LOGICIEL = auto()
    FICHE_PRESTATAIRE = auto()
    LOGICIEL_NON_NOTE = auto()
    CONTRAT_FINI = auto()

    @property
    def sur(self) -> bool:
        return self not in (Indice.LOGICIEL_NON_NOTE, Indice.CONTRAT_FINI)

    @property
    def rang(self) -> int:
        return self.value


def cle_de(nom: str) -> str:
    """Les mots du nom, sans accents ni forme juridique ; vide s’il en reste trop peu pour le chercher."""
    mots = [mot for mot in normaliser(nom).split() if mot not in FORMES_JURIDIQUES]
    cle = " ".join(mots)
    return cle if len(cle) >= LONGUEUR_MINIMALE else ""


def cite(cle: str, texte: str) -> bool:
    """Vrai si le texte porte ce nom en mots entiers : « agora » ne se lit pas dans « agoraphobie »."""
    return bool(cle) and f" {cle} " in f" {normaliser(texte)} "
