"""Une fiche d’annuaire prête à lire, la même pour la structure et pour une collectivité."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from dpd.pieces.models import Piece
from dpd.regles.etiquette import Etiquette
from subtraitance.annuaire_lu import CertificationVue, Maillon, certifications_de, chaine, etat_de
from subtraitance.annuaire_pays import hors_europe, lieu_dit
from subtraitance.models import Logiciel, SousTraitant


@dataclass(frozen=True, slots=True)
class FicheVue:
    """``chaine`` : tous les sous-traitants ; ses maillons de rang 1 sont les directs."""

    etat: Etiquette
    lieu: str
    hors_europe: bool
    logiciels: Sequence[Logiciel]
    certifications: Sequence[CertificationVue]
    chaine: Sequence[Maillon]


def fiche_vue(fiche: SousTraitant, jour: date) -> FicheVue:
    """Trois requêtes, quelle que soit la longueur de la chaîne."""
    return FicheVue(
        etat=etat_de(fiche),
        lieu=lieu_dit(fiche.hebergement, fiche.hebergement_pays),
        hors_europe=hors_europe(fiche.hebergement_pays),
        logiciels=list(fiche.logiciels.filter(retire_le__isnull=True).order_by("nom", "pk")),
        certifications=certifications_de(fiche, jour),
        chaine=chaine(fiche),
    )


def justificatif_ou_404(fiche: SousTraitant, certification: int) -> Piece:
    """:raises Http404: si la certification n’est pas de cette fiche, ou n’a pas de pièce."""
    trouvee = fiche.certifications.filter(pk=certification, retiree_le__isnull=True)
    lue = trouvee.select_related("piece__structure", "piece__collectivite").first()
    if lue is None or lue.piece is None or lue.piece.est_retiree:
        raise Http404
    return lue.piece
