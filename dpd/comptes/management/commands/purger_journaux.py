"""Efface ce qui a fini de servir ; à lancer chaque nuit, autant de fois que l’on veut."""

from datetime import timedelta

from axes.models import AccessFailureLog
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from dpd.comptes.models import JournalAcces
from dpd.comptes.tentatives import CONSERVATION

JOURNAL = timedelta(days=365)  # CNIL, délib. 2021-122 : six mois à un an


class Command(BaseCommand):
    help = (
        "Efface le journal des accès de plus d’un an, les vieux échecs de connexion et les sessions finies."
    )

    def handle(self, *args, **options):
        maintenant = timezone.now()
        lignes, _ = JournalAcces.objects.filter(quand__lt=maintenant - JOURNAL).delete()
        AccessFailureLog.objects.filter(attempt_time__lt=maintenant - CONSERVATION).delete()
        Session.objects.filter(expire_date__lt=maintenant).delete()
        self.stdout.write(f"{lignes} ligne(s) du journal effacée(s).")
