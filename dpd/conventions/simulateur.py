"""Ce que paierait une commune, d’après le barème publié : rien de ce que le service sait d’elle n’y entre.

La population est celle du référentiel public, jamais celle d’une collectivité suivie : la page ne dit ni
qui adhère, ni qui n’adhère pas.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dpd.comptes.models import Commune, Structure
from dpd.conventions.affichage_frise import Frise, frise
from dpd.conventions.enums import NatureBareme, Revision
from dpd.conventions.models import Bareme
from dpd.conventions.regles.calcul import Calcul
from dpd.conventions.regles.tarifs import Phase
from dpd.conventions.tarification import SansBareme, Tarification
from dpd.regles.typographie import euros, nombre

SUR_INDICE = (Revision.BASE_FIXE, Revision.CHAINEE)


@dataclass(frozen=True, slots=True)
class PrixSimule:
    """``revise`` vide : les prix de l’exercice attendent encore un indice, ou ne se révisent pas."""

    phase: str
    base: str
    revise: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """``bareme`` nul : la structure n’a rien publié pour ce jour. ``tranche`` : « 901 à 2 000 »."""

    exercice: int
    bareme: Bareme | None = None
    sur_devis: bool = False
    sans_population: bool = False
    tranche: str = ""
    frise: Frise | None = None
    prix: tuple[PrixSimule, ...] = ()
    journee: Decimal | None = None
    forfaits: tuple = ()
    revision: str = ""

    @property
    def sur_indice(self) -> bool:
        return self.bareme is not None and self.bareme.revision in SUR_INDICE

    @property
    def indice_attendu(self) -> bool:
        return self.sur_indice and not all(prix.revise for prix in self.prix)

    @property
    def communes_seulement(self) -> bool:
        bareme = self.bareme
        return bareme is not None and bareme.nature == NatureBareme.TRANCHES and bareme.communes_seulement


def simuler(structure: Structure, commune: Commune, jour: date) -> Simulation:
    """Le tarif d’une commune, au barème en vigueur ce jour-là."""
    tarification = Tarification(structure, jour.year, ())
    try:
        bareme = tarification.bareme_au(jour)
    except SansBareme:
        return Simulation(jour.year)
    commun = {
        "exercice": jour.year,
        "bareme": bareme,
        "journee": bareme.cout_journee,
        "revision": _dire_la_revision(bareme),
        "forfaits": tuple(bareme.forfaits.all()),
    }
    if bareme.nature != NatureBareme.TRANCHES:
        return Simulation(**commun)
    if commune.population_totale is None:
        return Simulation(**commun, sans_population=True)
    calculs = {phase: tarification.simuler(bareme, commune.population_totale, phase) for phase in Phase}
    tranche = calculs[Phase.MISE_EN_PLACE].tranche
    if tranche is None:
        return Simulation(**commun, sur_devis=True)
    grille = [t.tranche for t in bareme.tranches.all()]
    return Simulation(
        **commun,
        tranche=f"{nombre(tranche.minimum)} à {nombre(tranche.maximum)}",
        frise=frise(grille, tranche, commune.population_totale),
        prix=tuple(_prix(phase, calcul, bareme) for phase, calcul in calculs.items()),
    )


def _prix(phase: Phase, calcul: Calcul, bareme: Bareme) -> PrixSimule:
    (ligne,) = calcul.lignes
    revise = ligne.prix_revise if bareme.revision in SUR_INDICE else None
    return PrixSimule(phase.label, euros(ligne.prix_base), "" if revise is None else euros(revise))


def _dire_la_revision(bareme: Bareme) -> str:
    if bareme.revision in SUR_INDICE:
        return "Ces prix se révisent chaque année comme l’indice Syntec."
    if bareme.revision == Revision.DECISION:
        return "Ces prix changent par décision de la structure."
    return ""
