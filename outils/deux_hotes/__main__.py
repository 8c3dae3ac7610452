"""Usage : ``python -m outils.deux_hotes [--clients 6] [--duree 60]`` ; le code de retour dit le verdict."""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from outils import postgres, s3
from outils.deux_hotes import courrier
from outils.deux_hotes.bilan import Bilan
from outils.deux_hotes.client import Personne
from outils.deux_hotes.courrier import Courrier, Moment
from outils.deux_hotes.hote import FILS, PROCESSUS, RACINE, Hote
from outils.deux_hotes.jugement import juger
from outils.deux_hotes.repartiteur import Repartiteur, en_service

HOTES = ("hote-a", "hote-b")
# L’un meurt avant que son courriel soit accepté, l’autre juste après : les deux cas où l’on pourrait mentir.
INSTANTS = dict(zip(HOTES, (Moment.AVANT, Moment.APRES), strict=True))
ECHEANCES = 60
GUET = 40.0  # secondes à chercher l’instant où tuer
MISE_EN_ROUTE = 25.0  # secondes entre la fin de la préparation et la charge
VIDAGE = 90.0
EN_ATTENTE = "SELECT count(*) FROM post_office_email WHERE status IN (2, 3)"
PRETS = f"{EN_ATTENTE} AND (scheduled_time IS NULL OR scheduled_time <= now())"
BAUX_ECHUS = (
    "UPDATE post_office_email SET scheduled_time = now() "
    "WHERE status IN (2, 3) AND scheduled_time > now() RETURNING id"
)
PAR_HOTE = (
    "SELECT application_name, count(*) FROM pg_stat_activity "
    "WHERE application_name LIKE 'hote-%' GROUP BY application_name"
)


def dire(texte: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {texte}", flush=True)


def environnement(commun: dict[str, str]) -> dict[str, str]:
    """Celui d’une production, rien de plus que ce que dit docs/exploitation.md."""
    return {
        **os.environ,
        **commun,
        "DEBUG": "0",
        "DEMONSTRATION": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "",
        "SECURE_SSL": "0",  # pas de certificat ici
        "NB_MANDATAIRES": "0",
        "EMAIL_URL": "console:",  # chaque hôte a le sien
        "PYTHONUNBUFFERED": "1",
    }


def gerer(variables: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=RACINE, env=variables, check=True)


def appeler(variables: dict[str, str], fonction: str, *arguments: object) -> None:
    """Une fonction de ``base`` dans l’application."""
    valeurs = ", ".join(map(repr, arguments))
    code = f"from outils.deux_hotes import base; base.{fonction}({valeurs})"
    gerer(variables, "shell", "--verbosity", "0", "--command", code)


class Essai:
    """Un essai en cours : ses hôtes, ses clients, ce qu’il a compté."""

    def __init__(
        self, variables: dict[str, str], dossier: Path, boites: Courrier, options: argparse.Namespace
    ) -> None:
        self.variables, self.dossier, self.boites, self.options = variables, dossier, boites, options
        self.hotes = [
            Hote(nom, dossier / nom, variables | {"EMAIL_URL": f"smtp://127.0.0.1:{boites.ports[nom]}"})
            for nom in HOTES
        ]
        self.arret = threading.Event()
        self.personnes: list[Personne] = []
        self.connexions: Counter[str] = Counter()
        self.en_vol = self.coupures = 0

    def preparer(self) -> list[dict[str, str]]:
        for commande in (
            ("migrate", "-v", "0"),
            ("createcachetable",),
            ("collectstatic", "--noinput", "-v", "0"),
        ):
            dire(f"manage.py {commande[0]}")
            gerer(self.variables, *commande)
        depart = datetime.now(UTC) + timedelta(seconds=MISE_EN_ROUTE)
        sortie = self.dossier / "lieux.json"
        appeler(
            self.variables,
            "preparer",
            str(sortie),
            self.options.clients,
            ECHEANCES,
            depart.isoformat(),
            self.options.duree,
        )
        return json.loads(sortie.read_text("utf-8"))

    def travailler(self, repartiteur: Repartiteur, lieux: list[dict[str, str]]) -> None:
        """La charge, et les deux morts ; chaque quart de la durée change quelque chose."""
        self.personnes = [Personne(repartiteur.port, lieu, self.arret) for lieu in lieux]
        for personne in self.personnes:
            personne.start()
        pas = self.options.duree / 5
        for hote in self.hotes:
            self._patienter(pas)
            self._tuer(hote, repartiteur)
            self._patienter(pas)
            hote.demarrer()
            dire(f"{hote.nom} est revenu.")
        self._patienter(pas)
        self.arret.set()
        for personne in self.personnes:
            personne.join(120)

    def _tuer(self, hote: Hote, repartiteur: Repartiteur) -> None:
        """Au pire moment : des requêtes en vol et un courriel à mi-chemin."""
        debut = time.monotonic()
        while (attente := time.monotonic() - debut) < GUET:
            en_vol, moment = repartiteur.actives[hote.port], self.boites.moment(hote.nom)
            # Sur une machine très chargée les deux se rencontrent peu : passé la moitié, l’un suffit.
            if en_vol >= 2 and (moment is INSTANTS[hote.nom] or attente > GUET / 2):
                break
            time.sleep(0.002)
        hote.tuer()
        self.en_vol += en_vol
        self.coupures += 1
        dire(f"{hote.nom} est tué : {en_vol} requêtes en vol, {moment.value}.")

    def _patienter(self, secondes: float) -> None:
        """En relevant le plus grand nombre de connexions à la base que tient chaque hôte."""
        fin = time.monotonic() + secondes
        with psycopg.connect(self.variables["DATABASE_URL"], autocommit=True) as connexion:
            while time.monotonic() < fin:
                self.connexions |= Counter(dict(connexion.execute(PAR_HOTE).fetchall()))
                time.sleep(0.5)

    def vider_la_file(self) -> int:
        """Attend que tout courriel prêt soit parti ; rend combien étaient restés pris par un hôte tué.

        Ceux-là ne repartent qu’à la fin de leur bail, dix minutes après : on l’avance au lieu d’attendre.
        """
        with psycopg.connect(self.variables["DATABASE_URL"], autocommit=True) as connexion:
            self._jusqu_a_zero(connexion, PRETS)
            repris = len(connexion.execute(BAUX_ECHUS).fetchall())
            self._jusqu_a_zero(connexion, EN_ATTENTE)
        return repris

    @staticmethod
    def _jusqu_a_zero(connexion: psycopg.Connection, requete: str) -> None:
        fin = time.monotonic() + VIDAGE
        while connexion.execute(requete).fetchone() != (0,) and time.monotonic() < fin:
            time.sleep(0.5)

    def constater(self) -> dict:
        sortie = self.dossier / "constat.json"
        appeler(self.variables, "constater", str(sortie))
        return json.loads(sortie.read_text("utf-8"))

    def completer(self, bilan: Bilan, repartiteur: Repartiteur, repris: int) -> None:
        """Ce que seul l’essai sait : les morts, les connexions, ce qui est resté sur un hôte."""
        bilan.compter("requêtes en vol sur les hôtes tués", self.en_vol)
        bilan.exiger(self.en_vol, "essai", "aucune requête en vol", "ne prouve rien")
        bilan.compter("courriels repris d’un hôte tué, à la fin de leur bail", repris)
        for hote in self.hotes:
            bilan.compter(f"requêtes relayées vers {hote.nom}", repartiteur.servies[hote.port])
            bilan.compter(f"connexions à la base de {hote.nom}, au plus", self.connexions[hote.nom])
            bilan.exiger(not hote.pieces.exists(), "pièces", str(hote.pieces), "restées sur l’hôte")
            bilan.exiger(not hote.relances_arretees, "relances", hote.nom, "arrêtées")

    def fermer(self) -> None:
        self.arret.set()
        for hote in self.hotes:
            hote.tuer()


def essayer(options: argparse.Namespace) -> Bilan:
    with ExitStack() as pile:
        dossier = Path(pile.enter_context(tempfile.TemporaryDirectory(prefix="dpd-deux-hotes-")))
        commun = {**pile.enter_context(postgres.serveur()), **pile.enter_context(s3.serveur(dossier))}
        boites = pile.enter_context(courrier.serveur(HOTES))
        essai = Essai(environnement(commun), dossier, boites, options)
        pile.callback(essai.fermer)
        lieux = essai.preparer()
        for hote in essai.hotes:
            hote.demarrer()
        dire(f"Deux hôtes servent, {len(lieux)} personnes travaillent {options.duree:.0f} secondes.")
        repartiteur = pile.enter_context(en_service([hote.port for hote in essai.hotes]))
        essai.travailler(repartiteur, lieux)
        dire("Le travail est fini ; la file de courriels se vide.")
        repris = essai.vider_la_file()
        bilan = juger(
            {personne.name: personne.compte for personne in essai.personnes},
            lieux,
            essai.constater(),
            boites.recus,
            echeances=ECHEANCES,
            coupures=essai.coupures,
        )
        essai.completer(bilan, repartiteur, repris)
        for hote in essai.hotes if bilan.ecarts else ():
            print(f"Première erreur de {hote.nom} : {hote.erreurs() or 'aucune'}")
        return bilan


def principal(arguments: list[str]) -> int:
    lecteur = argparse.ArgumentParser(prog="deux_hotes", description="L’essai à deux hôtes.")
    lecteur.add_argument("--clients", type=int, default=6)
    lecteur.add_argument("--duree", type=float, default=60.0, help="secondes de charge")
    options = lecteur.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    dire(f"Chaque hôte : {PROCESSUS} processus de {FILS} fils, et ses relances.")
    bilan = essayer(options)
    print(bilan)
    return 1 if bilan.ecarts else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
