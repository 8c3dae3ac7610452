"""Cherche les habilitations que le règlement exclut ; à lancer après une reprise de données."""

from django.core.management.base import BaseCommand, CommandError

from dpd.comptes.droits import cumuls
from dpd.regles.typographie import compte


class Command(BaseCommand):
    help = "Cherche qui serait à la fois DPD d’une structure et décideur chez elle (RGPD, art. 38-6)."

    def handle(self, *args, **options):
        trouves = cumuls()
        for personne, collectivite in trouves:
            self.stdout.write(
                f"{personne.email} : DPD ({collectivite.structure}) et décideur ({collectivite})"
            )
        if trouves:
            raise CommandError(f"{compte(len(trouves), 'cumul')}. Retirez à chacun l’un de ses deux rôles.")
        self.stdout.write("Aucun cumul.")
