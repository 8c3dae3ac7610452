"""Remplir la base avec le jeu de démonstration."""

from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dpd.comptes.demonstration import PERSONNES
from dpd.pilotage.demonstration import semer
from dpd.regles.typographie import compte


def instant(texte: str) -> datetime:
    """Un instant ISO 8601 ; sans décalage, il est à l’heure de Paris. ValueError s’il est illisible."""
    lu = datetime.fromisoformat(texte)
    return lu if lu.tzinfo else timezone.make_aware(lu)


class Command(BaseCommand):
    help = (
        "Charge la démonstration : quatre structures, de vraies communes, des personnes inventées. "
        "Relancer n’ajoute rien. Demande DEMONSTRATION."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--maintenant",
            type=instant,
            default=None,
            help="l’instant d’où se comptent les faits (2026-11-23T09:40), par défaut celui du lancement",
        )

    def handle(self, *args, maintenant: datetime | None, **options) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "Le jeu de démonstration ouvre des comptes sans mot de passe\u00a0: posez DEMONSTRATION, "
                "sur votre propre machine seulement."
            )
        bilan = semer(maintenant or timezone.now())
        if bilan.collectivites or bilan.structures:
            self.stdout.write(
                f"{compte(bilan.structures, 'structure')}, {compte(bilan.collectivites, 'collectivité')}, "
                f"{compte(bilan.fiches, 'fiche')}, {compte(bilan.conventions, 'convention')}, "
                f"{compte(bilan.violations, 'violation')}, {compte(bilan.demandes, 'demande')}."
            )
        else:
            self.stdout.write("La démonstration est déjà chargée\u00a0: rien n’est ajouté.")
        self.stdout.write(f"\n{settings.SITE_URL}\nEntrer comme…")
        for personne in PERSONNES:
            self.stdout.write(f"  {personne.libelle} ({personne.courriel})")
        self.stdout.write(
            "Un clic suffit, sans mot de passe. Les personnes et leurs décisions sont inventées."
        )
