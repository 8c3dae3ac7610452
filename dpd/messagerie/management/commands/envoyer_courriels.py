"""Envoie les courriels en file ; à lancer toutes les minutes, autant de fois que l’on veut."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from post_office.mail import send_queued_mail_until_done
from post_office.models import STATUS, Email

from dpd.messagerie.models import Message


class Command(BaseCommand):
    help = "Envoie les courriels en attente, puis efface le texte de ceux qui sont partis."

    def handle(self, *args, **options):
        verrou = Path(settings.POST_OFFICE["LOCK_FILE_NAME"])
        verrou.parent.mkdir(parents=True, exist_ok=True)
        send_queued_mail_until_done(str(verrou))
        partis = Message.objects.filter(envoye_le__isnull=True, courriel__status=STATUS.sent)
        nombre = partis.update(envoye_le=timezone.now())
        # La preuve suffit : le texte parti, liens secrets compris, n’a plus à rester dans la file.
        Email.objects.filter(status=STATUS.sent).exclude(message="").update(message="", html_message="")
        self.stdout.write(f"{nombre} courriel{'s' if nombre > 1 else ''} parti{'s' if nombre > 1 else ''}.")
