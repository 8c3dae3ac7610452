"""Une fiche telle qu’on l’exporte : tout ce que disent les cinq formats, sans base ni requête."""

from dataclasses import dataclass
from datetime import datetime

from dpd.regles.typographie import INSECABLE, date_courte, enumeration
from registre.libelles import libelle
from registre.regles.completude import CRITERES, Manque
from registre.regles.contenu import Fiche

SECURITE = "g"


@dataclass(frozen=True, slots=True)
class AvisRendu:
    """Le conseil du DPD (art. 39-1 a) et la version qu’il concerne."""

    version: int
    sens: str
    texte: str
    reserves: tuple[str, ...]
    par: str
    le: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """La décision du responsable : adoption, suite donnée à l’avis, abrogation éventuelle."""

    version: int
    par: str
    le: datetime
    suite: str
    motif: str
    abrogee_le: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionResumee:
    """``par`` : qui l’a adoptée, vide si elle ne l’est pas ; ``suite`` : ce qui s’ajoute à la phrase."""

    numero: int
    le: datetime
    objet: str
    par: str = ""
    suite: str = ""

    @property
    def phrase(self) -> str:
        auteur = f" par {self.par}" if self.par else ""
        return f"{self.objet}{auteur}{self.suite}"


@dataclass(frozen=True, slots=True)
class FicheExportee:
    """Une version et son entourage, instants dans le fuseau de l’organisme.

    ``communicable`` : ce qui n’est pas communicable en a déjà été retiré (CRPA, L. 311-5 et L. 311-6).
    """

    reference: int
    numero: int
    etat: str
    contenu: Fiche
    manquants: tuple[Manque, ...]
    empreinte: str
    cree_le: datetime
    modifie_le: datetime
    adoptee_le: datetime | None
    avis: AvisRendu | None
    decision: Decision | None
    versions: tuple[VersionResumee, ...]
    communicable: bool = False

    @property
    def titre(self) -> str:
        return self.contenu.nom

    @property
    def lettres(self) -> str:
        return "".join(manque.lettre for manque in self.manquants)

    def manque(self, lettre: str) -> str:
        """La phrase qui nomme ce qui manque à un élément de l’article 30, ou vide."""
        return next((m.phrase for m in self.manquants if m.lettre == lettre), "")

    @property
    def etat_dit(self) -> str:
        """« Brouillon, non adopté », « Adoptée le 12 mars 2026 »…"""
        if self.etat == "adoptee" and self.adoptee_le:
            return f"Adoptée le {date_courte(self.adoptee_le.date())}"
        return ETATS_DITS.get(self.etat, self.etat)

    @property
    def elements_dits(self) -> str:
        """« 6 sur 7 (manque f) » ; sans la sécurité dans la version communicable."""
        total = len(CRITERES) - self.communicable
        manque = f" (manque {enumeration(tuple(self.lettres))})" if self.manquants else ""
        note = ", hors sécurité" if self.communicable else ""
        return f"{total - len(self.manquants)} sur {total}{note}{manque}"

    @property
    def base_principale(self) -> str:
        """Le libellé de la base légale de la finalité principale, ou de la première."""
        principales = [f for f in self.contenu.finalites if f.principale] or list(self.contenu.finalites)
        return libelle("bases_legales", principales[0].base_legale) if principales else ""


ETATS_DITS = {
    "brouillon": "Brouillon, non adopté",
    "transmise": "Avis attendu, non adoptée",
    "avis_rendu": "Décision attendue, non adoptée",
    "adoptee": "Adoptée",
    "remplacee": "Remplacée",
    "abrogee": "Abrogée",
}


def numero_de_fiche(fiche: FicheExportee) -> str:
    """« n° 5, version 3 »."""
    return f"n°{INSECABLE}{fiche.reference}, version {fiche.numero}"
