"""Peupler : par département, puis par lots de communes, chaque lot dans sa transaction.

Deux fois la même graine donnent la même base. Ce qui existe déjà (une structure de charge du département)
n’est pas refait : un peuplement interrompu se reprend en relançant la commande.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dpd.comptes import referentiel
from dpd.comptes.models import Collectivite, Structure
from dpd.pilotage.charge import conventions, dossiers, lieux, prestataires, registres
from dpd.pilotage.charge.hasard import Hasard
from registre.bibliotheque import FICHIER, lire_bibliotheque
from registre.chargement_modeles import charger
from registre.models import ModeleTraitement

LOT = 50  # communes par transaction : la mémoire ne dépend pas du total


@dataclass(frozen=True, slots=True)
class Demande:
    """Ce que l’on veut : tant de collectivités, tant de fiches chacune, d’une graine.

    ``ensemble`` : toutes dans une seule structure, au lieu d’une par département.
    """

    collectivites: int
    traitements: int
    graine: int = 1
    ensemble: bool = False


@dataclass(slots=True)
class Bilan:
    """Ce qui vient d’être ajouté."""

    structures: int = 0
    collectivites: int = 0
    fiches: int = 0
    interventions: int = 0
    violations: int = 0
    demandes: int = 0
    contrats: int = 0


def peupler(demande: Demande, maintenant: datetime) -> Iterator[Bilan]:
    """Peuple, et rend le bilan à jour après chaque lot."""
    bilan = Bilan()
    _charger_les_referentiels(maintenant)
    modeles = registres.catalogue()
    ordre = Hasard(demande.graine, "départements")
    trouves = lieux.departements(demande.collectivites, ordre, ensemble=demande.ensemble)
    for rang, departement in enumerate(trouves, 1):
        hasard = Hasard(demande.graine, departement.code)
        if Structure.objects.filter(siren=lieux.siren_fictif(rang)).exists():
            continue
        with transaction.atomic():
            equipe = lieux.ouvrir_la_structure(departement, rang, maintenant)
            modele = conventions.preparer_les_tarifs(equipe, maintenant)
            fiches = prestataires.remplir_l_annuaire(equipe, hasard, maintenant)
        bilan.structures += 1
        for debut in range(0, len(departement.communes), LOT):
            lot = _sans_doublon(departement.communes[debut : debut + LOT])
            with transaction.atomic():
                ouverts = lieux.ouvrir_les_collectivites(equipe, lot, demande.graine, maintenant)
                bilan.fiches += registres.remplir_les_registres(
                    equipe, ouverts, modeles, demande.traitements, maintenant
                )
                bilan.interventions += conventions.conventionner(equipe, ouverts, modele, maintenant)
                bilan.violations += dossiers.survenir(equipe, ouverts, maintenant)
                bilan.demandes += dossiers.demander(equipe, ouverts, maintenant)
                bilan.contrats += prestataires.contracter(equipe, ouverts, fiches, maintenant)
            bilan.collectivites += len(lot)
            yield bilan


def _sans_doublon(communes: list) -> list:
    """Une commune déjà suivie ailleurs (démonstration) ne se suit pas deux fois."""
    suivies = set(
        Collectivite.objects.filter(siren__in=[c.siren for c in communes]).values_list("siren", flat=True)
    )
    return [c for c in communes if c.siren not in suivies]


def _charger_les_referentiels(maintenant: datetime) -> None:
    if not referentiel.est_charge():
        referentiel.charger()
    if not ModeleTraitement.objects.filter(structure=None).exists():
        charger(bibliotheque=lire_bibliotheque(FICHIER.read_bytes()), maintenant=maintenant)
