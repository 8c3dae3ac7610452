"""Envoie les courriels en file ; à lancer toutes les minutes, autant de fois que l’on veut."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from dpd.messagerie.expedition import expedier
from dpd.regles.typographie import compte


class Command(BaseCommand):
    help = "Envoie les courriels en attente ; un envoi manqué attend, rien ne se perd."

    def handle(self, *args, **options):
        bilan = expedier(timezone.now)
        phrases = [f"{compte(bilan.partis, 'courriel')} {'partis' if bilan.partis > 1 else 'parti'}."]
        if bilan.remis:
            phrases.append(f"{compte(bilan.remis, 'envoi')} à retenter.")
        if bilan.refuses:
            phrases.append(f"{compte(bilan.refuses, 'courriel')} refusé{'s' if bilan.refuses > 1 else ''}.")
        self.stdout.write(" ".join(phrases))
