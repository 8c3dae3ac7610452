"""Un vrai serveur SMTP, que le test rend capricieux : il refuse, traîne, puis accepte."""

import asyncio
import logging
import socket
from collections import Counter
from contextlib import contextmanager

from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.WARNING)


class Boite:
    """Ce que le serveur a reçu. ``humeur`` : ce qu’il répond à la fin de chaque envoi."""

    def __init__(self):
        self.humeur = "accepte"
        self.recus: Counter = Counter()
        self.identifiants: list[str] = []
        self.essais = 0

    async def handle_RCPT(self, serveur, session, enveloppe, adresse, options):
        if adresse.startswith("inconnu"):
            return "550 5.1.1 Adresse inconnue"
        enveloppe.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, serveur, session, enveloppe):
        self.essais += 1
        if self.humeur == "refuse":
            return "451 4.3.2 Revenez plus tard"
        if self.humeur == "traine":
            await asyncio.sleep(30)  # plus que le délai accordé : le client raccroche
            return "451 4.3.2 Trop tard"
        texte = enveloppe.content.decode()
        (identifiant,) = [ligne for ligne in texte.splitlines() if ligne.startswith("Message-ID:")]
        self.identifiants.append(identifiant)
        self.recus.update(enveloppe.rcpt_tos)
        return "250 OK"


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@contextmanager
def serveur_smtp():
    """(boîte, port) d’un serveur qui écoute sur cette machine le temps du bloc."""
    boite = Boite()
    serveur = Controller(boite, hostname="127.0.0.1", port=port_libre())
    serveur.start()
    try:
        yield boite, serveur.port
    finally:
        serveur.stop()
