"""Une personne qui travaille : connectée une fois, elle déclare, dépose, saisit et relit sans s’arrêter.

Une réponse perdue fait renvoyer exactement le même envoi, comme un navigateur qu’on recharge.
"""

import hashlib
import random
import re
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from outils.deux_hotes.formulaire import avec_fichier, lire

ATTENTE = 30.0  # secondes pour une réponse
ABANDON = 50.0  # on renvoie dans la minute où le produit reconnaît un dépôt déjà fait
PASSAGERES = {502, 503, 504}
PIECE = re.compile(r"/c/\d{9}/pieces/(\d+)/")
FORMULAIRE = "application/x-www-form-urlencoded"


class Abandon(Exception):
    """Aucune réponse à temps : on ne sait pas si l’envoi a eu son effet."""


class Inattendue(Exception):
    """Une réponse qui n’est ni un succès, ni une panne passagère."""


@dataclass(slots=True)
class Compte:
    """Ce que la personne a obtenu, et ce dont elle doute."""

    acquis: dict[str, dict[str, int]] = field(default_factory=dict)
    incertains: set[str] = field(default_factory=set)
    empreintes: dict[str, str] = field(default_factory=dict)
    derniere_etape: str = ""
    lectures: int = 0
    reprises: int = 0
    deconnexions: int = 0
    erreurs: list[str] = field(default_factory=list)

    def acquerir(self, nature: str, cle: str) -> None:
        par_cle = self.acquis.setdefault(nature, {})
        par_cle[cle] = par_cle.get(cle, 0) + 1


class Navigateur:
    """Un client HTTP avec ses témoins ; ``port`` : celui du répartiteur."""

    def __init__(self, port: int, compte: Compte) -> None:
        self.port, self.compte = port, compte
        self.temoins: SimpleCookie = SimpleCookie()

    def demander(self, methode: str, chemin: str, corps: bytes = b"", genre: str = FORMULAIRE):
        """(statut, adresse de redirection, contenu), en renvoyant tant que la réponse se perd.

        :raises Abandon: si aucune réponse ne vient à temps.
        """
        fin = time.monotonic() + ABANDON
        while time.monotonic() < fin:
            try:
                reponse = self._une_fois(methode, chemin, corps, genre)
            except (OSError, HTTPException):
                reponse = None
            if reponse is not None and reponse[0] not in PASSAGERES:
                return reponse
            self.compte.reprises += 1
            time.sleep(0.3)
        raise Abandon(f"{methode} {chemin}")

    def _une_fois(self, methode, chemin, corps, genre):
        connexion = HTTPConnection("127.0.0.1", self.port, timeout=ATTENTE)
        entetes = {"Connection": "close", "Cookie": self.temoins.output([], "", ";").strip()}
        if methode == "POST":
            entetes["Content-Type"] = genre
        try:
            connexion.request(methode, chemin, corps or None, entetes)
            reponse = connexion.getresponse()
            contenu = reponse.read()
        finally:
            connexion.close()
        for temoin in reponse.headers.get_all("Set-Cookie", []):
            self.temoins.load(temoin)
        for cle in self.temoins.values():
            cle.clear()  # seule la valeur se renvoie
        return reponse.status, reponse.headers.get("Location", ""), contenu

    def page(self, chemin: str) -> str:
        """:raises Inattendue: si la page ne vient pas."""
        statut, ailleurs, contenu = self.demander("GET", chemin)
        if "/connexion/" in ailleurs:
            self.compte.deconnexions += 1
        if statut != 200:
            raise Inattendue(f"GET {chemin} : {statut} {ailleurs}")
        return contenu.decode()

    def envoyer(self, chemin: str, champs: dict[str, str], fichier: tuple[str, bytes] | None = None) -> str:
        """L’adresse où mène l’envoi.

        :raises Inattendue: s’il n’est pas accepté.
        """
        if fichier is None:
            genre, corps = FORMULAIRE, urlencode(champs).encode()
        else:
            genre, corps = avec_fichier(champs, "fichier", *fichier)
        statut, ailleurs, _ = self.demander("POST", chemin, corps, genre)
        if statut != 302 or "/connexion/" in ailleurs:
            raise Inattendue(f"POST {chemin} : {statut} {ailleurs}")
        return urlsplit(ailleurs).path


class Personne(threading.Thread):
    """``lieu`` : ce que la préparation a dit d’elle (courriel, mot de passe, siren, fiche, dossier)."""

    def __init__(self, port: int, lieu: dict[str, str], arret: threading.Event) -> None:
        super().__init__(name=lieu["siren"], daemon=True)
        self.lieu, self.arret, self.compte = lieu, arret, Compte()
        self.navigateur = Navigateur(port, self.compte)
        self.hasard = random.Random(lieu["siren"])
        self.pieces: list[str] = []
        self.rang = 0

    def run(self) -> None:
        gestes = (self.declarer, self.deposer, self.saisir, self.relire, self.deposer, self.saisir)
        try:
            self.entrer()
            while not self.arret.is_set():
                self.rang += 1
                gestes[self.rang % len(gestes)]()
            self.navigateur.page(f"/c/{self.lieu['siren']}/registre/")
        except (Inattendue, Abandon, LookupError) as erreur:
            self.compte.erreurs.append(f"{self.name} : {erreur}")

    def entrer(self) -> None:
        porte = "/compte/connexion/"
        champs = lire(self.navigateur.page(porte), "login")
        champs |= {"login": self.lieu["courriel"], "password": self.lieu["mot_de_passe"]}
        self.navigateur.envoyer(porte, champs)

    def _agir(self, nature: str, cle: str, chemin: str, champs, fichier=None) -> str:
        try:
            arrivee = self.navigateur.envoyer(chemin, champs, fichier)
        except Abandon:
            self.compte.incertains.add(cle)
            raise
        self.compte.acquerir(nature, cle)
        return arrivee

    def declarer(self) -> None:
        chemin, titre = f"/c/{self.lieu['siren']}/violations/declarer/", f"Essai {self.name}-{self.rang}"
        champs = lire(self.navigateur.page(chemin), "titre")
        self._agir("violation déclarée", titre, chemin, champs | {"titre": titre, "source": "agent"})

    def deposer(self) -> None:
        chemin, cle = f"{self.lieu['dossier']}piece/", f"Pièce {self.name}-{self.rang}"
        octets = b"%PDF-1.7\n" + self.hasard.randbytes(200_000) + b"\n%%EOF\n"
        champs = lire(self.navigateur.page(chemin), "libelle") | {"libelle": cle}
        self.compte.empreintes[cle] = hashlib.sha256(octets).hexdigest()
        self._agir("pièce déposée", cle, chemin, champs, (f"{self.rang}.pdf", octets))

    def saisir(self) -> None:
        chemin = f"/c/{self.lieu['siren']}/registre/{self.lieu['fiche']}/etape/1/"
        champs = lire(self.navigateur.page(chemin), "p-description")
        texte = f"Étape {self.name}-{self.rang}"
        self._agir("étape enregistrée", self.name, chemin, champs | {"p-description": texte})
        self.compte.derniere_etape = texte

    def relire(self) -> None:
        """Une pièce au hasard du dossier revient telle qu’un dépôt l’a envoyée."""
        page = self.navigateur.page(self.lieu["dossier"])
        if trouvees := PIECE.findall(page):
            chemin = f"/c/{self.lieu['siren']}/pieces/{self.hasard.choice(trouvees)}/"
            statut, _, contenu = self.navigateur.demander("GET", chemin)
            if statut != 200 or hashlib.sha256(contenu).hexdigest() not in self.compte.empreintes.values():
                raise Inattendue(f"GET {chemin} : {statut}, ou un autre contenu")
            self.compte.lectures += 1
