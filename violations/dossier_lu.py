"""Tout ce que montre un dossier, lu en un nombre fixe de requêtes."""

from dataclasses import dataclass

from dpd.comptes.models import Collectivite
from dpd.messagerie.models import Message
from violations.enums import Question
from violations.incidents_lus import documentation
from violations.models import (
    AvisViolation,
    DecisionViolation,
    Evenement,
    InformationFaite,
    NotificationCnil,
    PieceIncident,
    PieceViolation,
    PrestataireImplique,
    TraitementTouche,
    Violation,
)


@dataclass(frozen=True, slots=True)
class DossierLu:
    """``avis``, ``decisions``, ``notifications`` : du plus récent au plus ancien, puis par date d’envoi."""

    violation: Violation
    collectivite: Collectivite
    prestataires: tuple[PrestataireImplique, ...]
    decisions: tuple[DecisionViolation, ...]
    traitements: tuple[TraitementTouche, ...] = ()
    pieces: tuple[PieceViolation, ...] = ()
    avis: tuple[AvisViolation, ...] = ()
    notifications: tuple[NotificationCnil, ...] = ()
    informations: tuple[InformationFaite, ...] = ()
    evenements: tuple[Evenement, ...] = ()
    documentation: tuple[PieceIncident, ...] = ()
    courriels: tuple[Message, ...] = ()

    @property
    def dernier_avis(self) -> AvisViolation | None:
        return self.avis[0] if self.avis else None

    @property
    def avis_lu(self) -> int | None:
        """La clé de l’avis que la page montre, à renvoyer avec la décision."""
        return self.avis[0].pk if self.avis else None

    def decision(self, question: Question) -> DecisionViolation | None:
        """Celle qui vaut aujourd’hui."""
        return next((d for d in self.decisions if d.courante and d.question == question), None)

    @property
    def courantes(self) -> dict[str, DecisionViolation]:
        return {d.question: d for d in self.decisions if d.courante}

    @property
    def initiale(self) -> NotificationCnil | None:
        return next((n for n in self.notifications if n.type != "complementaire"), None)


def lire_horloges(collectivite: Collectivite, violation: Violation) -> DossierLu:
    """Ce que montrent les horloges seules, qui se relisent toutes les trente secondes ; deux requêtes."""
    return DossierLu(
        violation=violation,
        collectivite=collectivite,
        prestataires=_prestataires(violation),
        decisions=tuple(violation.decisions.filter(courante=True)),
    )


def _prestataires(violation: Violation) -> tuple[PrestataireImplique, ...]:
    impliques = violation.prestataires.filter(retire_le=None)
    return tuple(impliques.select_related("sous_traitant").order_by("pk"))


def lire_dossier(collectivite: Collectivite, violation: Violation) -> DossierLu:
    """:param violation: lue par ``violation_ou_404``, qui a vérifié à qui elle est."""
    pieces = violation.pieces.filter(piece__retiree_le=None)
    return DossierLu(
        violation=violation,
        collectivite=collectivite,
        prestataires=_prestataires(violation),
        decisions=tuple(violation.decisions.select_related("decidee_par", "avis")),
        traitements=tuple(
            violation.traitements.filter(retire_le=None)
            .select_related("traitement")
            .order_by("traitement__reference")
        ),
        pieces=tuple(
            pieces.select_related(
                "piece__collectivite", "piece__structure", "piece__deposee_par", "piece__retiree_par"
            )
        ),
        avis=tuple(violation.avis.select_related("rendu_par")),
        notifications=tuple(violation.notifications.select_related("enregistree_par", "piece")),
        informations=tuple(violation.informations_faites.order_by("-faite_le", "-pk")),
        evenements=tuple(violation.evenements.select_related("auteur")),
        documentation=tuple(documentation(violation)),
        courriels=tuple(Message.objects.avec_etat().sur(violation).defer("corps")),
    )
