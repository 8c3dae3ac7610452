"""Remplir une base de charge, pour mesurer ; jamais celle qui sert."""

import time
from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import reset_queries
from django.utils import timezone

from dpd.pilotage.charge.peuplement import Demande, peupler
from dpd.pilotage.management.commands.demo import instant
from dpd.regles.typographie import compte

MAXIMUM = 35_000


def collectivites(texte: str) -> int:
    """De 1 à 35 000 : il n’y a pas plus de communes."""
    nombre = int(texte)
    if not 1 <= nombre <= MAXIMUM:
        raise ArgumentTypeError(f"de 1 à {MAXIMUM}")
    return nombre


class Command(BaseCommand):
    help = (
        "Peuple une base de charge : de vraies communes, des registres et des dossiers réalistes. "
        "La même graine donne la même base. Demande DEMONSTRATION."
    )

    def add_arguments(self, parser):
        parser.add_argument("--collectivites", type=collectivites, default=100)
        parser.add_argument("--traitements", type=int, default=60, help="fiches par collectivité")
        parser.add_argument("--graine", type=int, default=1)
        parser.add_argument(
            "--ensemble", action="store_true", help="une seule structure, au lieu d’une par département"
        )
        parser.add_argument(
            "--maintenant", type=instant, default=None, help="l’instant d’où se comptent les faits"
        )

    def handle(
        self, *args, collectivites: int, traitements: int, graine: int, ensemble: bool, maintenant, **options
    ) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Une base de charge ne se mêle pas à une vraie\u00a0: posez DEMONSTRATION.")
        depart = time.monotonic()
        bilan = None
        for bilan in peupler(
            Demande(collectivites, traitements, graine, ensemble), maintenant or timezone.now()
        ):
            reset_queries()  # en développement, Django garde chaque requête : un lot en tient des mégaoctets
            ecoule = time.monotonic() - depart
            reste = ecoule / bilan.collectivites * (collectivites - bilan.collectivites)
            self.stdout.write(
                f"{compte(bilan.collectivites, 'collectivité')} sur {collectivites}, "
                f"{compte(bilan.fiches, 'fiche')}, {ecoule:.0f}\u00a0s, encore {reste:.0f}\u00a0s environ"
            )
            self.stdout.flush()
        if bilan is None:
            self.stdout.write("Cette base est déjà peuplée\u00a0: rien n’est ajouté.")
            return
        self.stdout.write(
            f"{compte(bilan.structures, 'structure')}, {compte(bilan.contrats, 'contrat')}, "
            f"{compte(bilan.interventions, 'intervention')}, {compte(bilan.violations, 'violation')}, "
            f"{compte(bilan.demandes, 'demande')}."
        )
