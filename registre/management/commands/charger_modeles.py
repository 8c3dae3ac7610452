"""Charger ou mettre à jour la bibliothèque de modèles livrée avec l’application."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpd.regles.typographie import compte
from registre.bibliotheque import FICHIER, BibliothequeInvalide, lire_bibliotheque
from registre.chargement_modeles import charger


class Command(BaseCommand):
    help = "Charge la bibliothèque de modèles de fiches. Relancer sans changement n’écrit rien."

    def add_arguments(self, parser):
        parser.add_argument("fichier", nargs="?", type=Path, default=FICHIER, help="un autre fichier YAML")

    def handle(self, *args, fichier: Path, **options):
        try:
            bibliotheque = lire_bibliotheque(fichier.read_bytes())
        except OSError as erreur:
            raise CommandError(f"Fichier illisible\u00a0: {fichier} ({erreur.strerror}).") from erreur
        except BibliothequeInvalide as erreur:
            raise CommandError(f"Bibliothèque refusée, rien n’est écrit.\n{erreur}") from erreur
        bilan = charger(bibliotheque=bibliotheque, maintenant=timezone.now())
        self.stdout.write(
            f"{compte(bilan.crees, 'modèle créé', 'modèles créés')}, "
            f"{compte(bilan.nouvelles_versions, 'nouvelle version', 'nouvelles versions')}, "
            f"{compte(bilan.inchanges, 'modèle inchangé', 'modèles inchangés')}."
        )
        if bilan.absents:
            self.stdout.write(f"Absents du fichier, laissés tels quels\u00a0: {', '.join(bilan.absents)}.")
