"""La seule porte du courrier : une preuve et un courriel en file, dans la même transaction.

Texte brut seulement. Un lien personnel (invitation, mot de passe oublié) part dans le courriel mais
n’est pas recopié dans la preuve, que l’on garde des années.
"""

import re
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template import Context
from django.template.loader import get_template

from dpd.messagerie.file import enfiler
from dpd.messagerie.models import Message

MASQUE = "[lien personnel, non conservé]"
SUJET_MAX = 300


def adresse(chemin: str) -> str:
    """L’adresse complète d’une page, à mettre dans un courriel."""
    return urljoin(settings.SITE_URL, chemin)


def rediger(gabarit: str, contexte: dict) -> tuple[str, str]:
    """(sujet, corps) d’un courriel : ``<gabarit>_objet.txt`` et ``<gabarit>_corps.txt``, sans échappement.

    Le sujet tient sur une ligne : un retour à la ligne y ouvrirait un en-tête de courriel.
    """
    valeurs = Context({"site_url": settings.SITE_URL, **contexte}, autoescape=False)
    sujet = get_template(f"{gabarit}_objet.txt").template.render(valeurs)
    corps = get_template(f"{gabarit}_corps.txt").template.render(valeurs)
    return re.sub(r"[\r\n\t ]+", " ", sujet).strip()[:SUJET_MAX], corps.strip() + "\n"


def envoyer(
    nature: str,
    *,
    gabarit: str,
    contexte: dict,
    destinataire: str,
    maintenant: datetime,
    collectivite=None,
    cle: str | None = None,
    utilisateur=None,
    objet=None,
    secret: str = "",
) -> Message:
    """Confie un courriel à la file et rend sa preuve.

    :param cle: si un message porte déjà cette clé, il est rendu et rien ne part une seconde fois.
    :param secret: portion du corps à ne pas garder dans la preuve.
    """
    if cle is not None and (deja := Message.objects.filter(cle=cle).first()):
        return deja
    sujet, corps = rediger(gabarit, contexte)
    message = Message(
        nature=nature,
        objet=objet,
        collectivite=collectivite,
        destinataire=destinataire,
        utilisateur=utilisateur,
        sujet=sujet,
        corps=corps.replace(secret, MASQUE) if secret else corps,
        cree_le=maintenant,
        cle=cle,
    )
    try:
        with transaction.atomic():
            courriel = EmailMessage(sujet, corps, settings.DEFAULT_FROM_EMAIL, [destinataire])
            message.courriel = enfiler(courriel)
            message.save(force_insert=True)
    except IntegrityError:
        # Deux relances au même instant : la première écrite l’emporte, l’autre n’envoie rien.
        if cle is None:
            raise
        return Message.objects.get(cle=cle)
    return message
