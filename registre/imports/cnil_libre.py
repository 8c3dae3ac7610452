"""Les lignes d’une fiche CNIL remplie à la main : libellés du modèle seuls, délais en toutes lettres."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dpd.regles.texte import normaliser
from registre.exports.correspondance_cnil import ORDINAIRES, SENSIBLES
from registre.imports.codes import chercher, lire_base_legale
from registre.imports.libre import Rangement
from registre.imports.modele import Illisible, Lecture
from registre.imports.mots import deviner, est_neant
from registre.regles.contenu import LigneFinalite, LignePrestataire

DESCRIPTIONS = ("description", "type", "mesure", "categorie", "finalite")
DELAIS = ("delai", "duree")
FAMILLES = (*ORDINAIRES, *SENSIBLES)


class BlocsLibres:
    """Reçoit les lignes sans rang, bloc par bloc, et les range."""

    def __init__(self, lecture: Lecture):
        self.lecture = lecture
        self.rangement = Rangement(lecture)
        self.lignes: dict[str, list[Any]] = defaultdict(list)
        self.coresponsables = ""
        self.reponses: set[str] = set()  # blocs où l’on a écrit qu’il n’y avait rien

    def ligne(
        self, bloc: str, lieu: str, etiquette: str, colonnes: Mapping[str, int], cellules: Sequence[str]
    ) -> None:
        """Range une ligne du bloc ; une ligne vide ou « Néant » est passée."""
        remplies = [c for c in cellules if c.strip()]
        if not remplies:
            return
        if est_neant(remplies[0]):
            self.reponses.add(bloc if bloc != "acteurs" else normaliser(etiquette))
        getattr(self, f"_{bloc}")(lieu, etiquette, _Cellules(colonnes, cellules))

    def simples(self, transferts: bool) -> dict[str, str]:
        """Ce que le modèle dit hors de ses lignes, et ce qui n’a pu y être rangé."""
        aucun = "aucun" if "transferts" in self.reponses else ""
        conjoint = any(mot.startswith("responsable s conjoint") for mot in self.reponses)
        return {
            "description": "\n".join(self.rangement.a_ranger),
            "coresponsables": self.coresponsables,
            "coresponsables_reponse": "oui" if self.coresponsables else "aucun" if conjoint else "",
            "transferts_reponse": "oui" if transferts else aucun,
        }

    def _acteurs(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        if normaliser(etiquette).startswith("responsable s conjoint"):
            remplies = [c for c in cellules.toutes if not est_neant(c)]
            self.coresponsables = ", ".join(remplies)

    def _finalites(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        libelle = cellules.de("finalite", "description") or cellules.premiere
        if est_neant(libelle):
            return
        principale = normaliser(etiquette).startswith("finalite principale") or not self.lignes["finalites"]
        try:
            base = lire_base_legale(cellules.de("base legale"))
        except Illisible as faute:
            self.lecture.erreur(lieu, str(faute))
            return
        self.lignes["finalites"].append(LigneFinalite(libelle, base, cellules.de("texte"), principale))

    def _mesures(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        texte = cellules.de("mesure", "type", "description") or cellules.premiere
        precision = cellules.de("precisions") if texte != cellules.de("precisions") else ""
        self.lignes["mesures"].extend(self.rangement.mesures(lieu, texte, precision))

    def _donnees(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        description, delai = cellules.de("description"), cellules.de(*DELAIS)
        if not cellules.colonnes:
            description, delai = (*cellules.remplies, "", "")[:2]
        if est_neant(description) and est_neant(delai):
            return
        code = _categorie(etiquette)
        if not code:
            code = deviner("categories_donnees", f"{etiquette} {description}") or "vie-personnelle"
            self.rangement.douter(lieu, etiquette, "categories_donnees", code)
        self.lignes["donnees"].append(self.rangement.donnees(lieu, code, description, delai))

    _sensibles = _donnees

    def _personnes(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        texte = cellules.de("description", "type", "categorie") or cellules.premiere
        precision = cellules.de("precisions") if texte != cellules.de("precisions") else ""
        if ligne := self.rangement.personnes(lieu, texte, precision):
            self.lignes["personnes"].append(ligne)

    def _destinataires(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        type_, texte = cellules.de("type"), cellules.de("precisions", "description", "destinataire")
        ligne = self.rangement.destinataire(lieu, type_, texte or type_ or cellules.premiere)
        if ligne is not None:
            cle = "prestataires" if isinstance(ligne, LignePrestataire) else "destinataires"
            self.lignes[cle].append(ligne)

    def _prestataires(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        nom, type_ = cellules.de("nom"), cellules.de("type")
        texte = f"{nom}\u00a0: {type_}" if nom and type_ else nom or type_ or cellules.premiere
        if ligne := self.rangement.prestataire(lieu, texte):
            self.lignes["prestataires"].append(ligne)

    def _transferts(self, lieu: str, etiquette: str, cellules: "_Cellules") -> None:
        ligne = self.rangement.transfert(
            lieu,
            cellules.de("destinataire", "organisme") or ("" if cellules.colonnes else cellules.premiere),
            cellules.de("pays"),
            cellules.de("type de garantie", "garantie"),
            cellules.de("lien", "documentation"),
        )
        if ligne is not None:
            self.lignes["transferts"].append(ligne)


class _Cellules:
    """Une ligne et ses colonnes : « de » cherche par début de titre."""

    def __init__(self, colonnes: Mapping[str, int], cellules: Sequence[str]):
        self.colonnes, self.toutes = colonnes, cellules
        self.remplies = tuple(c for c in cellules if c.strip())
        self.premiere = self.remplies[0] if self.remplies else ""

    def de(self, *debuts: str) -> str:
        """La cellule de la première colonne dont le titre commence ainsi ; vide sinon."""
        for debut in debuts:
            for titre, rang in self.colonnes.items():
                if titre.startswith(debut) and rang < len(self.toutes):
                    return self.toutes[rang].strip()
        return ""


def _categorie(etiquette: str) -> str:
    """Notre code de repli pour une famille de la CNIL, ou le code exact d’un de nos libellés."""
    mot = normaliser(etiquette)
    famille = next((f for f in FAMILLES if any(m in mot for m in f.mots)), None)
    return famille.repli if famille else chercher("categories_donnees", etiquette) or ""
