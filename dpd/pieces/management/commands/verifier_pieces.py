"""Relit toutes les pièces et compare leur empreinte à celle du dépôt ; échoue au premier écart trouvé."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpd.pieces.verification import ecarts, effacer, restes
from dpd.regles.typographie import compte


class Command(BaseCommand):
    help = "Relit toutes les pièces et compare leur empreinte à celle du dépôt ; échoue s’il y a un écart."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--effacer-restes",
            action="store_true",
            help="efface les fichiers de plus d’un jour qu’aucune pièce ne connaît (dépôts annulés)",
        )

    def handle(self, *args, **options) -> None:
        resultats = list(ecarts())
        trouves = [ecart for ecart in resultats if ecart]
        for ecart in trouves:
            self.stderr.write(f"Pièce {ecart.piece} : {ecart.quoi}.")
        self.stdout.write(f"{compte(len(resultats), 'pièce relue', 'pièces relues')}.")
        self._restes(options["effacer_restes"])
        if trouves:
            raise CommandError(f"{compte(len(trouves), 'écart', 'écarts')} : restaurez ces pièces.")

    def _restes(self, a_effacer: bool) -> None:
        noms = restes(timezone.now())
        if not noms:
            return
        if a_effacer:
            effacer(noms)
        suite = "effacés" if a_effacer else "à effacer avec --effacer-restes"
        self.stdout.write(f"Fichiers sans pièce, {suite} : {len(noms)}.")
