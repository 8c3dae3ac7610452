"""Ce que donne un fichier relu : des fiches, et ce qu’il faut en dire à qui l’a déposé."""

from dataclasses import dataclass, field

from registre.regles.contenu import Fiche


@dataclass(frozen=True, slots=True)
class Constat:
    """Une phrase et l’endroit du fichier dont elle parle : « feuille 5 Cantine, ligne 12 »."""

    lieu: str
    message: str


@dataclass(frozen=True, slots=True)
class FicheLue:
    lieu: str
    fiche: Fiche


@dataclass(slots=True)
class Lecture:
    """``erreurs`` : à corriger dans le fichier, rien n’est écrit tant qu’il en reste ; ``avertissements`` :
    à relire. ``siren`` et ``nature`` : ce que le fichier dit de lui-même, vides s’il ne le dit pas.
    """

    fiches: list[FicheLue] = field(default_factory=list)
    erreurs: list[Constat] = field(default_factory=list)
    avertissements: list[Constat] = field(default_factory=list)
    siren: str = ""
    nature: str = ""

    def erreur(self, lieu: str, message: str) -> None:
        self.erreurs.append(Constat(lieu, message))

    def avertir(self, lieu: str, message: str) -> None:
        self.avertissements.append(Constat(lieu, message))


class Illisible(ValueError):
    """Une cellule qui ne se lit pas ; le message dit à son auteur quoi faire."""
