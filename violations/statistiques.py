"""Les statistiques annuelles d’un registre des violations, et les repères publiés par la CNIL."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from django.db.models import Exists, OuterRef, QuerySet

from dpd.regles.typographie import INSECABLE, nombre
from violations.enums import EtatViolation, NatureViolation
from violations.models import InformationFaite
from violations.regles.statistiques import Bilan, Fait, Suite, bilans

_FICHIER = Path(__file__).resolve().parent / "donnees" / "reperes_cnil.yaml"
PREUVES = {
    "V": "lu dans la publication même",
    "V2": "lu dans des reprises publiques, pas dans la publication même",
    "": "",
}
CHAMPS = (
    *("annee", *NatureViolation.values, "origine", "cause", "personnes_min", "personnes_max"),
    *("etat", "notifiee_le", "echeance_notification", "notification_ecartee", "informee"),
)


@dataclass(frozen=True, slots=True)
class Repere:
    """``valeur`` vide : la CNIL la publie peut-être, on ne l’a pas lue ; elle ne se devine pas."""

    cle: str
    libelle: str
    annee: int | None
    valeur: int | None
    unite: str
    source: str
    adresse: str
    preuve: str

    @property
    def dite(self) -> str:
        """« 5 629 », « +20 % » ; vide si l’on ne sait pas."""
        if self.valeur is None:
            return ""
        signe = "+" if self.cle == "evolution" and self.valeur > 0 else ""
        return f"{signe}{nombre(self.valeur)}{INSECABLE + self.unite if self.unite else ''}"


@cache
def reperes() -> tuple[Repere, ...]:
    """Ceux du fichier livré, chacun avec sa source."""
    lus = yaml.safe_load(_FICHIER.read_text("utf-8"))["reperes"]
    return tuple(
        Repere(**{cle: valeur for cle, valeur in lu.items() if cle != "statut"}, preuve=PREUVES[lu["statut"]])
        for lu in lus
    )


def lire_bilans(requete: QuerySet, maintenant: datetime) -> dict[int, Bilan]:
    """{année: bilan} des violations de ``requete``, en une lecture."""
    faites = InformationFaite.objects.filter(violation=OuterRef("pk"))
    lignes = requete.annotate(informee=Exists(faites)).order_by().values(*CHAMPS)
    return bilans(_fait(ligne, maintenant) for ligne in lignes.iterator(1000))


def _fait(ligne: dict, maintenant: datetime) -> Fait:
    return Fait(
        annee=ligne["annee"],
        natures=[nature for nature in NatureViolation.values if ligne[nature]],
        origine=ligne["origine"],
        cause=ligne["cause"],
        suite=suite_de(ligne, maintenant),
        informees=ligne["informee"],
        personnes_min=ligne["personnes_min"],
        personnes_max=ligne["personnes_max"],
    )


def suite_de(ligne: dict, maintenant: datetime) -> Suite:
    """Où en sont les 72 heures d’une violation."""
    notifiee, echeance = ligne["notifiee_le"], ligne["echeance_notification"]
    if notifiee is not None:
        return Suite.DANS_LES_TEMPS if notifiee <= echeance else Suite.EN_RETARD
    if ligne["notification_ecartee"] or ligne["etat"] == EtatViolation.CLOSE:
        return Suite.ECARTEE
    return Suite.EN_COURS if maintenant <= echeance else Suite.DEPASSEE
