"""Le départ d’une collectivité : quel geste vient, lequel est refusé, et par quel texte.

La restitution ou la destruction est au choix du responsable de traitement ; restituées ou non, les copies du
sous-traitant se détruisent, sauf obligation légale de les garder (RGPD art. 28-3 g). Des archives publiques
non restituées ne se détruisent pas sans visa (code du patrimoine, art. L.212-2, L.214-3 et R.212-14).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dpd.conventions.enums import SortDonnees
from dpd.conventions.regles.en_clair import duree, le_jour
from dpd.conventions.regles.vie import EtatConvention
from dpd.regles.mois import meme_quantieme

BIENTOT_MOIS = 6  # une convention qui finit dans six mois se quitte dès maintenant
_SE_QUITTENT = frozenset({EtatConvention.DENONCEE, EtatConvention.TERMINEE, EtatConvention.ETEINTE})
_PAS_COMMENCEES = frozenset({EtatConvention.PROJET, EtatConvention.ABANDONNEE, EtatConvention.A_VENIR})

SANS_VISA = (
    "Des archives publiques ne se détruisent pas sans le visa des archives départementales (code du "
    "patrimoine, art. L.212-2 et R.212-14)\u00a0: notez d’abord sa référence et sa date. Détruire sans lui "
    "est puni de trois ans d’emprisonnement et de 45\u202f000\u00a0€ d’amende (art. L.214-3)."
)
SANS_RECEPTION = (
    "La collectivité n’a pas attesté avoir reçu son archive\u00a0: rien ne se détruit avant, ces documents "
    "sont ses archives publiques (code du patrimoine, art. L.212-2 et L.214-3)."
)
SANS_CHOIX = (
    "Le responsable de traitement n’a pas choisi la destruction\u00a0: ce choix lui appartient (RGPD, "
    "art. 28-3 g)."
)
SANS_SORT = (
    "Le responsable de traitement n’a pas choisi le sort des données\u00a0: ce choix lui appartient (RGPD, "
    "art. 28-3 g)."
)
PAS_DETRUIT = (
    "La destruction n’est pas constatée\u00a0: restituées ou non, les copies de la structure se détruisent "
    "(RGPD, art. 28-3 g). Ce qu’une loi oblige à garder se dit dans le constat."
)
ABANDONNE = "Ce départ est abandonné\u00a0: ouvrez-en un autre si la collectivité part."
CLOS = "Ce départ est clos\u00a0: il ne change plus."
PLUS_D_ARCHIVE = "La destruction est constatée\u00a0: il n’y a plus d’archive à remettre."
DEJA_DETRUIT = "La destruction est déjà constatée."
ENCORE_EN_VIGUEUR = "La convention est encore en vigueur\u00a0: attendez qu’elle ait pris fin."


class GesteDepart(StrEnum):
    """Dans l’ordre où ils se font ; ``ABANDONNER``, à tout moment avant la destruction et la clôture."""

    EXPORTER = "exporter"
    RECEVOIR = "recevoir"
    CHOISIR = "choisir"
    VISER = "viser"
    DETRUIRE = "detruire"
    CLORE = "clore"
    ABANDONNER = "abandonner"


@dataclass(frozen=True, slots=True)
class FaitsDuDepart:
    """Ce qui est fait, un jour donné. ``finie`` : la convention n’est plus en vigueur ce jour-là."""

    finie: bool = False
    exporte: bool = False
    recu_le: date | None = None
    sort: SortDonnees | None = None
    vise_le: date | None = None
    detruit_le: date | None = None
    clos: bool = False
    abandonne: bool = False

    @property
    def sous_visa(self) -> bool:
        """Rien n’est rendu à la collectivité pour y être gardé : ses archives publiques s’éliminent."""
        return bool(self.sort == SortDonnees.DESTRUCTION)


def refus_d_ouvrir(etat: EtatConvention, fin: date | None, jour: date) -> str:
    """Pourquoi le départ ne s’ouvre pas encore, ou vide s’il s’ouvre.

    Il s’ouvre sur une convention dénoncée, terminée ou éteinte, ou qui finit dans les six mois.
    """
    if etat in _SE_QUITTENT:
        return ""
    if etat in _PAS_COMMENCEES:
        return "Cette convention n’est pas encore en vigueur\u00a0: il n’y a rien à restituer."
    if fin is None:
        return "Rien ne met fin à cette convention\u00a0: notez d’abord sa dénonciation."
    if fin > meme_quantieme(jour, BIENTOT_MOIS):
        return (
            f"Cette convention vaut jusqu’au {le_jour(fin)}\u00a0: un départ s’ouvre au plus tôt "
            f"{duree(BIENTOT_MOIS)} avant sa fin."
        )
    return ""


def refus(geste: GesteDepart, faits: FaitsDuDepart) -> tuple[str, ...]:
    """Tout ce qui empêche un geste ; vide s’il est permis."""
    if faits.abandonne:
        return (ABANDONNE,)
    if faits.clos and geste != GesteDepart.EXPORTER:
        return (CLOS,)
    return tuple(phrase for phrase in _EMPECHEMENTS[geste](faits) if phrase)


def _exporter(faits: FaitsDuDepart) -> tuple[str, ...]:
    return (PLUS_D_ARCHIVE if faits.detruit_le else "",)


def _recevoir(faits: FaitsDuDepart) -> tuple[str, ...]:
    return (
        "" if faits.exporte else "Aucune archive n’est encore remise\u00a0: téléchargez-la d’abord.",
        "La réception est déjà attestée." if faits.recu_le else "",
    )


def _choisir(faits: FaitsDuDepart) -> tuple[str, ...]:
    return (DEJA_DETRUIT if faits.detruit_le else "",)


def _viser(faits: FaitsDuDepart) -> tuple[str, ...]:
    return ("" if faits.sous_visa else SANS_CHOIX, DEJA_DETRUIT if faits.detruit_le else "")


def _detruire(faits: FaitsDuDepart) -> tuple[str, ...]:
    if faits.detruit_le:
        return (DEJA_DETRUIT,)
    return (
        "" if faits.sort else SANS_SORT,
        "" if faits.finie else ENCORE_EN_VIGUEUR,
        "" if faits.recu_le else SANS_RECEPTION,
        SANS_VISA if faits.sous_visa and not faits.vise_le else "",
    )


def _clore(faits: FaitsDuDepart) -> tuple[str, ...]:
    return (
        "" if faits.finie else ENCORE_EN_VIGUEUR,
        "" if faits.recu_le else "La collectivité n’a pas attesté avoir reçu son archive.",
        "" if faits.sort else SANS_SORT,
        PAS_DETRUIT if faits.sort and not faits.detruit_le else "",
    )


def _abandonner(faits: FaitsDuDepart) -> tuple[str, ...]:
    return (f"{DEJA_DETRUIT} Ce départ va à son terme." if faits.detruit_le else "",)


_EMPECHEMENTS = {
    GesteDepart.EXPORTER: _exporter,
    GesteDepart.RECEVOIR: _recevoir,
    GesteDepart.CHOISIR: _choisir,
    GesteDepart.VISER: _viser,
    GesteDepart.DETRUIRE: _detruire,
    GesteDepart.CLORE: _clore,
    GesteDepart.ABANDONNER: _abandonner,
}


def refus_de_date(le: date, faits: FaitsDuDepart) -> str:
    """Pourquoi une destruction ne peut être de ce jour-là, ou vide : elle suit la réception et le visa."""
    if faits.recu_le and le < faits.recu_le:
        return f"L’archive n’a été reçue que le {le_jour(faits.recu_le)}\u00a0: rien ne se détruit avant."
    if faits.vise_le and le < faits.vise_le:
        return (
            f"Le visa n’est que du {le_jour(faits.vise_le)}\u00a0: toute élimination est interdite avant "
            "(code du patrimoine, art. R.212-14)."
        )
    return ""


def prochain(faits: FaitsDuDepart) -> GesteDepart | None:
    """Le geste qui vient, ou rien si le départ est clos ou abandonné."""
    if faits.abandonne:
        return None
    restants = (
        (GesteDepart.EXPORTER, not faits.exporte),
        (GesteDepart.RECEVOIR, not faits.recu_le),
        (GesteDepart.CHOISIR, not faits.sort),
        (GesteDepart.VISER, faits.sous_visa and not faits.vise_le),
        (GesteDepart.DETRUIRE, not faits.detruit_le),
        (GesteDepart.CLORE, not faits.clos),
    )
    return next((geste for geste, reste in restants if reste), None)
