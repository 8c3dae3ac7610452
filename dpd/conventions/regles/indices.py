"""Quel indice retenir, comment passer d’une série à l’autre, comment réviser plusieurs années.

L’indice Syntec est publié par la Fédération Syntec. Sa série d’origine s’arrête en juillet 2022 ;
aucune valeur n’est jamais déduite : un indice qui n’a pas été saisi manque, et le montant l’attend.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from dpd.conventions.enums import LectureIndice, SerieIndice
from dpd.conventions.regles.tarifs import PRECISION, Indice, reviser

DERNIER_MOIS_ANCIEN = (2022, 7)  # la série d’origine n’est plus publiée ensuite
# Un indice paraît un à deux mois après celui qu’il décrit (novembre 2023 : 29/12/2023 ; septembre 2024 :
# 31/10/2024). Plus ancien, il n’est pas le dernier publié : le suivant n’est pas saisi.
RETARD_DE_PUBLICATION = 2  # mois


@dataclass(frozen=True, slots=True)
class IndicePublie:
    """Un indice mensuel : ``publie_le`` peut manquer, sa source jamais."""

    serie: str
    annee: int
    mois: int
    valeur: Decimal
    publie_le: date | None
    source: str

    @property
    def indice(self) -> Indice:
        return Indice(self.valeur, self.serie)


@dataclass(frozen=True, slots=True)
class Raccord:
    """Le coefficient ``vers``/``de`` délibéré par la structure : il prolonge la série ``de``."""

    de: str
    vers: str
    coefficient: Decimal

    def relie(self, de: str, vers: str) -> bool:
        """Vrai si la règle dit comment prolonger ``de`` par ``vers``."""
        return (self.de, self.vers) == (de, vers)


def serie_publiee(annee: int, mois: int) -> str:
    """La série où l’indice d’un mois paraît pour la première fois."""
    ancienne = (annee, mois) <= DERNIER_MOIS_ANCIEN
    return str(SerieIndice.ANCIEN if ancienne else SerieIndice.REVISE)


def prolonger(indice: Indice, serie: str, raccord: Raccord | None) -> Indice:
    """L’indice exprimé dans ``serie`` : tel quel s’il en est, sinon divisé par le coefficient.

    :raises ValueError: si aucune règle délibérée ne relie les deux séries, ou si son coefficient
        n’est pas strictement positif.
    """
    if indice.serie == serie:
        return indice
    if raccord is None or not raccord.relie(serie, indice.serie):
        raise ValueError(
            "L’indice a changé de série\u00a0: le calcul reste bloqué tant qu’une règle de raccord "
            "n’est pas délibérée et enregistrée."
        )
    if raccord.coefficient <= 0:
        raise ValueError("Un coefficient de raccord est strictement positif.")
    with localcontext(prec=PRECISION):
        return Indice(indice.valeur / raccord.coefficient, serie)


def indice_de_reference(
    indices: Iterable[IndicePublie], annee: int, mois: int, lecture: LectureIndice, serie: str
) -> IndicePublie | None:
    """L’indice « en vigueur » au mois dit, ou ``None`` s’il n’est pas encore saisi.

    ``DU_MOIS`` : celui de ce mois, dans ``serie`` de préférence. ``DERNIER_PUBLIE`` : le plus récent
    dont la publication est connue et ne dépasse pas le dernier jour du mois, s’il décrit ce mois ou l’un
    des deux précédents ; un plus ancien dit seulement que la saisie a pris du retard.
    """
    if lecture == LectureIndice.DU_MOIS:
        retenus = [i for i in indices if (i.annee, i.mois) == (annee, mois)]
    else:
        fin = date(annee + mois // 12, mois % 12 + 1, 1) - timedelta(days=1)
        connus = [i for i in indices if i.publie_le is not None and i.publie_le <= fin]
        retenus = [i for i in connus if (annee - i.annee) * 12 + mois - i.mois <= RETARD_DE_PUBLICATION]
    return max(retenus, key=lambda i: (i.annee, i.mois, i.serie == serie), default=None)


def reviser_base_fixe(prix: Decimal, base: Indice, nouveau: Indice, raccord: Raccord | None) -> Decimal:
    """Depuis le prix d’origine, en une fois. ``ValueError`` comme :func:`prolonger` et ``reviser``."""
    return reviser(prix, prolonger(nouveau, base.serie, raccord), base)


def reviser_en_chaine(
    prix: Decimal, base: Indice, suite: Sequence[Indice], raccord: Raccord | None
) -> list[Decimal]:
    """Le prix de chaque année, chacun révisé depuis le précédent et arrondi au centime.

    Le raccord n’est appliqué qu’au passage d’une série à l’autre.
    """
    prix_successifs, ancien = [], base
    for nouveau in suite:
        prix = reviser(prix, prolonger(nouveau, ancien.serie, raccord), ancien)
        prix_successifs.append(prix)
        ancien = nouveau
    return prix_successifs
