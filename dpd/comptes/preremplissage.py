"""Du référentiel à la saisie : ce qu’on sait déjà d’une commune, d’une intercommunalité, d’un CCAS."""

from typing import Any

from dpd.comptes.enums import TypeCollectivite
from dpd.comptes.models import Collectivite, Commune, Epci
from dpd.comptes.regles.denomination import denomination_commune, denomination_epci, denomination_liee
from dpd.regles.territoires import territoire_de


def depuis_commune(commune: Commune) -> dict[str, Any]:
    """Tout ce que le référentiel dit d’une commune ; une population absente reste vide."""
    return {
        "type": TypeCollectivite.COMMUNE.value,
        "nom": commune.nom,
        "denomination": denomination_commune(commune.nom),
        "siren": commune.siren,
        "code_insee": commune.code_insee,
        "code_postal": commune.code_postal,
        "territoire": territoire_de(commune.code_insee).value,
        "epci_siren": commune.epci_siren,
        **_population(commune),
    }


def depuis_epci(epci: Epci) -> dict[str, Any]:
    """Tout ce que le référentiel dit d’une intercommunalité ; son territoire est celui de ses communes."""
    denomination, nom = denomination_epci(epci.type, epci.nom)
    membre = Commune.objects.filter(epci_siren=epci.pk).order_by("pk").first()
    return {
        "type": TypeCollectivite.EPCI.value,
        "nom": nom,
        "denomination": denomination,
        "siren": epci.pk,
        **({"territoire": territoire_de(membre.code_insee).value} if membre else {}),
        **_population(epci),
    }


def depuis_collectivite(commune: Collectivite, type_: str) -> dict[str, Any]:
    """Un établissement rattaché à une commune suivie. Son SIREN lui est propre ; il n’a pas de population.

    Le maire préside le CCAS (code de l’action sociale et des familles, art. L.123-6) et la caisse des
    écoles (code de l’éducation, art. R.212-26). ValueError si ce type ne se rattache pas à une commune.
    """
    denomination, nom = denomination_liee(type_, commune.nom)
    return {
        "type": type_,
        "nom": nom,
        "denomination": denomination,
        "code_insee": commune.code_insee,
        "code_postal": commune.code_postal,
        "adresse": commune.adresse,
        "territoire": commune.territoire,
        "epci_siren": commune.epci_siren,
        "responsable_nom": commune.responsable_nom,
    }


def _population(entree: Commune | Epci) -> dict[str, Any]:
    if entree.population_totale is None:
        return {}
    return {
        "population_totale": entree.population_totale,
        "population_millesime": entree.millesime,
        "population_source": entree.source,
    }
