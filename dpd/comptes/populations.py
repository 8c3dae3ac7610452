"""Comparer un fichier de populations de l’INSEE au référentiel et au portefeuille d’une structure.

Rien n’est écrit ici : le rapport se lit avant de décider, l’écriture est une action.
"""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite, Commune, Structure
from dpd.comptes.regles.fichier_insee import Lecture, PopulationInsee, est_arrondissement
from dpd.comptes.regles.millesime import PREMIER, dernier_millesime, entree_en_vigueur

ABSENTES_ADMISES = 300


@dataclass(frozen=True)
class Ecart:
    """Une population totale qui change ; ``avant`` vaut None si elle était inconnue."""

    code: str
    nom: str
    avant: int | None
    apres: int


@dataclass(frozen=True)
class EcartCollectivite:
    """Une commune du portefeuille à qui le fichier apporte une population nouvelle ou plus récente."""

    collectivite: Collectivite
    apres: int


@dataclass
class Rapport:
    millesime: int
    lecture: Lecture
    changent: list[Ecart] = field(default_factory=list)
    identiques: int = 0
    absentes: list[Commune] = field(default_factory=list)
    inconnues: list[PopulationInsee] = field(default_factory=list)
    arrondissements: int = 0
    collectivites: list[EcartCollectivite] = field(default_factory=list)

    @property
    def source(self) -> str:
        return source(self.millesime)

    @property
    def est_partiel(self) -> bool:
        """Un fichier national omet Paris, Lyon, Marseille, Mayotte et l’outre-mer : une centaine."""
        return len(self.absentes) > ABSENTES_ADMISES


def source(millesime: int) -> str:
    """La source à citer à côté de la population (Licence Ouverte 2.0)."""
    return f"INSEE, populations de référence {millesime}, Licence Ouverte 2.0"


def verifier_millesime(millesime: int, jour: date) -> None:
    """:raises ValidationError: si ce millésime n’existe pas encore, ou si le référentiel est plus récent."""
    dernier = dernier_millesime(jour)
    if not PREMIER <= millesime <= dernier:
        raise ValidationError(
            f"Le millésime {millesime} n’est pas publié. C’est l’année que décrit la population\u00a0: "
            f"celle de {dernier} vaut à partir du 1er janvier {entree_en_vigueur(dernier).year}.",
            code="millesime",
        )
    plus_recent = Commune.objects.filter(millesime__gt=millesime).order_by("-millesime").first()
    if plus_recent:
        raise ValidationError(
            f"Le référentiel porte déjà le millésime {plus_recent.millesime}, plus récent que {millesime}.",
            code="millesime",
        )


def comparer(lecture: Lecture, millesime: int, structure: Structure | None = None) -> Rapport:
    """Ce que changerait ce fichier, sans rien écrire."""
    rapport = Rapport(millesime, lecture)
    connues = Commune.objects.only("code_insee", "nom", "population_totale").in_bulk()
    for ligne in lecture.communes:
        connue = connues.pop(ligne.code, None)
        if connue is None:
            if est_arrondissement(ligne.code):
                rapport.arrondissements += 1
            else:
                rapport.inconnues.append(ligne)
        elif connue.population_totale == ligne.totale:
            rapport.identiques += 1
        else:
            rapport.changent.append(Ecart(ligne.code, connue.nom, connue.population_totale, ligne.totale))
    rapport.absentes = list(connues.values())
    if structure is not None:
        rapport.collectivites = _collectivites(lecture, millesime, structure)
    return rapport


def _collectivites(lecture: Lecture, millesime: int, structure: Structure) -> list[EcartCollectivite]:
    totales = {commune.code: commune.totale for commune in lecture.communes}
    suivies = Collectivite.objects.filter(structure=structure, type=TypeCollectivite.COMMUNE).actives()
    return [
        EcartCollectivite(collectivite, totales[collectivite.code_insee])
        for collectivite in suivies
        if collectivite.code_insee in totales
        and _a_mettre_a_jour(collectivite, totales[collectivite.code_insee], millesime)
    ]


def _a_mettre_a_jour(collectivite: Collectivite, totale: int, millesime: int) -> bool:
    actuel = collectivite.population_millesime or 0
    return actuel < millesime or (actuel == millesime and collectivite.population_totale != totale)


def mettre_a_jour_referentiel(lecture: Lecture, millesime: int) -> int:
    """Écrit les populations des communes connues ; à appeler dans une transaction. Rend leur nombre."""
    communes = []
    connues = Commune.objects.in_bulk()
    for ligne in lecture.communes:
        if commune := connues.get(ligne.code):
            commune.population_municipale = ligne.municipale
            commune.population_totale = ligne.totale
            commune.millesime = millesime
            commune.en_vigueur_au = entree_en_vigueur(millesime)
            commune.source = source(millesime)
            communes.append(commune)
    Commune.objects.bulk_create(
        communes,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["code_insee"],
        update_fields=["population_municipale", "population_totale", "millesime", "en_vigueur_au", "source"],
    )
    return len(communes)
