"""Ce qui désigne une collectivité touchée par un incident, du plus sûr au moins sûr.

Un registre se remplit à la main : « SAS Logi-Quercy » y devient « logi quercy ». Deux noms se rapprochent
par leurs mots, formes juridiques ôtées ; un nom trop court n’est jamais cherché dans une fiche.
"""

from enum import Enum

from dpd.regles.texte import normaliser

FORMES_JURIDIQUES = frozenset({"sas", "sasu", "sa", "sarl", "eurl", "snc", "scop", "sca", "gie", "ste"})
LONGUEUR_MINIMALE = 3


class Indice(Enum):
    """``sur`` : assez pour cocher d’avance ; ``sobre`` : la phrase pour qui ne lit ni contrats ni fiches."""

    STRUCTURE = (True, "la structure l’accompagne")
    LOGICIEL = (True, "elle emploie ce logiciel")
    CONTRAT = (True, "elle a un contrat en cours avec ce prestataire")
    FICHE_LOGICIEL = (True, "son registre cite ce logiciel")
    FICHE_PRESTATAIRE = (True, "son registre cite ce prestataire")
    LOGICIEL_NON_NOTE = (False, "elle a un contrat avec ce prestataire, où ce logiciel n’est pas noté")
    CONTRAT_FINI = (False, "elle a eu un contrat avec ce prestataire, qui a pu garder des données")

    @property
    def sur(self) -> bool:
        return self.value[0]

    @property
    def sobre(self) -> str:
        return self.value[1]

    @property
    def rang(self) -> int:
        return list(Indice).index(self)


def cle_de(nom: str) -> str:
    """Les mots du nom, sans accents ni forme juridique ; vide s’il en reste trop peu pour le chercher."""
    mots = [mot for mot in normaliser(nom).split() if mot not in FORMES_JURIDIQUES]
    cle = " ".join(mots)
    return cle if len(cle) >= LONGUEUR_MINIMALE else ""


def cite(cle: str, texte: str) -> bool:
    """Vrai si le texte porte ce nom en mots entiers : « agora » ne se lit pas dans « agoraphobie »."""
    return bool(cle) and f" {cle} " in f" {normaliser(texte)} "
