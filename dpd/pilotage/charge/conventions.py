"""La convention de chaque collectivité de la charge, et les interventions de l’année."""

from datetime import date, datetime, timedelta

from dpd.conventions.actions.modeles import creer_modele
from dpd.conventions.enums import LieuIntervention, NatureIntervention, Revision
from dpd.conventions.models import Convention, Intervention, ModeleConvention
from dpd.conventions.regles.tarifs import Phase
from dpd.pilotage.charge.lieux import Equipe, Lieu
from dpd.pilotage.demonstration.conventions import publier
from dpd.pilotage.demonstration.structures import A_TRANCHES
from dpd.pilotage.demonstration.textes_conventions import BAREMES, MODELES

DEPUIS = date(2020, 1, 1)
PAR_AN = (0, 8)
ANCIENNETE = (30, 1600)  # jours


def preparer_les_tarifs(equipe: Equipe, maintenant: datetime) -> ModeleConvention:
    """Le modèle de convention et le barème de la structure, à tranches de population et sans indice.

    Un état se fige ainsi sans attendre la valeur officielle d’un indice, qui ne s’invente pas.
    """
    trace = {"auteur": equipe.gestionnaire, "maintenant": maintenant}
    modele = creer_modele(structure=equipe.structure, en_vigueur_du=DEPUIS, **MODELES[A_TRANCHES], **trace)
    for bareme in BAREMES[A_TRANCHES]:
        champs = {**bareme.champs, "revision": Revision.AUCUNE}
        publier(equipe.structure, bareme._replace(base=None, champs=champs), trace)
    return modele


def conventionner(equipe: Equipe, lieux: list[Lieu], modele: ModeleConvention, maintenant: datetime) -> int:
    """Une convention en vigueur par collectivité du lot, et ses interventions ; combien d’interventions."""
    trace = {"auteur": equipe.gestionnaire, "maintenant": maintenant, "raison": "Base de charge"}
    projets = []
    for rang, lieu in enumerate(lieux, 1):
        effet = (maintenant - timedelta(days=lieu.hasard.entier(*ANCIENNETE))).date()
        projets.append(
            Convention(
                collectivite=lieu.collectivite,
                modele=modele,
                reference=f"{effet.year}-{rang:04d}",
                signee_collectivite_le=effet,
                signee_structure_le=effet,
                date_effet=effet,
            )
        )
    conventions = Convention.objects.creer_en_masse(projets, **trace)
    interventions = [
        Intervention(
            collectivite=convention.collectivite,
            convention=convention,
            nature=lieu.hasard.un(list(NatureIntervention)),
            le=max(convention.date_effet, lieu.hasard.passe(maintenant, 330).date()),
            minutes=15 * lieu.hasard.entier(1, 24),
            lieu=lieu.hasard.un(list(LieuIntervention)),
            phase=Phase.ACCOMPAGNEMENT.value,
            demande="Question posée par la secrétaire de mairie sur la durée des pièces d’état civil",
            intervenant=equipe.agent,
        )
        for convention, lieu in zip(conventions, lieux, strict=True)
        for _ in range(lieu.hasard.entier(*PAR_AN))
    ]
    Intervention.objects.creer_en_masse(interventions, **trace)
    return len(interventions)
