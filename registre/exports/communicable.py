"""La version communicable à toute personne : ce qui en est retiré, et pourquoi.

Le registre d’une personne publique est un document administratif (CRPA, L. 311-1). En sont occultés ce
qui toucherait à la sécurité des systèmes d’information (L. 311-5, 2° d) et ce qui n’est communicable
qu’à l’intéressé (L. 311-6) : les noms des agents, et avec eux l’avis et la décision nominatifs. Le
représentant légal, élu, reste nommé. L’occultation se fait une fois, avant toute mise en forme.
"""

from dataclasses import dataclass, replace

from dpd.regles.texte import normaliser
from registre.exports.instantane import SECURITE, FicheExportee
from registre.exports.organisme import Organisme
from registre.regles.contenu import Responsable

NATURE = "Version communicable"
FONCTION_DPD = "Délégué à la protection des données"
AVERTISSEMENT = (
    "Version communicable à toute personne\u00a0: les mesures de sécurité (CRPA, art. L.\u00a0311-5, "
    "2°\u00a0d), l’avis, la décision et les noms d’agents (art. L.\u00a0311-6) en sont retirés."
)
MESURES_RETIREES = (
    "Retirées de cette version\u00a0: les publier porterait atteinte à la sécurité des systèmes "
    "d’information (CRPA, art. L.\u00a0311-5, 2°\u00a0d)."
)
AVIS_RETIRES = (
    "Retirés de cette version\u00a0: ils nomment des agents et ne se communiquent qu’à eux "
    "(CRPA, art. L.\u00a0311-6)."
)
LETTRES_D_UNE_PARTICULE = 3  # « de », « le », « von » ne disent pas un nom


@dataclass(frozen=True, slots=True)
class DpdPublic:
    """Comment nommer le DPD sans nommer une personne : la structure désignée reste, la personne non."""

    structure: str
    organisme: str

    def nom(self, dpd: str) -> str:
        return dpd if not dpd or normaliser(dpd) == normaliser(self.structure) else FONCTION_DPD

    def coordonnees(self, dpd: str, coordonnees: str) -> str:
        """Les coordonnées sans le nom de la personne, fût-il dans son adresse électronique."""
        if self.nom(dpd) == dpd:
            return coordonnees
        structure = normaliser(self.structure)
        gardees = [
            partie
            for partie in coordonnees.split(", ")
            if normaliser(partie) == structure or not _nomme(partie, dpd)
        ]
        return ", ".join(gardees) or (f"À demander à {self.organisme}" if coordonnees else "")

    def responsable(self, responsable: Responsable) -> Responsable:
        return replace(
            responsable,
            dpd=self.nom(responsable.dpd),
            dpd_coordonnees=self.coordonnees(responsable.dpd, responsable.dpd_coordonnees),
        )


def _nomme(texte: str, personne: str) -> bool:
    """Vrai si un mot du nom s’y lit, même collé à d’autres lettres : « nroucoules@… »."""
    serre = normaliser(texte).replace(" ", "")
    return any(mot in serre for mot in normaliser(personne).split() if len(mot) > LETTRES_D_UNE_PARTICULE)


def occulter_organisme(organisme: Organisme, dpd: DpdPublic) -> Organisme:
    """L’organisme dont le DPD, s’il est une personne, n’a plus que sa fonction."""
    return replace(
        organisme,
        dpd=dpd.nom(organisme.dpd),
        dpd_coordonnees=dpd.coordonnees(organisme.dpd, organisme.dpd_coordonnees),
        communicable=True,
    )


def occulter(fiche: FicheExportee, dpd: DpdPublic) -> FicheExportee:
    """La fiche sans mesures de sécurité, ni avis, ni décision, ni nom d’agent."""
    contenu = replace(fiche.contenu, mesures=(), responsable=dpd.responsable(fiche.contenu.responsable))
    return replace(
        fiche,
        contenu=contenu,
        manquants=tuple(m for m in fiche.manquants if m.lettre != SECURITE),
        avis=None,
        decision=None,
        versions=tuple(replace(version, par="") for version in fiche.versions),
        communicable=True,
    )
