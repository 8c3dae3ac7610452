"""Un formulaire de page, rempli comme un navigateur le ferait, et l’envoi d’un fichier."""

import uuid
from html.parser import HTMLParser


class _Lecteur(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.formulaires: list[dict[str, str]] = []
        self.courant: dict[str, str] | None = None
        self.zone = self.liste = ""

    def handle_starttag(self, balise, attributs):
        a = {nom: valeur or "" for nom, valeur in attributs}
        if balise == "form":
            self.courant = {} if a.get("method", "").lower() == "post" else None
            if self.courant is not None:
                self.formulaires.append(self.courant)
        elif self.courant is not None:
            self._champ(balise, a)

    def _champ(self, balise, a):
        nom = a.get("name", "")
        if balise == "textarea":
            self.zone = nom
            self.courant[nom] = ""
        elif balise == "select":
            self.liste = nom
        elif balise == "option" and self.liste:
            if "selected" in a or self.liste not in self.courant:
                self.courant[self.liste] = a.get("value", "")
        elif balise == "input" and nom and self._part(a):
            self.courant[nom] = a.get("value", "")

    @staticmethod
    def _part(a) -> bool:
        genre = a.get("type", "text")
        return "checked" in a if genre in {"checkbox", "radio"} else genre not in {"file", "submit"}

    def handle_data(self, texte):
        if self.zone and self.courant is not None:
            self.courant[self.zone] += texte

    def handle_endtag(self, balise):
        if balise == "form":
            self.courant = None
        elif balise == "textarea":
            self.zone = ""
        elif balise == "select":
            self.liste = ""


def lire(page: str, champ: str) -> dict[str, str]:
    """Ce que la page enverrait sans rien toucher, dans le formulaire qui porte ce champ.

    :raises LookupError: si aucun ne le porte.
    """
    lecteur = _Lecteur()
    lecteur.feed(page)
    for formulaire in lecteur.formulaires:
        if champ in formulaire:
            return formulaire
    raise LookupError(f"aucun formulaire de la page ne porte « {champ} »")


def avec_fichier(champs: dict[str, str], champ: str, nom: str, octets: bytes) -> tuple[str, bytes]:
    """(type, corps) d’un envoi de formulaire avec un fichier."""
    borne = uuid.uuid4().hex
    parties = [
        f'--{borne}\r\nContent-Disposition: form-data; name="{cle}"\r\n\r\n{valeur}\r\n'.encode()
        for cle, valeur in champs.items()
    ]
    entete = f'--{borne}\r\nContent-Disposition: form-data; name="{champ}"; filename="{nom}"\r\n'
    parties.append(f"{entete}Content-Type: application/pdf\r\n\r\n".encode() + octets)
    corps = b"".join(parties) + f"\r\n--{borne}--\r\n".encode()
    return f"multipart/form-data; boundary={borne}", corps
