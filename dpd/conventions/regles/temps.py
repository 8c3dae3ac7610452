"""Le temps d’une prestation : les durées que l’on saisit, et ce qui reste de ce qui était prévu."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from dpd.conventions.regles.tarifs import Phase
from dpd.regles.durees import duree_en_heures, lire_duree
from dpd.regles.mois import meme_quantieme
from dpd.regles.typographie import INSECABLE, nombre

# Durée légale du travail, 35 heures sur cinq jours (décret n° 2000-815, art. 1er) ; le barème peut en dire
# une autre, et c’est alors la sienne qui compte.
JOURNEE_LEGALE = 7 * 60


class Duree(StrEnum):
    """Les durées proposées d’un geste ; la demi-journée et la journée suivent le barème."""

    QUART_D_HEURE = "15"
    DEMI_HEURE = "30"
    UNE_HEURE = "60"
    DEUX_HEURES = "120"
    DEMI_JOURNEE = "demi"
    JOURNEE = "journee"
    AUTRE = "autre"


def minutes_de(duree: Duree, journee: int, autre: str = "") -> int:
    """Les minutes d’une durée choisie ; ``journee`` : celle du barème, en minutes.

    :raises ValueError: si la durée libre ne se lit pas.
    """
    if duree is Duree.AUTRE:
        return lire_duree(autre)
    if duree in (Duree.DEMI_JOURNEE, Duree.JOURNEE):
        return journee if duree is Duree.JOURNEE else (journee + 1) // 2
    return int(duree)


def durees_proposees(journee: int) -> list[tuple[str, str]]:
    """(valeur, libellé) des durées à choisir ; la journée dit combien d’heures elle compte."""
    demi = duree_en_heures(minutes_de(Duree.DEMI_JOURNEE, journee))
    return [
        (Duree.QUART_D_HEURE.value, "¼\u00a0h"),
        (Duree.DEMI_HEURE.value, "½\u00a0h"),
        (Duree.UNE_HEURE.value, "1\u00a0h"),
        (Duree.DEUX_HEURES.value, "2\u00a0h"),
        (Duree.DEMI_JOURNEE.value, f"Demi-journée ({demi})"),
        (Duree.JOURNEE.value, f"Journée ({duree_en_heures(journee)})"),
        (Duree.AUTRE.value, "Autre"),
    ]


def duree_choisie(minutes: int, journee: int) -> tuple[Duree, str]:
    """La durée proposée qui vaut ces minutes, sinon « autre » et son écriture."""
    for duree in Duree:
        if duree is not Duree.AUTRE and minutes_de(duree, journee) == minutes:
            return duree, ""
    return Duree.AUTRE, duree_en_heures(minutes)


@dataclass(frozen=True, slots=True)
class TempsDePhase:
    """Les minutes d’une phase : ``prevu`` est nul tant que rien n’est convenu."""

    phase: Phase
    passe: int
    prevu: int | None = None
    annee: int | None = None  # l’accompagnement se prévoit et se compte par an

    @property
    def reste(self) -> int | None:
        """Négatif une fois le prévu dépassé ; ``None`` si rien n’est prévu."""
        return None if self.prevu is None else self.prevu - self.passe

    @property
    def depassement(self) -> int:
        """Les minutes passées au-delà du prévu, jamais négatives."""
        return max(0, -(self.reste or 0))


def temps_par_phase(
    passes: Mapping[Phase, int],
    *,
    jours_mise_en_place: Decimal | None,
    jours_accompagnement: Decimal | None,
    journee: int,
    annee: int,
) -> tuple[TempsDePhase, TempsDePhase]:
    """La mise en place, comptée en entier, puis l’accompagnement de l’année ; durées en minutes."""
    return (
        TempsDePhase(
            Phase.MISE_EN_PLACE, passes.get(Phase.MISE_EN_PLACE, 0), _minutes(jours_mise_en_place, journee)
        ),
        TempsDePhase(
            Phase.ACCOMPAGNEMENT,
            passes.get(Phase.ACCOMPAGNEMENT, 0),
            _minutes(jours_accompagnement, journee),
            annee,
        ),
    )


def _minutes(jours: Decimal | None, journee: int) -> int | None:
    return None if jours is None else int((jours * journee).quantize(Decimal(1), ROUND_HALF_UP))


def jours_dits(jours: Decimal) -> str:
    """« 1,5 jour », « 3 jours » : en français, le pluriel commence à deux."""
    return f"{nombre(jours.normalize())}{INSECABLE}{'jour' if abs(jours) < 2 else 'jours'}"


def dernier_jour_du_mois(annee: int, mois: int) -> date:
    """:raises ValueError: si le mois n’est pas de 1 à 12."""
    return meme_quantieme(date(annee, mois, 1), 1) - timedelta(days=1)


def mois_precedent(jour: date) -> tuple[int, int]:
    """(année, mois) du dernier mois échu."""
    veille = jour.replace(day=1) - timedelta(days=1)
    return veille.year, veille.month
