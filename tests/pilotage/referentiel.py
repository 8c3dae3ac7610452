"""Le morceau du référentiel dont la démonstration a besoin."""

from dpd.comptes import referentiel
from dpd.comptes.models import Commune, Epci
from dpd.pilotage.demonstration.collectivites import COLLECTIVITES


def charger_les_communes_utiles() -> None:
    """Les communes et intercommunalités de la démonstration, tirées des fichiers livrés."""
    codes = {ligne.code for lignes in COLLECTIVITES.values() for ligne in lignes}
    Commune.objects.bulk_create(c for c in referentiel._communes() if c.pk in codes or c.epci_siren in codes)
    Epci.objects.bulk_create(e for e in referentiel._epcis() if e.pk in codes)
