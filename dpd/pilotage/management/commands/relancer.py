"""Rappelle les échéances puis vide la file du courrier ; autant de fois et de machines que l’on veut."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpd.messagerie.expedition import expedier
from dpd.pilotage.relances import relancer
from dpd.regles.typographie import compte


class Command(BaseCommand):
    help = "Envoie les rappels échus et les courriels en attente ; sans doublon, même à plusieurs."

    def add_arguments(self, parser):
        parser.add_argument(
            "--pendant", type=float, default=0, metavar="SECONDES", help="recommence durant ce temps"
        )
        parser.add_argument(
            "--pause", type=float, default=60, metavar="SECONDES", help="attend entre deux passages"
        )

    def handle(self, *args, pendant, pause, **options):
        if pendant < 0 or pause < 0:
            raise CommandError("Une durée n’est pas négative.")
        fin, echecs = time.monotonic() + pendant, 0
        while True:
            echecs += self._passer()
            if time.monotonic() + pause > fin:
                break
            time.sleep(pause)
        if echecs:
            raise CommandError(
                f"{compte(echecs, 'rappel')} n’ont pas pu partir\u00a0: lisez le journal."
                if echecs > 1
                else "Un rappel n’a pas pu partir\u00a0: lisez le journal."
            )

    def _passer(self) -> int:
        """Un passage ; rend le nombre de rappels qui n’ont pas pu partir."""
        bilan = relancer(timezone.now())
        envois = expedier(timezone.now)
        self.stdout.write(
            f"{compte(bilan.rappels, 'rappel')}, {compte(envois.partis, 'courriel')} partis, "
            f"{envois.remis} à retenter, {envois.refuses} refusés."
        )
        return bilan.echecs
