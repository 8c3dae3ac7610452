"""Ranger dans le registre ce qu’une commune a écrit à sa façon : rien n’est perdu, tout doute est dit."""

import re
from dataclasses import dataclass, field
from types import MappingProxyType

from dpd.regles.texte import normaliser
from dpd.vocabulaire import VULNERABLES
from registre.exports.champs import mot
from registre.forms.destinataires import INTERNES
from registre.imports.codes import chercher
from registre.imports.durees import lire_duree
from registre.imports.modele import Lecture
from registre.imports.mots import deviner, est_neant, separer
from registre.regles.contenu import (
    Duree,
    LigneDestinataire,
    LigneDonnees,
    LigneMesure,
    LignePersonnes,
    LignePrestataire,
    LigneTransfert,
)

AUTRES_PERSONNES = "tiers-correspondants"
_PARENTHESES = re.compile(r"\s*\([^)]*\)")
_PIECES = re.compile(r"[\n;,]")


@dataclass(slots=True)
class Rangement:
    """Les lignes d’une fiche qui n’ont pas nos colonnes ; ``a_ranger`` : ce qui va dans la description."""

    lecture: Lecture
    a_ranger: list[str] = field(default_factory=list)

    def donnees(
        self, lieu: str, categorie: str, description: str, delai: str, sort: str = ""
    ) -> LigneDonnees:
        """Une ligne de données et son délai en texte libre ; illisible, il reste dans la description."""
        duree = Duree() if est_neant(delai) else lire_duree(delai)
        if duree is None:
            self.lecture.avertir(
                lieu, f"Durée à reprendre\u00a0: «\u00a0{delai}\u00a0» est gardé dans la description."
            )
            description = f"{description} (durée\u00a0: {delai})".strip()
        return LigneDonnees(categorie, description, duree or Duree(), sort_final=sort)

    def personnes(self, lieu: str, texte: str, precision: str = "") -> LignePersonnes | None:
        if est_neant(texte) and est_neant(precision):
            return None
        code, reste = separer("categories_personnes", texte)
        if not code:
            code = deviner("categories_personnes", f"{texte} {precision}") or AUTRES_PERSONNES
            self.douter(lieu, texte or precision, "categories_personnes", code)
        return LignePersonnes(code, _joindre(reste, precision), code in VULNERABLES)

    def destinataire(self, lieu: str, type_: str, texte: str) -> LigneDestinataire | LignePrestataire | None:
        """Un destinataire, ou un sous-traitant si c’en est un ; None s’il n’a pu être rangé."""
        if est_neant(texte) and est_neant(type_):
            return None
        genre = normaliser(type_)
        if "sous traitant" in genre:
            return self.prestataire(lieu, texte)
        code, precision = separer("destinataires", texte)
        if not code:
            defaut = "services" if "interne" in genre else ""
            code, precision = deviner("destinataires", texte) or defaut, texte
            self.douter(lieu, texte or type_, "destinataires", code, "gardé dans la description")
        if not code:
            self.a_ranger.append(f"Destinataire\u00a0: {_joindre(type_, texte)}")
            return None
        return LigneDestinataire("interne" if code in INTERNES else "externe", code, precision)

    def prestataire(self, lieu: str, texte: str) -> LignePrestataire | None:
        """« nom : type », ou un nom seul dont le type reste à choisir."""
        if est_neant(texte):
            return None
        if code := chercher("sous_traitants", texte):
            return LignePrestataire(code)
        nom, deux_points, type_ = texte.rpartition(":")
        code = chercher("sous_traitants", type_) if deux_points else None
        if code:
            return LignePrestataire(code, nom.strip())
        self.lecture.avertir(lieu, f"Choisissez le type du prestataire «\u00a0{texte}\u00a0».")
        return LignePrestataire("", texte)

    def mesures(self, lieu: str, texte: str, precision: str = "") -> list[LigneMesure]:
        """Une mesure, ou plusieurs séparées par des virgules ; ce qui n’est pas reconnu reste écrit."""
        if est_neant(texte) and est_neant(precision):
            return []
        code, reste = separer("mesures_securite", texte)
        if code:
            return [LigneMesure(code, _joindre(reste, precision))]
        lignes: list[LigneMesure] = []
        morceaux = (morceau.strip() for morceau in _PIECES.split(_joindre(texte, precision)))
        for morceau in filter(None, morceaux):
            code = deviner("mesures_securite", morceau)
            if code or not lignes:
                self.douter(lieu, morceau, "mesures_securite", code, "gardé sans catégorie")
                lignes.append(LigneMesure(code, morceau))
            else:
                lignes[-1] = LigneMesure(lignes[-1].mesure, f"{lignes[-1].precision}, {morceau}")
        return lignes

    def transfert(
        self, lieu: str, destinataire: str, pays: str, garanties: str, lien: str
    ) -> LigneTransfert | None:
        if est_neant(destinataire) and est_neant(pays):
            return None
        code = chercher("pays", _PARENTHESES.sub("", pays)) or PAYS_COURANTS.get(normaliser(pays), "")
        if pays.strip() and not code:
            self.lecture.avertir(
                lieu, f"Pays à choisir\u00a0: «\u00a0{pays}\u00a0» n’est pas un pays hors d’Europe."
            )
            destinataire = _joindre(destinataire, f"({pays})", " ")
        outil = chercher("outils_transfert", garanties) or deviner("outils_transfert", garanties)
        if not est_neant(garanties) and not outil:
            self.lecture.avertir(lieu, f"Garantie à choisir\u00a0: «\u00a0{garanties}\u00a0».")
            lien = _joindre(garanties, lien)
        return LigneTransfert(destinataire, code, outil, lien)

    def douter(self, lieu: str, texte: str, vocabulaire: str, code: str, sinon: str = "") -> None:
        """Dit où un texte a été rangé sans certitude, ou ce qu’il est devenu."""
        ou = f"rangé dans «\u00a0{mot(vocabulaire, code)}\u00a0»" if code else sinon
        self.lecture.avertir(lieu, f"«\u00a0{texte}\u00a0» est {ou}\u00a0: vérifiez.")


PAYS_COURANTS = MappingProxyType(
    {"usa": "US", "etats unis d amerique": "US", "royaume uni": "GB", "angleterre": "GB"}
)


def _joindre(une: str, autre: str, lien: str = ", ") -> str:
    return lien.join(partie for partie in (une.strip(), autre.strip()) if partie)
