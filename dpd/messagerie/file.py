"""Le courrier part par la file : enregistré dans la transaction, envoyé ensuite, jamais perdu.

On n’emploie pas le moteur d’envoi fourni par la bibliothèque de file : il compile objet et corps comme
des gabarits (une saisie y deviendrait du code) et perd une pièce jointe sur deux de même nom. Ni sa
boucle d’envoi : son verrou ne vaut que sur une machine (voir ``dpd.messagerie.expedition``).
"""

from collections.abc import Iterable, Sequence
from email.utils import make_msgid
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail.backends.base import BaseEmailBackend
from post_office.models import PRIORITY, STATUS, Attachment, Email


def preparer(message) -> Email:
    """Le courriel tel que la file le garde, sans ses pièces et sans l’enregistrer."""
    html = next((c for c, t in getattr(message, "alternatives", []) if t == "text/html"), "")
    return Email(
        from_email=message.from_email,
        to=list(message.to),
        cc=list(message.cc),
        bcc=list(message.bcc),
        subject=message.subject,
        message=message.body,
        html_message=html,
        headers={**message.extra_headers},
        # Le même identifiant à chaque essai : un serveur qui l’aurait déjà reçu le reconnaît.
        message_id=make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        priority=PRIORITY.medium,
        status=STATUS.queued,
    )


def enfiler(message) -> Email:
    """Enregistre un courriel prêt à partir ; rien ne part avant la fin de la transaction."""
    email = preparer(message)
    email.save()
    for nom, contenu, mime in message.attachments:
        piece = Attachment(name=nom, mimetype=mime or "")
        piece.file.save(nom, ContentFile(contenu if isinstance(contenu, bytes) else contenu.encode()))
        email.attachments.add(piece)
    return email


class Jointe(NamedTuple):
    """Un fichier déjà gardé, à joindre ; ``chemin`` : le sien dans le stockage, il n’est pas recopié."""

    nom: str
    type_mime: str
    taille: int
    sha256: str
    chemin: str

    @property
    def preuve(self) -> dict[str, str | int]:
        """Ce que la preuve en garde : assez pour dire plus tard si un fichier est bien celui-là."""
        return {"nom": self.nom, "taille": self.taille, "sha256": self.sha256}


def joindre_a_tous(courriels: Sequence[Email], jointes: Iterable[Jointe]) -> None:
    """Joint ces fichiers à chacun des courriels, sans en faire de copie."""
    lien = Email.attachments.through
    for jointe in jointes:
        piece = Attachment(name=jointe.nom, mimetype=jointe.type_mime)
        piece.file.name = jointe.chemin
        piece.save()
        lien.objects.bulk_create([lien(email=courriel, attachment=piece) for courriel in courriels])


class FileDAttente(BaseEmailBackend):
    """Le moteur d’envoi de Django : tout courriel, d’où qu’il vienne, passe par la file."""

    def send_messages(self, email_messages) -> int:
        return len([enfiler(message) for message in email_messages])
