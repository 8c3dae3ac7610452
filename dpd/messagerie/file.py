"""Le courrier part par la file : enregistré dans la transaction, envoyé ensuite, jamais perdu.

On n’emploie pas le moteur d’envoi fourni par la bibliothèque de file : il compile objet et corps comme
des gabarits (une saisie y deviendrait du code) et perd une pièce jointe sur deux de même nom.
"""

from django.core.files.base import ContentFile
from django.core.mail.backends.base import BaseEmailBackend
from post_office.models import PRIORITY, STATUS, Attachment, Email


def enfiler(message) -> Email:
    """Enregistre un courriel prêt à partir ; rien ne part avant la fin de la transaction."""
    html = next((c for c, t in getattr(message, "alternatives", []) if t == "text/html"), "")
    email = Email.objects.create(
        from_email=message.from_email,
        to=list(message.to),
        cc=list(message.cc),
        bcc=list(message.bcc),
        subject=message.subject,
        message=message.body,
        html_message=html,
        headers={**message.extra_headers},
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )
    for nom, contenu, mime in message.attachments:
        piece = Attachment(name=nom, mimetype=mime or "")
        piece.file.save(nom, ContentFile(contenu if isinstance(contenu, bytes) else contenu.encode()))
        email.attachments.add(piece)
    return email


class FileDAttente(BaseEmailBackend):
    """Le moteur d’envoi de Django : tout courriel, d’où qu’il vienne, passe par la file."""

    def send_messages(self, email_messages) -> int:
        return len([enfiler(message) for message in email_messages])
