"""Rendre un avis, lui donner suite."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dpd.accompagnement.enums import SensAvis, SuiteAvis
from dpd.accompagnement.models import Avis, Reserve, Suite


@transaction.atomic
def enregistrer_avis(
    *, collectivite, sens: SensAvis, texte: str, reserves: Sequence[str] = (), auteur, maintenant: datetime
) -> Avis:
    """Un avis du DPD et ses réserves numérotées.

    :raises ValueError: si le sens et les réserves ne vont pas ensemble.
    """
    reserves = [r.strip() for r in reserves if r.strip()]
    if (sens == SensAvis.RESERVES) != bool(reserves):
        raise ValueError("Un avis avec réserves en énonce au moins une\u202f; les autres n’en ont pas.")
    trace = {"auteur": auteur, "maintenant": maintenant, "raison": "Avis du DPD"}
    avis = Avis(collectivite=collectivite, sens=sens, texte=texte, rendu_par=auteur, rendu_le=maintenant)
    avis.enregistrer(**trace)
    for ordre, reserve in enumerate(reserves, 1):
        Reserve(collectivite=collectivite, avis=avis, ordre=ordre, texte=reserve).enregistrer(**trace)
    return avis


@transaction.atomic
def donner_suite(*, avis: Avis, sens: SuiteAvis, motif: str, auteur, maintenant: datetime) -> Suite:
    """La décision du responsable sur un avis ; un refus, même partiel, est motivé (contrainte de base)."""
    suite = Suite(
        collectivite=avis.collectivite,
        avis=avis,
        sens=sens,
        motif=motif.strip(),
        decidee_par=auteur,
        decidee_le=maintenant,
    )
    return suite.enregistrer(auteur=auteur, maintenant=maintenant, raison="Décision du responsable")
