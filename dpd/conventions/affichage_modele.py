"""Un pas de calcul, et ce qu’il faut savoir autour d’un montant pour l’expliquer."""

from dataclasses import dataclass
from datetime import date

from dpd.conventions.affichage_formules import Formule
from dpd.conventions.affichage_frise import Frise
from dpd.conventions.enums import LectureIndice, ReglePhase
from dpd.conventions.regles.sources import Sources


@dataclass(frozen=True, slots=True)
class Etape:
    """``attente`` : le mot de l’étiquette quand le résultat manque encore ; vide s’il est connu."""

    titre: str
    textes: tuple[str, ...]
    resultat: str = ""
    attente: str = ""
    frise: Frise | None = None
    marge: str = ""
    formule: Formule | None = None
    pourquoi: str = ""


@dataclass(frozen=True, slots=True)
class Contexte:
    """Ce que les sources ne disent pas : la convention, et comment se lit l’indice."""

    rang: int  # la première année de la convention est la 1
    regle_phase: str = ReglePhase.PREMIER_EXERCICE.value
    lecture: str = LectureIndice.DU_MOIS.value
    jour: date | None = None  # ce qui devait paraître avant lui est en retard de saisie
    article_prorata: str = ""
    article_hausse: str = ""
    hausse_mois: int | None = None
    raccord: str = ""  # la délibération, en toutes lettres


def citer(sources: Sources) -> str:
    """Le barème et le texte qui le fixe."""
    return f"{sources.bareme} ({sources.source})." if sources.source else f"{sources.bareme}."
