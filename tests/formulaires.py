"""Les formulaires d’une page, tels qu’un navigateur les enverrait."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.urls import Resolver404, resolve


@dataclass
class Champ:
    """``offertes`` : les valeurs que la page propose ; ``envoyees`` : celles qui partent telles quelles."""

    offertes: set[str] = field(default_factory=set)
    envoyees: list[str] = field(default_factory=list)
    fichier: bool = False


@dataclass
class Formulaire:
    """``nom`` : celui de l’adresse qui reçoit l’envoi."""

    adresse: str
    nom: str
    champs: dict[str, Champ] = field(default_factory=dict)

    def champ(self, nom: str) -> Champ:
        return self.champs.setdefault(nom, Champ())

    def donnees(self) -> dict[str, list[str]]:
        """Ce qui part quand on envoie le formulaire sans rien toucher."""
        return {nom: list(champ.envoyees) for nom, champ in self.champs.items() if champ.envoyees}


class _Lecteur(HTMLParser):
    """Ne retient que les formulaires envoyés (POST) et les champs qui proposent une valeur ou un texte."""

    def __init__(self, page: str):
        super().__init__()
        self.page, self.formulaires, self.par_id = page, [], {}
        self.courant = self.liste = self.zone = None

    def handle_starttag(self, balise, attributs):
        a = {nom: valeur if valeur is not None else "" for nom, valeur in attributs}
        if balise == "form":
            self._ouvrir(a)
        elif balise == "option" and self.liste is not None:
            self._option(a)
        elif (formulaire := self._de(a)) is not None and a.get("name"):
            getattr(self, f"_{balise}", lambda *_: None)(formulaire.champ(a["name"]), a)

    def handle_endtag(self, balise):
        if balise == "form":
            self.courant = None
        elif balise == "select":
            self.liste = None
        elif balise == "textarea" and self.zone is not None:
            self.zone.envoyees = ["".join(self.zone.envoyees).removeprefix("\n")]
            self.zone = None

    def handle_data(self, texte):
        if self.zone is not None:
            self.zone.envoyees.append(texte)

    def _ouvrir(self, a):
        self.courant = None
        adresse = a.get("action", "").split("#")[0] or self.page
        if a.get("method", "get").lower() != "post":
            return
        try:
            nom = resolve(adresse.split("?")[0]).view_name
        except Resolver404:
            return
        self.courant = Formulaire(adresse, nom)
        self.formulaires.append(self.courant)
        self.par_id[a.get("id", "")] = self.courant

    def _de(self, a) -> Formulaire | None:
        return self.par_id.get(a["form"]) if "form" in a else self.courant

    def _input(self, champ, a):
        genre, valeur = a.get("type", "text"), a.get("value", "")
        champ.fichier = champ.fichier or genre == "file"
        if genre in ("checkbox", "radio"):
            champ.offertes.add(valeur)
            if "checked" in a:
                champ.envoyees.append(valeur)
        elif genre == "hidden":
            champ.offertes.add(valeur)
            champ.envoyees.append(valeur)
        elif genre != "file":
            champ.envoyees.append(valeur)

    def _button(self, champ, a):
        champ.offertes.add(a.get("value", ""))

    def _textarea(self, champ, a):
        self.zone = champ

    def _select(self, champ, a):
        self.liste = champ

    def _option(self, a):
        valeur = a.get("value", "")
        self.liste.offertes.add(valeur)
        if "selected" in a or not self.liste.envoyees:
            self.liste.envoyees = [valeur]


def lire_formulaires(page: str, html: str) -> list[Formulaire]:
    """Les formulaires d’une page ; ``page`` est son adresse, pour ceux qui s’envoient à elle-même."""
    lecteur = _Lecteur(page)
    lecteur.feed(html)
    lecteur.close()
    return lecteur.formulaires
