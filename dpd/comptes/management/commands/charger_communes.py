"""Charge le référentiel des communes et des intercommunalités livré avec l’application."""

from django.core.management.base import BaseCommand

from dpd.comptes import referentiel


class Command(BaseCommand):
    help = (
        "Charge ou rafraîchit le référentiel des communes et des intercommunalités (se relance sans risque)."
    )

    def handle(self, *args, **options) -> None:
        communes, epcis = referentiel.charger()
        self.stdout.write(f"{communes} communes et {epcis} intercommunalités. Source : {referentiel.SOURCE}.")
