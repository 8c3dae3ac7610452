"""Un vrai serveur SMTP, une porte par hôte, qui compte ce qu’il accepte, par Message-ID."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from enum import Enum

from aiosmtpd.controller import Controller

from outils.s3 import port_libre

LENTEUR = 0.08  # secondes avant et après avoir accepté : de quoi tuer l’hôte entre les deux
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Moment(Enum):
    """Où en est l’envoi d’un hôte."""

    RIEN = "aucun envoi"
    AVANT = "un courriel envoyé, pas encore accepté"
    APRES = "un courriel accepté, que l’hôte ne sait pas encore parti"


class Porte:
    """Ce que voit le serveur d’un hôte ; ``recus`` est commun à toutes les portes."""

    def __init__(self, recus: Counter[str]) -> None:
        self.recus, self.moment = recus, Moment.RIEN

    async def handle_DATA(self, serveur, session, enveloppe):
        identifiant = str(message_from_bytes(enveloppe.content)["Message-ID"])
        try:
            self.moment = Moment.AVANT
            await asyncio.sleep(LENTEUR)
            self.recus[identifiant] += 1
            self.moment = Moment.APRES
            await asyncio.sleep(LENTEUR)
        finally:
            self.moment = Moment.RIEN
        return "250 OK"


class Courrier:
    """``recus`` : combien de fois chaque Message-ID a été accepté ; ``ports`` : celui de chaque hôte."""

    def __init__(self, hotes: Sequence[str]) -> None:
        self.recus: Counter[str] = Counter()
        self.portes = {hote: Porte(self.recus) for hote in hotes}
        self.ports = {hote: port_libre() for hote in hotes}

    def moment(self, hote: str) -> Moment:
        return self.portes[hote].moment


@contextmanager
def serveur(hotes: Sequence[str]) -> Iterator[Courrier]:
    """Un serveur qui écoute sur cette machine le temps du bloc."""
    courrier = Courrier(hotes)
    controleurs = [
        Controller(porte, hostname="127.0.0.1", port=courrier.ports[hote])
        for hote, porte in courrier.portes.items()
    ]
    for controleur in controleurs:
        controleur.start()
    try:
        yield courrier
    finally:
        for controleur in controleurs:
            controleur.stop()
