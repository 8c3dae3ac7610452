"""Tout ce que montre le dossier d’une demande, lu en un nombre fixe de requêtes."""

from dataclasses import dataclass, replace

from django.db.models import prefetch_related_objects

from dpd.comptes.models import Collectivite
from dpd.messagerie.models import Message
from subtraitance.models import (
    DemandeDroits,
    LettreDemande,
    PieceDemande,
    Prolongation,
    Reponse,
    SuspensionDemande,
    Transmission,
)


@dataclass(frozen=True, slots=True)
class DossierDemande:
    """``reponses`` et ``lettres`` : de la plus récente à la plus ancienne ; ``histoire`` : dans l’ordre.

    ``instruite_ici`` : la personne lit aussi ce que la collectivité a versé au dossier en l’instruisant.
    """

    demande: DemandeDroits
    collectivite: Collectivite
    transmission: Transmission | None
    suspensions: tuple[SuspensionDemande, ...]
    prolongation: Prolongation | None
    reponses: tuple[Reponse, ...]
    lettres: tuple[LettreDemande, ...]
    pieces: tuple[PieceDemande, ...]
    histoire: tuple
    courriels: tuple[Message, ...]
    instruite_ici: bool = True

    def sans_l_instruction(self) -> "DossierDemande":
        """Pour l’agent, avant la transmission : la demande reçue, sans ce que la collectivité en a fait."""
        return replace(self, pieces=(), instruite_ici=False)

    @property
    def suspension(self) -> SuspensionDemande | None:
        """Celle qui arrête le délai en ce moment."""
        return next((s for s in self.suspensions if s.fin is None), None)

    def lettre_de(self, reponse: Reponse) -> LettreDemande | None:
        """La lettre écrite avec cette réponse ; vide si elle n’est qu’une pièce."""
        return next(
            (x for x in self.lettres if x.type == "reponse" and x.ecrite_le == reponse.decidee_le), None
        )


def lire_dossier(collectivite: Collectivite, demande: DemandeDroits) -> DossierDemande:
    """:param demande: lue par ``demande_ou_404``, qui a vérifié à qui elle est."""
    prefetch_related_objects([demande], "suspensions__suspendue_par")
    return DossierDemande(
        demande=demande,
        collectivite=collectivite,
        transmission=getattr(demande, "transmission", None),
        suspensions=tuple(demande.suspensions.all()),
        prolongation=getattr(demande, "prolongation", None),
        reponses=tuple(demande.reponses.select_related("decidee_par", "piece")),
        lettres=tuple(demande.lettres.select_related("auteur")),
        pieces=tuple(
            demande.pieces.select_related(
                "piece__collectivite",
                "piece__structure",
                "piece__deposee_par",
                "piece__retiree_par",
                "piece__detruite_par",
            )
        ),
        histoire=tuple(demande.history.select_related("history_user").order_by("history_date", "history_id")),
        courriels=tuple(Message.objects.avec_etat().sur(demande).defer("corps")),
    )
