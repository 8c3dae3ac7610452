"""De la base aux violations à exporter : huit lectures parallèles, une violation en mémoire à la fois."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from violations.models import (
    AvisViolation,
    DecisionViolation,
    Evenement,
    InformationFaite,
    NotificationCnil,
    PieceViolation,
    PrestataireImplique,
    TraitementTouche,
    Violation,
)

PAR_PAQUET = 200  # lignes lues ensemble


@dataclass(frozen=True, slots=True)
class Lue:
    """Une violation et tout ce qui s’y rattache, chaque suite dans l’ordre où elle s’est faite."""

    violation: Violation
    avis: tuple[AvisViolation, ...]
    decisions: tuple[DecisionViolation, ...]
    notifications: tuple[NotificationCnil, ...]
    informations: tuple[InformationFaite, ...]
    prestataires: tuple[PrestataireImplique, ...]
    traitements: tuple[TraitementTouche, ...]
    pieces: tuple[PieceViolation, ...]
    evenements: tuple[Evenement, ...]


def lire(requete: QuerySet) -> Iterator[Lue]:
    """Chaque violation de ``requete`` ; neuf lectures quel que soit leur nombre, par clé croissante."""
    violations = requete.select_related(
        "collectivite__structure", "declaree_par", "incident__sous_traitant", "incident__structure"
    ).order_by("pk")
    suites = [_Suite(lignes) for lignes in _rattachees(requete.order_by().values("pk"))]
    for violation in violations.iterator(PAR_PAQUET):
        yield Lue(violation, *(suite.de(violation.pk) for suite in suites))


class _Suite:
    """Les lignes rattachées, lues une fois dans l’ordre des violations."""

    def __init__(self, lignes: QuerySet):
        self._groupes = groupby(lignes.iterator(PAR_PAQUET), key=lambda ligne: ligne.violation_id)
        self._cle, self._lignes = self._suivante()

    def _suivante(self) -> tuple[int | None, tuple]:
        cle, lignes = next(self._groupes, (None, ()))
        return cle, tuple(lignes)

    def de(self, violation: int) -> tuple:
        """Celles de cette violation ; une violation apparue entre deux lectures est passée."""
        while self._cle is not None and self._cle < violation:
            self._cle, self._lignes = self._suivante()
        return self._lignes if self._cle == violation else ()


def _rattachees(violations: QuerySet) -> Iterator[QuerySet]:
    def de(modele, *ordre: str, **filtres) -> QuerySet:
        return modele.objects.filter(violation__in=violations, **filtres).order_by("violation_id", *ordre)

    yield de(AvisViolation, "rendu_le", "pk").select_related("rendu_par")
    yield de(DecisionViolation, "decidee_le", "pk").select_related("decidee_par")
    yield de(NotificationCnil, "envoyee_le", "pk").defer("contenu").select_related("piece")
    yield de(InformationFaite, "faite_le", "pk").select_related("piece")
    yield de(PrestataireImplique, "pk", retire_le=None).select_related("sous_traitant")
    yield de(TraitementTouche, "pk", retire_le=None).select_related("traitement")
    yield de(PieceViolation, "pk", piece__retiree_le=None).select_related("piece")
    yield de(Evenement, "instant", "pk").select_related("auteur")
